"""The edges: the only modules that may import an AWS client."""
