"""Puts a built package into an account: artifacts bucket, change set, what comes of it."""
