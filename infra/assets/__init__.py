"""Builds the stylesheet and script that pages link to, from chalicelib/web/assets."""
