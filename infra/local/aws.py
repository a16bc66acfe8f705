"""Clients of the embedded AWS. Whatever account a developer is signed in to is never reached."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Any

REGION = "eu-west-2"
ACCOUNT = "000000000000"


def forget_the_account(environ: MutableMapping[str, str] = os.environ) -> None:
    """Takes every AWS setting out of the environment, for this process and those that it starts."""
    for name in [name for name in environ if name.startswith("AWS_")]:
        del environ[name]
    environ["AWS_EC2_METADATA_DISABLED"] = "true"
    # A proxy for the outside world must not be asked for this machine.
    environ["NO_PROXY"] = environ["no_proxy"] = "127.0.0.1,localhost"


def client(service: str, endpoint: str) -> Any:
    """A botocore client of the emulator at `endpoint`."""
    import boto3
    from botocore.config import Config

    make_client: Any = boto3.client
    return make_client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",  # noqa: S106 - the emulator takes any
        config=Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 2}),
    )
