"""The `casereview` command: what a business manager or ops does to an instance from a terminal.

One file a group of commands, put together in `__main__.py`. Documented in docs/casereview.md.
"""
