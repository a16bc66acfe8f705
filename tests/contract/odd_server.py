"""A server on this machine that answers as no server should."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def odd_server(kind: str, most: int) -> Iterator[str]:
    """Its address, while it runs; of kind `refused` when it does not run any more."""

    class Odd(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302 if kind == "moved" else 200)
            if kind == "moved":
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            length = {"large": most + 1, "cut": 100, "moved": 0}[kind]
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(b"x" * (10 if kind == "cut" else length))

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        url = f"http://127.0.0.1:{server.server_port}/x"
        if kind == "refused":
            server.server_close()
            yield url
            return
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield url
        server.shutdown()
