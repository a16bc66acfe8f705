"""Looks at a running service from outside, as anybody could, and says what is not as it must be."""
