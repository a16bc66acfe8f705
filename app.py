"""Chalice entry point: which code each URL and each event runs. Nothing else."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from chalice.app import Chalice, CloudWatchEvent, DynamoDBEvent, Rate
from chalice.app import Response as ChaliceResponse

from chalicelib import bootstrap
from chalicelib.settings import load_settings
from chalicelib.web import api, message_pages
from chalicelib.web.headers import secured
from chalicelib.web.http import Response
from chalicelib.web.lambda_event import read_event
from chalicelib.web.request_log import log_failure, log_request
from chalicelib.web.routes import respond, route_name

app = Chalice(app_name="case-review-notifications", configure_logs=False)

LAST_RESORT = Response(
    status=500,
    body="There is a problem with the service. What you saved is still there. "
    "Try again in a few minutes.\n",
    content_type="text/plain; charset=utf-8",
    headers={"Cache-Control": "no-store"},
)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
# The template that is deployed replaces this with the table's own stream.
STREAM = "arn:aws:dynamodb:eu-west-2:000000000000:table/casereview/stream/0"


@cache
def services() -> bootstrap.Services:
    return bootstrap.services(load_settings())


# Every address goes through one table (chalicelib/web/routes.py), so that we answer unknown pages,
# methods and content types ourselves, with a page that says what to do.
@app.route("/", methods=METHODS, content_types=["*/*"])
def index() -> ChaliceResponse:
    return _answer()


@app.route("/{proxy+}", methods=METHODS, content_types=["*/*"])
def page() -> ChaliceResponse:
    return _answer()


@app.on_dynamodb_record(stream_arn=STREAM, name="Deliver")
def deliver(event: DynamoDBEvent) -> dict[str, Any]:
    """The table's stream: performs the effects that a submission put in the outbox."""
    from chalicelib.events import deliver_records

    return deliver_records(event.to_dict(), event.context, services())


@app.lambda_function(name="Remind")
def remind(event: dict[str, Any], _: Any) -> None:
    """EventBridge Scheduler's target: one reminder whose time has come."""
    from chalicelib.events import send_reminder

    send_reminder(event, services())


@app.schedule(Rate(15, unit=Rate.MINUTES), name="Reconcile")
def reconcile(_: CloudWatchEvent) -> dict[str, int]:
    """Puts right what is late, abandoned or missing."""
    from chalicelib.events import put_right

    return put_right(services())


# The template that is deployed lets only the events of this instance's emails through.
@app.on_cw_event({"source": ["aws.ses"]}, name="Hear")
def hear(event: CloudWatchEvent) -> None:
    """What became of an email, as SES tells EventBridge."""
    from chalicelib.events import hear_mail

    hear_mail(event.to_dict(), services())


def _answer() -> ChaliceResponse:
    # Chalice would log the message of an error that got past us: it could hold an answer.
    try:
        request = app.current_request
        response = _respond(request.to_original_event() if request else {})
    except Exception as error:
        log_failure("unknown", error)
        response = LAST_RESORT
    headers: dict[str, Any] = {"Content-Type": response.content_type, **response.headers}
    if response.cookies:
        headers["Set-Cookie"] = list(response.cookies)
    return ChaliceResponse(body=response.body, headers=headers, status_code=response.status)


def _respond(event: dict[str, Any]) -> Response:
    started = time.perf_counter()
    request = read_event(event, services().settings.public_url)
    route = route_name(request, services())
    try:
        response = respond(request, services())
    except Exception as error:
        log_failure(route, error)
        in_api = request.path.startswith("/api/")
        fault = api.broken() if in_api else message_pages.broken(request, services())
        response = secured(request, fault)
    log_request(request, response, route, (time.perf_counter() - started) * 1000)
    return response
