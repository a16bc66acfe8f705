"""AWS clients made when first used, and AWS errors as the ports know them."""

from typing import Any

# Seconds. API Gateway gives a request 29 seconds, so a call and its retries must end before that.
CONNECT_TIMEOUT = 2
READ_TIMEOUT = 5
ATTEMPTS = 3
# An email whose answer is late may have been taken: it is waited for, and never sent again unasked.
MAIL_TIMEOUT = 20

_THROTTLED = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


class LazyClient:
    """A botocore client of one service, imported and made when first called for.

    The first page of a cold start needs no AWS client, and importing botocore costs more than
    drawing the page.
    """

    def __init__(
        self, service: str, *, attempts: int = ATTEMPTS, read_timeout: int = READ_TIMEOUT
    ) -> None:
        self._service = service
        self._attempts = attempts
        self._read_timeout = read_timeout
        self._client: Any = None

    def __call__(self) -> Any:
        """The client; the same one every time."""
        if self._client is None:
            from botocore.config import Config
            from botocore.session import get_session

            config = Config(
                connect_timeout=CONNECT_TIMEOUT,
                read_timeout=self._read_timeout,
                retries={"mode": "standard", "total_max_attempts": self._attempts},
            )
            self._client = get_session().create_client(self._service, config=config)
        return self._client


def aws_errors() -> tuple[type[Exception], ...]:
    """What a call of a client raises: a service's answer, or no answer at all."""
    from botocore.exceptions import BotoCoreError, ClientError

    return ClientError, BotoCoreError


def error_code(error: Exception) -> str:
    """The service's error code, or the kind of failure when there was no answer."""
    response = getattr(error, "response", None)
    if response is None:
        return type(error).__name__
    return str(response.get("Error", {}).get("Code", "Unknown"))


def is_throttled(error: Exception) -> bool:
    """Whether the service asks for the call to be made later."""
    return error_code(error) in _THROTTLED


def is_temporary(error: Exception) -> bool:
    """Whether the same call may succeed later: throttled, a fault of the service, or no answer."""
    response = getattr(error, "response", None)
    if response is None:
        from botocore.exceptions import ConnectionError as NoConnection
        from botocore.exceptions import HTTPClientError

        return isinstance(error, HTTPClientError | NoConnection)
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return is_throttled(error) or status >= 500
