"""One suite for every implementation of a port: the in-memory twin and the real adapter."""
