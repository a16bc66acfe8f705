"""A client that asks a model directly: what `wire` does without HTTP, for speed.

It raises what botocore raises. Requests are not checked against AWS's model; `wire` does that.
"""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.faults.calls import AFTER, Calls, Manner
from tests.faults.clock import Died
from tests.faults.wire import Answered, Asked, Model


class _Conflict(ClientError):
    """`client.exceptions.ConflictException`."""


class ModelClient:
    """A client of a service that is one model. A call is tried once."""

    exceptions = SimpleNamespace(ConflictException=_Conflict)

    def __init__(self) -> None:
        self._calls = Calls()
        self._model: Model = lambda _: Answered()

    def attach(self, calls: Calls, model: Model) -> None:
        """Serve another world from now on."""
        self._calls, self._model = calls, model

    def __call__(self) -> "ModelClient":
        """The client, as the adapters ask for it."""
        return self

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = "".join(part.title() for part in name.split("_"))

        def call(**parameters: Any) -> dict[str, Any]:
            return self._call(operation, parameters)

        return call

    def get_paginator(self, name: str) -> Any:
        """Page by page, as botocore's paginators go."""
        return SimpleNamespace(paginate=lambda **parameters: self._pages(name, parameters))

    def _pages(self, name: str, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
        more: dict[str, Any] = {}
        while True:
            page = getattr(self, name)(**parameters, **more)
            yield page
            if "NextToken" not in page:
                return
            more = {"NextToken": page["NextToken"]}

    def _call(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        manner = self._calls.manner(operation)
        if manner is Manner.DIES_BEFORE:
            raise Died(operation)
        if manner is not None and manner not in AFTER:
            raise ReadTimeoutError(endpoint_url="made up")
        name = str(parameters.get("Name", ""))
        query = {key: str(parameters[key]) for key in ("NextToken",) if key in parameters}
        answer = self._model(Asked(operation, (name,), query, parameters))
        if manner is Manner.DIES_AFTER:
            raise Died(operation)
        if manner is Manner.CUT:
            raise ReadTimeoutError(endpoint_url="made up")
        if answer.error:
            kind = _Conflict if answer.error == "ConflictException" else ClientError
            raise kind(_error(answer), operation)
        return dict(answer.body)


def _error(answer: Answered) -> Any:
    return {
        "Error": {"Code": answer.error, "Message": "made up"},
        "ResponseMetadata": {"HTTPStatusCode": answer.status},
    }
