"""Faults, put where no emulator puts them: proves that a reference shown is never lost.

`python -m tests.faults` prints the figures of the full size; pytest runs the same code smaller.
"""
