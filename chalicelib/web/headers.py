"""The headers that every response carries (OWASP ASVS 5.0, 3.4 and 14.3)."""

from __future__ import annotations

from chalicelib.web.http import Request, Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    # same-origin, not no-referrer: with the latter a browser posts `Origin: null`.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"


def secured(request: Request, response: Response) -> Response:
    """The response with the headers above; what a handler set itself is kept."""
    headers = {**ALWAYS, "Cache-Control": "no-store"}
    if request.secure:
        headers["Strict-Transport-Security"] = TWO_YEARS
    headers.update(response.headers)
    return response.with_headers({name: _one_line(value) for name, value in headers.items()})


def _one_line(value: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("a header value holds a control character")
    return value
