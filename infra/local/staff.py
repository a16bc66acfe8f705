"""People to sign in as on this machine, one for each role. They are nowhere else."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from chalicelib.referrals.staff import Role
from infra.local.aws import client

# Made up, and of use only to who can reach this machine's own emulator.
PASSWORD = "only-on-this-machine"  # noqa: S105
DOMAIN = "staff.example"


def address(role: Role) -> str:
    """The user name of whoever has the role."""
    return f"{role.value.replace('_', '.')}@{DOMAIN}"


def seed(endpoint: str, user_pool: str) -> None:
    """Makes whom the pool does not have yet, each in the group of their role."""
    cognito = client("cognito-idp", endpoint)
    for role in Role:
        _make(cognito, user_pool, role)


def told(url: str) -> str:
    """What `make run` says of them."""
    names = ", ".join(role.value.replace("_", ".") for role in Role)
    return f"  Staff: {url}/staff as <role>@{DOMAIN}, password {PASSWORD}\n    roles: {names}"


def _make(cognito: Any, user_pool: str, role: Role) -> None:
    who = {"UserPoolId": user_pool, "Username": address(role)}
    name = f"Local {role.value.replace('_', ' ').title()}"
    # Of an earlier run, whose state was kept, they are there already.
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            **who,
            MessageAction="SUPPRESS",
            TemporaryPassword=PASSWORD,  # the emulator's own are shorter than its pool takes
            UserAttributes=[
                {"Name": "email", "Value": address(role)},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "name", "Value": name},
            ],
        )
    cognito.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(**who, GroupName=role.value)
