"""Makes a fresh clone ready: standard library only, as nothing is installed yet."""
