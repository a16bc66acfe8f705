"""An instance's file, `infra/instances/<partnership>-<environment>.toml`: its one reader.

docs/instances.md says what each key means. A file of the same name that ends in `.private.toml`,
which git ignores, is laid over it: mailboxes are in no repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StrictBool, StrictInt, StrictStr, TypeAdapter, ValidationError

from chalicelib.referrals.partnership import Partnership, PartnershipError
from chalicelib.referrals.partnership_check import load_checked
from chalicelib.referrals.rule_check import Fault
from infra.casereview.findings import Finding
from infra.casereview.instance_check import (
    STACK_PREFIX,
    instance_faults,
    private_faults,
    shape_remedy,
)
from infra.casereview.written import Unreadable, read_written
from infra.paths import FORMS, INSTANCES

PRIVATE = ".private.toml"
_CLOSED: Any = {"extra": "forbid"}
# What the template takes for the partnership's name on the gateway's own error pages.
_NOT_ON_A_GATEWAY_PAGE = str.maketrans({"&": "and", **dict.fromkeys('<>"\\${}')})
# An address of the files that are shipped, with or without a port and a path.
_EXAMPLE = re.compile(r"\.example(?![\w.-])", re.IGNORECASE)
# The template's parameter of each key that may be left out. What is left out stays as deployed.
_OPTIONAL = {
    "web.domain": "DomainName",
    "web.certificate_arn": "CertificateArn",
    "mail.manage_identity": "ManageMailIdentity",
    "limits.requests_per_second": "RequestsPerSecond",
    "limits.burst": "RequestBurst",
    "limits.memory": "FunctionMemory",
    "limits.log_days": "LogRetentionInDays",
}
Mailboxes = Annotated[tuple[StrictStr, ...], Field(strict=False)]


class InstanceError(Exception):
    """An instance's file cannot be used; a line for each fault: file, key and what to do."""


@dataclass(frozen=True)
class Web:
    """Where people find the instance. Without a domain, at API Gateway's own address."""

    __pydantic_config__ = _CLOSED
    public_url: StrictStr
    domain: StrictStr = ""
    certificate_arn: StrictStr = ""


@dataclass(frozen=True)
class Mail:
    """Sender, its SES identity, and the teams' mailboxes by stream."""

    __pydantic_config__ = _CLOSED
    sender: Annotated[StrictStr, Field(alias="from")]
    identity: StrictStr
    manage_identity: StrictBool = False
    team_adult: Mailboxes = ()
    team_child: Mailboxes = ()


@dataclass(frozen=True)
class Alarms:
    """Who is told of alarms."""

    __pydantic_config__ = _CLOSED
    email: StrictStr = ""


@dataclass(frozen=True)
class Limits:
    """`memory` in MB; `log_days` is how long logs are kept."""

    __pydantic_config__ = _CLOSED
    requests_per_second: StrictInt = 50
    burst: StrictInt = 100
    memory: StrictInt = 1024
    log_days: StrictInt = 365


@dataclass(frozen=True)
class Document:
    """What an instance's file holds, key by key."""

    __pydantic_config__ = _CLOSED
    partnership: StrictStr
    environment: StrictStr
    region: StrictStr
    web: Web
    mail: Mail
    alarms: Alarms = Alarms()
    limits: Limits = Limits()
    stack: StrictStr = ""


