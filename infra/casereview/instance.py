"""Reaches an instance: reads its settings from its deployed function, and wires the services."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from chalicelib.adapters.aws import aws_errors, error_code
from chalicelib.bootstrap import Services, services
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.partnership import PartnershipError
from chalicelib.settings import load_settings
from chalicelib.use_cases.ports import ScheduleFailed, StoreBusy
from infra.casereview.exits import REFUSED, UNREACHED, stop
from infra.local.aws import ACCOUNT, REGION, forget_the_account
from infra.local.running import Running, running_now
from infra.paths import STATE

_AGAIN = "Give the same command again: it is safe."
FUNCTION = "Deliver"  # it has every setting that a use case reads
_SIGN_IN = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
    }
)
# What botocore raises before anything is sent, and what a person does about it.
_BEFORE = {
    "NoRegionError": "No region is chosen. Set AWS_DEFAULT_REGION, or a region in your profile.",
    "NoCredentialsError": "You are not signed in to AWS. Sign in, or set AWS_PROFILE.",
    "PartialCredentialsError": "Your AWS credentials are incomplete. Sign in again.",
    "ProfileNotFound": "There is no such AWS profile. Correct AWS_PROFILE.",
    "SSOTokenLoadError": "You are not signed in to AWS. Sign in: aws sso login.",
    "TokenRetrievalError": "Your sign-in to AWS has ended. Sign in again: aws sso login.",
    "UnauthorizedSSOTokenError": "Your sign-in to AWS has ended. Sign in again: aws sso login.",
}


class Unreached(Exception):
    """The instance was not reached; the text says what to do."""


def connect(*, stack: str | None, partnership: str | None, local: bool) -> Services:
    """The services of a deployed stack, or of the system that `make run` runs.

    Exits with 2 unless exactly one of them is meant. Raises `Unreached`, `PartnershipError`, or
    what botocore raises.
    """
    name = stack_name(stack=stack, partnership=partnership, local=local)
    variables = deployed_variables(client("cloudformation"), client("lambda"), name)
    return services(load_settings(variables))


def stack_name(*, stack: str | None, partnership: str | None, local: bool) -> str:
    """The stack that is meant; for a local one, this process is pointed at its endpoint.

    Exits with 2 unless exactly one of them is meant. Raises `Unreached`.
    """
    if local == (stack is not None):
        raise typer.BadParameter("say which instance: either --stack NAME or --local.")
    if stack is not None:
        return stack
    running = the_running_one(running_now(STATE), partnership)
    _point_at(running.endpoint)
    return running.stack


def the_running_one(running: list[Running], partnership: str | None) -> Running:
    """The one that is meant, of those that run on this machine. Raises `Unreached`."""
    meant = [one for one in running if partnership in (None, one.partnership)]
    if not meant:
        which = f" PARTNERSHIP={partnership}" if partnership else ""
        raise Unreached(f"No local system is running. Start it first: make run{which}")
    if len(meant) > 1:
        names = ", ".join(sorted({one.partnership for one in meant}))
        raise Unreached(f"Several local systems run: {names}. Name one with --partnership.")
    return meant[0]


def deployed_variables(cloudformation: Any, lambda_: Any, stack: str) -> Mapping[str, str]:
    """The environment of the stack's function. Raises `Unreached`, or what botocore raises."""
    try:
        found = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=FUNCTION)
    except aws_errors() as error:
        if error_code(error) != "ValidationError":
            raise
        region = cloudformation.meta.region_name
        raise Unreached(
            f"There is no stack {stack} of this system in {region}."
            " Check its name or the instance's id, the region and the account."
        ) from None
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    configuration = lambda_.get_function_configuration(FunctionName=name)
    variables: Mapping[str, str] = configuration["Environment"]["Variables"]
    return variables


def client(service: str) -> Any:
    """A client with the credentials and the region of whoever gives the command."""
    from botocore.config import Config
    from botocore.session import get_session

    config = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2})
    return get_session().create_client(service, config=config)


def _point_at(endpoint: str) -> None:
    """From here on this process knows the local system only: no account is ever reached."""
    forget_the_account()
    os.environ |= {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
    }


@contextmanager
def failures_told() -> Iterator[None]:
    """Ends the command with a text and an exit code where the block cannot go on."""
    try:
        yield
    except (NotPossible, PartnershipError) as refusal:
        stop(str(refusal), REFUSED)
    except Unreached as failure:
        stop(str(failure), UNREACHED)
    except StoreBusy:
        stop(f"The store is busy or does not answer. {_AGAIN}", UNREACHED)
    except ScheduleFailed as error:
        stop(f"EventBridge Scheduler refused ({error.code}). {_AGAIN}", UNREACHED)
    except aws_errors() as error:
        stop(what_to_do(error), UNREACHED)


def what_to_do(error: Exception) -> str:
    """About an error of AWS: its code, never its message, which may tell of the account."""
    code = error_code(error)
    if code in _BEFORE:
        return _BEFORE[code]
    if code in _SIGN_IN:
        return f"AWS refused ({code}). Check who you are signed in as, and what they may do."
    if getattr(error, "response", None) is None:
        return f"AWS does not answer ({code}). Check the network, AWS_ENDPOINT_URL and the region."
    return f"AWS refused ({code}). Check the stack, the account and the region."
