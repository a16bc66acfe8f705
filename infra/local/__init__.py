"""The whole system on one machine: the packaged template on an embedded AWS, and a front."""
