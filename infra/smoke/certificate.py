"""The certificate and TLS version of an https address."""

from __future__ import annotations

import socket
import ssl
import time
from urllib.parse import urlsplit

SECONDS = 10
LEAST_DAYS = 14
_DAY = 86_400


def certificate_fault(base: str) -> tuple[str | None, str]:
    """What is amiss, if anything, and what was found."""
    parts = urlsplit(base)
    host, port = parts.hostname or "", parts.port or 443
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        with (
            socket.create_connection((host, port), timeout=SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            certificate, version = secure.getpeercert() or {}, secure.version()
    except ssl.SSLCertVerificationError as error:
        return f"the certificate is refused: {error.verify_message}", ""
    except (OSError, ValueError) as error:  # ssl.SSLError too; a name that cannot be written
        return f"no TLS connection: {type(error).__name__}", ""
    until = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    days = int((until - time.time()) // _DAY)
    if days < LEAST_DAYS:
        return f"the certificate ends in {days} days", ""
    return None, f"{version}, the certificate is good for {days} days"
