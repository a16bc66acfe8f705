"""Measurements that a person starts; none of them ever fails by time."""
