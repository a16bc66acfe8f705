"""Where somebody goes on after signing in: always a page of the staff's, never another site."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from chalicelib.web.http import Request

HOME = "/staff"
LONGEST = 500
# No "//", backslash, colon or control character can be in it, so it is a path to every browser.
_PATH = re.compile(r"/staff(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?(?:\?[A-Za-z0-9._~%&=+-]*)?")
# Going back there would sign in once more, or out.
_NO_PLACE = re.compile(r"/staff/(?:sign|signed)-[a-z-]+(?:[/?].*)?")
# A file would be saved by the browser, which then stays on the provider's page: the page that
# offers it comes instead.
_FILES = (
    (re.compile(r"(/staff/cases/[^/]+)/(?:case\.csv|case\.json|calendar\.ics)"), r"\1/export"),
    (re.compile(r"/staff/(?:calendar\.ics|export/(?:register|audit))"), "/staff/export"),
    (re.compile(r"/staff/statistics\.csv"), "/staff/statistics"),
)


def safe_return(path: str) -> str:
    """The path if it is one of a staff page, else where staff begin."""
    if len(path) > LONGEST or not _PATH.fullmatch(path) or _NO_PLACE.fullmatch(path):
        return HOME
    return path


def asked_for(request: Request) -> str:
    """The page that a request is for, with its query; of a file, the page that offers it."""
    for file, page in _FILES:
        if file.fullmatch(request.path):
            return safe_return(file.sub(page, request.path))
    query = urlencode(request.query)
    return safe_return(f"{request.path}?{query}" if query else request.path)
