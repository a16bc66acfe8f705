"""Strict validation of `partnership.toml`, for tests and the checker: file, key, what to do.

Imports pydantic, so the running service never imports this module.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chalicelib.referrals.deadlines import lead_time
from chalicelib.referrals.partnership import (
    DeadlineRule,
    Partnership,
    PartnershipError,
    build,
    partnership_file,
    read_document,
)
from chalicelib.referrals.reference import schedule_name

_TRIGGER = re.compile(r"received|answer:[a-z][a-z0-9_]*|recorded:[a-z][a-z0-9_]*")
_RULE_ID = re.compile(r"[a-z][a-z0-9-]*")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PREFIX = re.compile(r"[A-Z]{2,5}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
# One transaction takes 100 actions; six of them are no deadline's or reminder's.
_FREE_ACTIONS = 94


@dataclass(frozen=True)
class PartnershipFinding:
    """Something wrong in a partnership's file."""

    file: Path
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}. {self.remedy}"


def check_partnership(forms_dir: Path, partnership_id: str) -> tuple[PartnershipFinding, ...]:
    """Everything wrong with a partnership's file; empty when it is sound."""
    path = partnership_file(forms_dir, partnership_id)
    try:
        document = read_document(path)
    except PartnershipError as error:
        return (PartnershipFinding(path, "(file)", str(error), "Correct the file."),)
    findings = tuple(_shape_findings(path, document))
    return findings or tuple(
        PartnershipFinding(path, *finding) for finding in _sense(build(document), partnership_id)
    )


def _shape_findings(path: Path, document: Mapping[str, Any]) -> Iterator[PartnershipFinding]:
    try:
        TypeAdapter(Partnership).validate_python(document)
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            key = ".".join(str(part) for part in fault["loc"])
            yield PartnershipFinding(path, key, fault["msg"], _remedy(fault["type"]))


def _remedy(kind: str) -> str:
    if kind == "missing":
        return "Add the key."
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return "Remove the key, or correct its spelling."
    return "Give a value of the kind that the message names."


Fault = tuple[str, str, str]


def _sense(partnership: Partnership, partnership_id: str) -> Iterator[Fault]:
    if partnership.id != partnership_id:
        yield "id", f"is {partnership.id!r}", f"Give the folder's name, {partnership_id!r}."
    if _PREFIX.fullmatch(partnership.reference_prefix) is None:
        yield "reference_prefix", "is not two to five capital letters", "Use letters such as SUF."
    yield from _colours(partnership)
    yield from _streams(partnership)
    yield from _addresses(partnership)
    if "acknowledgement" not in partnership.timing:
        yield "timing.acknowledgement", "is missing", "Say how soon a referral is acknowledged."
    yield from _rules(partnership)


def _colours(partnership: Partnership) -> Iterator[Fault]:
    for name in ("colour", "text_colour", "accent"):
        if _COLOUR.fullmatch(getattr(partnership.brand, name)) is None:
            yield f"brand.{name}", "is not a colour", "Write it as #14505c, in lower case."


def _streams(partnership: Partnership) -> Iterator[Fault]:
    for form in partnership.forms:
        for key, table in (("live_routes", partnership.live_routes), ("mail.team", None)):
            found = partnership.mail.team if table is None else table
            if not found.get(form):
                yield f"{key}.{form}", "is missing", f"Add it, or take {form!r} out of forms."


def _addresses(partnership: Partnership) -> Iterator[Fault]:
    mail = partnership.mail
    for address in (mail.from_address, *(one for team in mail.team.values() for one in team)):
        if _ADDRESS.fullmatch(address) is None or not address.endswith(".example"):
            yield (
                "mail",
                f"{address!r} is not an example address",
                "Use an address that ends in .example; the instance's settings give the real one.",
            )


def _rules(partnership: Partnership) -> Iterator[Fault]:
    for stream in partnership.forms:
        rules = partnership.rules(stream)
        ids = [rule.id for rule in rules]
        for rule in rules:
            yield from _rule(rule, ids.count(rule.id), partnership.reference_prefix)
        rows = sum(1 + 2 * len(rule.remind_before) for rule in rules)
        if rows > _FREE_ACTIONS:
            yield (
                "deadlines",
                f"{stream} makes {rows} rows; a submission stores {_FREE_ACTIONS}",
                "Remind less often.",
            )
        if not any(rule.trigger == "received" and rule.remind_before for rule in rules):
            yield (
                "deadlines",
                f"no {stream} deadline that starts at receipt is reminded",
                "Give the acknowledgement a remind_before.",
            )


def _rule(rule: DeadlineRule, count: int, prefix: str) -> Iterator[Fault]:
    key = f"deadlines.{rule.id}"
    if count > 1:
        yield key, "two rules of one stream have this id", "Give each its own id."
    if _RULE_ID.fullmatch(rule.id) is None or not _names_a_schedule(prefix, rule.id):
        yield key, "cannot name a schedule", "Use a short id of a-z, 0-9 and hyphens."
    if _TRIGGER.fullmatch(rule.trigger) is None:
        yield f"{key}.trigger", "is unknown", "Use received, answer:<role> or recorded:<name>."
    if rule.length < 0:
        yield f"{key}.length", "is negative", "Give a number from 0."
    for text in rule.remind_before:
        if not _is_lead_time(text):
            yield f"{key}.remind_before", f"{text!r} is no lead time", "Write `5 working days`."


def _names_a_schedule(prefix: str, rule_id: str) -> bool:
    try:
        schedule_name(f"{prefix}-XXXX-XXXX", f"{rule_id}#999")
    except ValueError:
        return False
    return True


def _is_lead_time(text: str) -> bool:
    try:
        lead_time(text)
    except ValueError:
        return False
    return True
