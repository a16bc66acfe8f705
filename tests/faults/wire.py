"""Real botocore clients whose requests go to a model in this process, or on to a real server.

What is done to a call is done to its HTTP request: botocore signs, serialises, retries and parses
as it does in Lambda. A response that is cut is cut after the request was carried out.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.session import Session, get_session

from chalicelib.adapters.aws import ATTEMPTS, CONNECT_TIMEOUT, READ_TIMEOUT
from tests.contract.botocore_model import watch
from tests.faults.calls import Calls, Manner
from tests.faults.clock import Died

REGION = "eu-west-2"
# What the table's stream tells of, when it was carried out.
_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})
# How each service says that there are too many calls, and that it is broken.
_THROTTLED = {
    "dynamodb": (400, "ThrottlingException"),
    "sesv2": (429, "TooManyRequestsException"),
    "scheduler": (429, "ThrottlingException"),
}
_BROKEN = {
    "dynamodb": (500, "InternalServerError"),
    "sesv2": (503, "ServiceUnavailableException"),
    "scheduler": (500, "InternalServerException"),
}


@dataclass(frozen=True)
class Asked:
    """A request as a model reads it."""

    operation: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Answered:
    """A model's answer; `error` is AWS's code for it."""

    status: int = 200
    body: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


Model = Callable[[Asked], Answered]


class Wire:
    """A client of one service, whose calls are numbered and whose requests may go to a model.

    It is made once and serves one world after another: making a client is slow. Without a model
    requests go to `endpoint`. With `attempts` of 1 a call that is struck fails. `writes` counts the
    writes to a table.
    """

    def __init__(
        self,
        service: str,
        *,
        endpoint: str | None = None,
        attempts: int = ATTEMPTS,
        read_timeout: int = READ_TIMEOUT,
    ) -> None:
        self.service = service
        address = endpoint or f"http://{service}.invalid"
        self.client = make_client(service, address, attempts, read_timeout)
        self._carry = cast(Any, self.client)._endpoint.http_session.send
        self._calls, self._model = Calls(), cast(Model | None, None)
        self.writes = 0
        self.client.meta.events.register("before-send", self._send)
        watch(self.client)

    def attach(self, calls: Calls, model: Model | None = None) -> None:
        """Serve another world from now on."""
        self._calls, self._model = calls, model

    def __call__(self) -> Any:
        """The client, as the adapters ask for it."""
        return self.client

    def _send(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        self.writes += operation in _WRITES
        call_id = str(request.headers.get("amz-sdk-invocation-id", ""))
        manner = self._calls.manner(operation, call_id)
        if manner is Manner.DIES_BEFORE:
            raise Died(operation)
        if manner is Manner.TIMED_OUT:
            raise ReadTimeoutError(endpoint_url=request.url)
        if manner is Manner.THROTTLED:
            return _refusal(request, *_THROTTLED[self.service])
        if manner is Manner.BROKEN:
            return _refusal(request, *_BROKEN[self.service])
        answer = self._carried(request, operation)
        if manner is Manner.CUT:
            raise ConnectionClosedError(endpoint_url=request.url)
        if manner is Manner.DIES_AFTER:
            raise Died(operation)
        return answer

    def _carried(self, request: AWSPreparedRequest, operation: str) -> AWSResponse:
        if self._model is None:
            answer: AWSResponse = self._carry(request)
            return answer
        given = self._model(asked(operation, request.url, request.body))
        if given.error:
            return _refusal(request, given.status, given.error)
        return _response(request, given.status, given.body)


def make_client(
    service: str, endpoint: str, attempts: int = ATTEMPTS, read_timeout: int = READ_TIMEOUT
) -> Any:
    """A client as `LazyClient` makes it, but for its address and made-up credentials."""
    return _session().create_client(
        cast(Any, service),
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(
            connect_timeout=CONNECT_TIMEOUT,
            # A table on this machine's disk is slower than AWS's.
            read_timeout=read_timeout * 4,
            retries={"mode": "standard", "total_max_attempts": attempts},
            max_pool_connections=64,
        ),
    )


@cache
def _session() -> Session:
    return get_session()


def asked(operation: str, url: str, body: Any) -> Asked:
    """A request as a model reads it."""
    parts = urlsplit(url)
    raw = body if isinstance(body, bytes | bytearray) else str(body or "").encode()
    return Asked(
        operation=operation,
        path=tuple(unquote(part) for part in parts.path.strip("/").split("/")),
        query=dict(parse_qsl(parts.query)),
        body=json.loads(raw) if raw else {},
    )


class _Raw(io.BytesIO):
    """A response's body, as urllib3 gives it."""

    def stream(self, **_: Any) -> Any:
        yield self.read()


def _refusal(request: AWSPreparedRequest, status: int, code: str) -> AWSResponse:
    body = {"__type": code, "message": "made up"}
    return _response(request, status, body, {"x-amzn-ErrorType": code})


def _response(
    request: AWSPreparedRequest,
    status: int,
    body: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> AWSResponse:
    given = {"content-type": "application/json", **(headers or {})}
    raw = _Raw(json.dumps(body).encode())
    return AWSResponse(request.url, status, cast(Any, given), cast(Any, raw))