@dataclass(frozen=True, kw_only=True)
class InstanceFile(Document):
    """One instance, a partnership in an environment: its file, and of its partnership's file what
    the stack is told. `streams` are its forms; `written` the keys of its file, as `web.domain`."""

    partnership_name: str
    colour: str
    text_colour: str
    streams: tuple[str, ...]
    written: frozenset[str]

    @property
    def id(self) -> str:
        """`suffolk-prod`: the name of its file."""
        return f"{self.partnership}-{self.environment}"

    @property
    def stack_name(self) -> str:
        """Its CloudFormation stack: another than by its name after a restore."""
        return self.stack or f"{STACK_PREFIX}{self.id}"

    def parameters(self) -> dict[str, str]:
        """The stack's parameters that the file writes. What it does not write is left out: an
        update then keeps what is deployed, and a new stack has the template's default."""
        mailboxes = {
            "TeamMailboxAdult": ",".join(self.mail.team_adult),
            "TeamMailboxChild": ",".join(self.mail.team_child),
            "AlarmEmail": self.alarms.email,
        }
        optional = {
            name: _parameter(getattr(getattr(self, table), field))
            for key, name in _OPTIONAL.items()
            for table, _, field in [key.partition(".")]
            if key in self.written
        }
        return {
            "Partnership": self.partnership,
            "PartnershipName": self.partnership_name.translate(_NOT_ON_A_GATEWAY_PAGE),
            "BrandColour": self.colour,
            "BrandTextColour": self.text_colour,
            "Environment": self.environment,
            "PublicUrl": self.web.public_url,
            "MailFrom": self.mail.sender,
            "MailIdentity": self.mail.identity,
            **optional,
            **{name: value for name, value in mailboxes.items() if value},
        }

    def placeholders(self) -> tuple[str, ...]:
        """The keys that still hold an example: an instance cannot serve anybody with them."""
        addresses = {
            "web.public_url": self.web.public_url,
            "web.domain": self.web.domain,
            "mail.from": self.mail.sender,
            "mail.identity": self.mail.identity,
        }
        return tuple(key for key, value in addresses.items() if _EXAMPLE.search(value))


def instance_ids(folder: Path = INSTANCES) -> tuple[str, ...]:
    """The instances that have a file."""
    files = (file for file in folder.glob("*.toml") if not file.name.endswith(PRIVATE))
    return tuple(sorted(file.stem for file in files))


def instance_file(instance_id: str, folder: Path = INSTANCES) -> Path:
    """Where an instance's file is."""
    return folder / f"{instance_id}.toml"


def load_instance(
    instance_id: str, folder: Path = INSTANCES, forms_dir: Path = FORMS
) -> InstanceFile:
    """The instance, or `InstanceError` with every finding, one a line."""
    known = instance_ids(folder)
    if instance_id not in known:
        there = f"There are: {', '.join(known)}." if known else "There are none."
        message = f"{instance_file(instance_id, folder)}: there is no such instance. {there}"
        raise InstanceError(f"{message} Add one: casereview new, or copy another's file.")
    written, findings = _read(instance_id, folder, forms_dir)
    if written is None or findings:
        raise InstanceError("\n".join(map(str, findings)))
    return written


def check_instance(
    instance_id: str, folder: Path = INSTANCES, forms_dir: Path = FORMS
) -> tuple[Finding, ...]:
    """Everything wrong with an instance's files, in their order; empty when they are sound."""
    return _read(instance_id, folder, forms_dir)[1]


def _read(
    instance_id: str, folder: Path, forms_dir: Path
) -> tuple[InstanceFile | None, tuple[Finding, ...]]:
    path = instance_file(instance_id, folder)
    try:
        written = read_written(path, path.with_name(f"{instance_id}{PRIVATE}"))
        document = TypeAdapter(Document).validate_python(written.document)
        partnership = load_checked(forms_dir, document.partnership)
    except Unreadable as error:
        return None, (error.finding,)
    except ValidationError as error:
        return None, written.findings(_shape(error))
    except PartnershipError:
        return None, written.findings([_NO_PARTNERSHIP])
    instance = _with(document, partnership, written.document)
    faults = [
        *instance_faults(instance, instance_id, partnership.forms),
        *private_faults(written, path.with_name(f"{instance_id}{PRIVATE}")),
    ]
    return instance, written.findings(faults)


def _with(document: Document, partnership: Partnership, written: Mapping[str, Any]) -> InstanceFile:
    keys = {
        f"{table}.{key}"
        for table, below in written.items()
        if isinstance(below, Mapping)
        for key in below
    }
    return InstanceFile(
        **vars(document),
        partnership_name=partnership.name,
        colour=partnership.brand.colour,
        text_colour=partnership.brand.text_colour,
        streams=tuple(partnership.forms),
        written=frozenset(keys),
    )


def _parameter(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_NO_PARTNERSHIP: Fault = (
    ("partnership",),
    "has no sound file below forms/partnerships",
    "Run casereview lint to see what is wrong, or correct the name.",
)


def _shape(error: ValidationError) -> Iterator[Fault]:
    for fault in error.errors(include_input=False, include_url=False):
        yield fault["loc"], fault["msg"], shape_remedy(fault["type"])
