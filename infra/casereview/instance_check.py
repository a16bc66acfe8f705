"""What is wrong with the values of an instance's file: pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.referrals.rule_check import Fault

if TYPE_CHECKING:
    from infra.casereview.instances import InstanceFile
    from infra.casereview.written import Written

ENVIRONMENTS = ("dev", "prod")
_HOST = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
DOMAIN = re.compile(_HOST)
URL = re.compile(rf"(https://{_HOST}|http://(localhost|127\.0\.0\.1))(:\d+)?(/[\w.~-]+)*")
ADDRESS = re.compile(rf"[\w.+'-]+@{_HOST}", re.IGNORECASE)
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate/[\w-]+")
# What both CloudWatch Logs and the template take.
LOG_DAYS = (
    30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
# API Gateway's own limits for an account, and the template's for a function.
RANGES = {
    "requests_per_second": (1, 10_000, "requests"),
    "burst": (1, 5_000, "requests"),
    "memory": (512, 3_008, "MB"),
}
PRIVATE_KEYS = (("mail", "team_adult"), ("mail", "team_child"), ("alarms", "email"))

STACK_PREFIX = "casereview-"
# A function's name is the stack's, its own and twelve letters, and CloudFormation cuts it to 64: of
# a longer stack's functions the roles would not match the logs (infra/stack/roles.yaml).
LONGEST_STACK = 40
LONGEST_ID = LONGEST_STACK - len(STACK_PREFIX) - len("-prod")
_STACK = re.compile(rf"[a-z][a-z0-9-]{{0,{LONGEST_STACK - 1}}}")


def shape_remedy(kind: str) -> str:
    """What to do about a kind of pydantic's errors."""
    return {
        "missing": "Add the key: docs/instances.md says what it means",
        "unexpected_keyword_argument": "Remove the key, or correct its spelling",
        "string_type": "Write text in quotes",
        "int_type": "Write a whole number without quotes",
        "bool_type": "Write true or false without quotes",
        "tuple_type": 'Write a list in brackets: ["one@agency.example"]',
    }.get(kind, "docs/instances.md says what the key takes")


def instance_faults(
    instance: InstanceFile, instance_id: str, streams: Collection[str]
) -> Iterator[Fault]:
    """Every fault of the values; `streams` are those of the partnership."""
    if instance.environment not in ENVIRONMENTS:
        yield ("environment",), f"is {instance.environment!r}", "Write dev or prod"
    elif instance.id != instance_id:
        message = f"and environment say {instance.id}, the file's name says {instance_id}"
        yield ("partnership",), message, "Make them agree"
    if REGION.fullmatch(instance.region) is None:
        yield ("region",), f"{instance.region!r} is no AWS region", "Write one such as eu-west-2"
    yield from _stack(instance)
    yield from _web(instance)
    yield from _mail(instance, streams)
    yield from _limits(instance)


def shorter_id(partnership: str) -> str:
    """One that will do, such as the first letters of its words."""
    words = partnership.split("-")
    return "".join(word[:1] for word in words) if len(words) > 2 else words[0][:LONGEST_ID]


def _stack(instance: InstanceFile) -> Iterator[Fault]:
    if _STACK.fullmatch(instance.stack_name):
        return
    if instance.stack:
        remedy = (
            f"Write 1 to {LONGEST_STACK} small letters, digits and hyphens, a letter first,"
            " or remove the key"
        )
        yield ("stack",), f"{instance.stack!r} is no name of a stack of this system", remedy
    elif len(instance.stack_name) > LONGEST_STACK:
        message = f"is too long: its stack's name would have over {LONGEST_STACK} characters"
        hint = shorter_id(instance.partnership)
        remedy = f"Choose an id of at most {LONGEST_ID}, such as {hint}, or write stack = "
        yield ("partnership",), message, f'{remedy}"{STACK_PREFIX}{hint}-{instance.environment}"'


def private_faults(written: Written, private: Path) -> Iterator[Fault]:
    """Mailboxes in the file that is committed."""
    for place in PRIVATE_KEYS:
        table, key = place
        if written.committed.get(table, {}).get(key):
            message = "is in a file that is committed, and mailboxes are not public"
            yield place, message, f"Move it to {private.name}, which git ignores"


def _web(instance: InstanceFile) -> Iterator[Fault]:
    web = instance.web
    if URL.fullmatch(web.public_url) is None:
        remedy = "Write https:// and a host in lower case, without a slash at the end"
        yield ("web", "public_url"), f"{web.public_url!r} is no address of a site", remedy
    if not web.domain and not web.certificate_arn:
        return
    if DOMAIN.fullmatch(web.domain) is None:
        remedy = "Write a host such as notifications.suffolk.example, or remove certificate_arn"
        yield ("web", "domain"), f"{web.domain!r} is no domain", remedy
    elif urlsplit(web.public_url).hostname != web.domain:
        yield ("web", "domain"), "is not the host of public_url", "Make them agree"
    found = _CERTIFICATE.fullmatch(web.certificate_arn)
    if found is None:
        remedy = "Copy the ARN from AWS Certificate Manager, or remove domain"
        yield ("web", "certificate_arn"), "is no ARN of a certificate", remedy
    elif found[1] != instance.region:
        remedy = f"Request one in {instance.region}: the instance's endpoint is there"
        yield ("web", "certificate_arn"), f"is of a certificate in {found[1]}", remedy


def _mail(instance: InstanceFile, streams: Collection[str]) -> Iterator[Fault]:
    mail = instance.mail
    if ADDRESS.fullmatch(mail.sender) is None:
        yield ("mail", "from"), "is no email address", "Write one such as notifications@your.domain"
    elif DOMAIN.fullmatch(mail.identity) is None and ADDRESS.fullmatch(mail.identity) is None:
        yield ("mail", "identity"), "is no SES identity", "Write the domain of from, or from itself"
    elif not _belongs(mail.sender, mail.identity):
        remedy = "Write the domain that from ends in, or from itself"
        yield ("mail", "identity"), "is not the identity of from", remedy
    for stream, team in (("adult", mail.team_adult), ("child", mail.team_child)):
        place = ("mail", f"team_{stream}")
        if team and stream not in streams:
            yield place, f"the partnership has no {stream} form", "Remove the key"
        for number, address in enumerate(team):
            if ADDRESS.fullmatch(address) is None:
                yield place, f"entry {number + 1} is no email address", "Correct it"
    if instance.alarms.email and ADDRESS.fullmatch(instance.alarms.email) is None:
        yield ("alarms", "email"), "is no email address", "Correct it, or leave it empty"


def _belongs(sender: str, identity: str) -> bool:
    domain = sender.rpartition("@")[2].lower()
    identity = identity.lower()
    return identity in (sender.lower(), domain) or domain.endswith(f".{identity}")


def _limits(instance: InstanceFile) -> Iterator[Fault]:
    for key, (least, most, unit) in RANGES.items():
        if not least <= getattr(instance.limits, key) <= most:
            yield ("limits", key), "is out of range", f"Give {least} to {most} {unit}"
    if instance.limits.log_days not in LOG_DAYS:
        remedy = f"Give one of: {', '.join(map(str, LOG_DAYS))}"
        yield ("limits", "log_days"), "is no time for which CloudWatch keeps logs", remedy
