"""The models of SES and Scheduler behind HTTP, for workers in processes of their own."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from tests.faults.mail_rules import MailRules
from tests.faults.scheduler_rules import SchedulerRules
from tests.faults.wire import Model, asked

_SCHEDULES = {
    "POST": "CreateSchedule",
    "PUT": "UpdateSchedule",
    "DELETE": "DeleteSchedule",
    "GET": "ListSchedules",
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    mail: Model
    scheduler: Model
    lock: threading.Lock


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        server = cast(_Server, self.server)
        schedules = self.path.startswith("/schedules")
        operation = _SCHEDULES[self.command] if schedules else "SendEmail"
        model = server.scheduler if schedules else server.mail
        with server.lock:
            answer = model(asked(operation, self.path, body))
        given = json.dumps(answer.body if not answer.error else {"message": "made up"}).encode()
        self.send_response(answer.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(given)))
        if answer.error:
            self.send_header("x-amzn-ErrorType", answer.error)
        self.end_headers()
        self.wfile.write(given)

    do_GET = do_POST = do_PUT = do_DELETE = _answer

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""

    def handle(self) -> None:
        # A worker that was killed leaves its connection broken.
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


@contextmanager
def serving_models(mail: MailRules, scheduler: SchedulerRules) -> Iterator[str]:
    """The models' address, while they are served."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.mail, server.scheduler, server.lock = mail, scheduler, threading.Lock()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
