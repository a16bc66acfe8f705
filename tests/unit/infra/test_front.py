"""The front passes requests on as they are, and shows what would have left the machine."""

from __future__ import annotations

import gzip
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from infra.local.front import Front
from infra.local.mailbox import File, Mail
from infra.local.schedules import FireError, NoSchedule, Schedule
from infra.local.upstream import Upstream

FILE = File("SUF-1.ics", "text/calendar", "QkVHSU46w6kNCg==")  # BEGIN:é and a line end
MAIL = Mail(
    "m1", "from@x.example", "team@x.example", "New <b>", "Text", "<p>Hi</p>", "2026-01-01Z", (FILE,)
)
SCHEDULE = Schedule("SUF-1-ack", "2026-01-02T09:00:00Z", {"reference": "SUF-1"})


class Api(BaseHTTPRequestHandler):
    """Answers as the deployed API might, and remembers what it was asked."""

    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Api.asked.append({"path": self.path, "body": body, "headers": self.headers})
        self.send_response(303 if "redirect" in self.path else 200)
        self.send_header("Location", "/adult/next")
        self.send_header("Set-Cookie", "a=1; Path=/")
        self.send_header("Set-Cookie", "b=2; Path=/")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        content = b"" if "redirect" in self.path else b"<p>hello</p>" * 500
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        return


class FakeMailbox:
    def mails(self) -> list[Mail]:
        return [MAIL]

    def find(self, mail_id: str) -> Mail | None:
        return MAIL if mail_id == MAIL.id else None


class FakeSchedules:
    def all(self) -> list[Schedule]:
        return [SCHEDULE]

    def fire(self, name: str) -> None:
        if name == "broken":
            raise FireError("it raised")
        if name != SCHEDULE.name:
            raise NoSchedule(name)


@pytest.fixture
def front() -> Iterator[Front]:
    Api.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        emulator = f"http://127.0.0.1:{server.server_port}"
        upstream = Upstream(f"{emulator}/_aws/execute-api/id/live")
        sign_in = Upstream(emulator, host="localhost:8000")
        yield Front(upstream, FakeMailbox(), FakeSchedules(), sign_in)  # type: ignore[arg-type]
        upstream.close()
        sign_in.close()
        server.shutdown()


def ask(
    front: Front, method: str, path: str, body: bytes = b"", **environ: str
) -> tuple[str, list[tuple[str, str]], bytes]:
    seen: list[Any] = []
    given = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    content = b"".join(front(given, lambda status, headers: seen.extend([status, headers])))
    return seen[0], seen[1], content


def test_a_request_reaches_the_api_below_its_stage_with_body_and_cookie(front: Front) -> None:
    body = b"q=\xff&x=%00"

    ask(front, "POST", "/adult/what", body, QUERY_STRING="a=b%20c", HTTP_COOKIE="draft=1")

    asked = Api.asked[0]
    assert asked["path"] == "/_aws/execute-api/id/live/adult/what?a=b%20c"
    assert asked["body"] == body
    assert asked["headers"]["Cookie"] == "draft=1"


def test_an_address_is_passed_on_as_it_was_written(front: Front) -> None:
    ask(front, "GET", "/a/é", REQUEST_URI="/a/%C3%A9?x=1", QUERY_STRING="x=1")

    assert Api.asked[0]["path"].endswith("/a/%C3%A9?x=1")


def test_two_cookies_stay_two_headers(front: Front) -> None:
    _, headers, _ = ask(front, "GET", "/")

    assert [value for name, value in headers if name == "Set-Cookie"] == [
        "a=1; Path=/",
        "b=2; Path=/",
    ]


def test_a_redirect_is_the_browser_s_to_follow(front: Front) -> None:
    status, headers, _ = ask(front, "POST", "/redirect")

    assert status == "303 See Other"
    assert ("Location", "/adult/next") in headers


def test_text_is_compressed_only_for_who_asks(front: Front) -> None:
    _, plain_headers, plain = ask(front, "GET", "/")
    _, headers, packed = ask(front, "GET", "/", HTTP_ACCEPT_ENCODING="br, gzip")

    assert "Content-Encoding" not in dict(plain_headers)
    assert dict(headers)["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


def test_an_api_that_is_gone_is_said_plainly(front: Front) -> None:
    nowhere = Upstream("http://127.0.0.1:9/x")
    gone = Front(nowhere, FakeMailbox(), FakeSchedules(), nowhere)  # type: ignore[arg-type]

    status, _, content = ask(gone, "GET", "/")

    assert status == "502 Bad Gateway"
    assert b"did not answer" in content


@pytest.mark.parametrize(
    "path",
    [
        "/oauth2/authorize",
        "/oauth2/token",
        "/login",
        "/logout",
        "/eu-west-2_Ab12/.well-known/openid-configuration",
    ],
)
def test_the_user_pool_s_own_pages_are_the_emulator_s(front: Front, path: str) -> None:
    ask(front, "POST", path, b"username=x", QUERY_STRING="state=1")

    assert Api.asked[0]["path"] == f"{path}?state=1"
    assert Api.asked[0]["headers"]["Host"] == "localhost:8000"


@pytest.mark.parametrize(
    "path", ["/staff/sign-in", "/logout/x", "/adult/login", "/x/.well-known/y"]
)
def test_no_other_page_is(front: Front, path: str) -> None:
    ask(front, "GET", path)

    assert Api.asked[0]["path"] == f"/_aws/execute-api/id/live{path}"


def test_the_outbox_lists_what_a_program_needs(front: Front) -> None:
    _, headers, content = ask(front, "GET", "/_local/outbox.json")

    assert dict(headers)["Content-Type"] == "application/json"
    assert json.loads(content) == [
        {
            "to": "team@x.example",
            "subject": "New <b>",
            "text": "Text",
            "html": "<p>Hi</p>",
            "sent_at": "2026-01-01Z",
            "attachments": [
                {"name": "SUF-1.ics", "media_type": "text/calendar", "text": "BEGIN:é\r\n"}
            ],
        }
    ]


def test_the_schedules_list_name_time_and_input(front: Front) -> None:
    _, _, content = ask(front, "GET", "/_local/schedules.json")

    assert json.loads(content) == [
        {"name": "SUF-1-ack", "at": "2026-01-02T09:00:00Z", "input": {"reference": "SUF-1"}}
    ]


@pytest.mark.parametrize(
    ("name", "status"),
    [("SUF-1-ack", "200 OK"), ("unknown", "404 Not Found"), ("broken", "502 Bad Gateway")],
)
def test_firing_says_what_became_of_it(front: Front, name: str, status: str) -> None:
    assert ask(front, "POST", f"/_local/schedules/{name}/fire")[0] == status


def test_the_button_leads_back_to_the_page(front: Front) -> None:
    status, headers, _ = ask(
        front, "POST", "/_local/schedules/SUF-1-ack/fire", HTTP_ACCEPT="text/html,*/*"
    )

    assert status == "303 See Other"
    assert ("Location", "/_local/") in headers


def test_a_link_cannot_fire_a_reminder(front: Front) -> None:
    assert ask(front, "GET", "/_local/schedules/SUF-1-ack/fire")[0] == "405 Method Not Allowed"


def test_a_mail_is_shown_in_a_frame_that_can_run_nothing(front: Front) -> None:
    _, _, content = ask(front, "GET", "/_local/mail/m1")

    assert b'sandbox srcdoc="&lt;p&gt;Hi&lt;/p&gt;"' in content
    assert b"New &lt;b&gt;" in content


def test_an_attached_file_is_to_keep_as_it_was_sent(front: Front) -> None:
    _, headers, content = ask(front, "GET", "/_local/mail/m1/1")

    assert content == "BEGIN:é\r\n".encode()
    assert dict(headers)["Content-Type"] == "text/calendar"
    assert dict(headers)["Content-Disposition"] == "attachment; filename*=UTF-8''SUF-1.ics"


@pytest.mark.parametrize("path", ["m1/0", "m1/2", "m1/x", "m1/1/1", "m2/1", "m2"])
def test_there_are_no_other_mails_and_files(front: Front, path: str) -> None:
    assert ask(front, "GET", f"/_local/mail/{path}")[0] == "404 Not Found"


def test_an_unknown_local_page_is_not_passed_on(front: Front) -> None:
    assert ask(front, "GET", "/_local/nothing")[0] == "404 Not Found"
    assert Api.asked == []
