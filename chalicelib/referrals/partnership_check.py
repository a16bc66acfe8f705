"""Strict validation of `partnership.toml`: file, line, key, what is wrong, what to do.

What people start (the local run, the preview, packaging, `make lint`, `casereview`) loads a
partnership through it. It imports pydantic, so the running functions never import it: what they
load was packaged, so it was checked.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chalicelib.referrals.deadline_check import deadline_faults
from chalicelib.referrals.form_roles import Roles, read_roles
from chalicelib.referrals.partnership import (
    Partnership,
    PartnershipError,
    build,
    partnership_file,
    read_document,
)
from chalicelib.referrals.retention_check import retention_faults
from chalicelib.referrals.rule_check import Fault
from chalicelib.referrals.toml_lines import Place, line_of, lines_of

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PREFIX = re.compile(r"[A-Z]{2,5}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_KINDS = {int: "a whole number", bool: "true or false", date: "a date"}
_AT_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class PartnershipFinding:
    """Something wrong in a partnership's file; `line` counts from 1."""

    file: Path
    line: int
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.message}. {self.remedy}"


def partnership_ids(forms_dir: Path) -> tuple[str, ...]:
    """The partnerships of a forms folder."""
    files = forms_dir.glob("partnerships/*/partnership.toml")
    return tuple(sorted(file.parent.name for file in files))


def load_checked(forms_dir: Path, partnership_id: str) -> Partnership:
    """The partnership, or `PartnershipError` with every finding, one a line."""
    findings = check_partnership(forms_dir, partnership_id)
    if findings:
        raise PartnershipError("\n".join(map(str, findings)))
    return build(read_document(partnership_file(forms_dir, partnership_id)))


def check_partnership(forms_dir: Path, partnership_id: str) -> tuple[PartnershipFinding, ...]:
    """Everything wrong with a partnership's file, in its order; empty when it is sound."""
    path = partnership_file(forms_dir, partnership_id)
    try:
        document = read_document(path)
    except PartnershipError as error:
        return (_unreadable(path, error),)
    faults = tuple(_shape(document))
    if not faults:
        faults = tuple(_sense(build(document), partnership_id, read_roles(forms_dir)))
    lines = lines_of(path.read_text(encoding="utf-8"))
    findings = (
        PartnershipFinding(path, line_of(lines, place), _key(place, document), message, remedy)
        for place, message, remedy in dict.fromkeys(faults)
    )
    return tuple(sorted(findings, key=lambda finding: finding.line))


def _unreadable(path: Path, error: PartnershipError) -> PartnershipFinding:
    if not path.exists():
        remedy = "Add the file, or correct PARTNERSHIP."
        return PartnershipFinding(path, 1, "(file)", "there is no such partnership", remedy)
    message = str(error).removeprefix(f"{path}: ")
    found = _AT_LINE.search(message)
    line = int(found[1]) if found else 1
    if "at end of document" in message:
        line = len(path.read_bytes().splitlines())
    return PartnershipFinding(path, line, "(file)", message, "Correct the file.")


def _key(place: Place, document: Mapping[str, Any]) -> str:
    """`deadlines.acknowledge.length`: a rule is named by its id, where it has one."""
    parts = list(place)
    if len(parts) > 1 and parts[0] in ("deadlines", "retention"):
        rule = document[parts[0]][parts[1]]
        parts[1] = rule.get("id", parts[1]) if isinstance(rule, Mapping) else parts[1]
    return ".".join(map(str, parts))


def _shape(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Missing and unknown keys, and values of another kind than the key takes."""
    adapter = TypeAdapter(Partnership)
    try:
        checked = adapter.validate_python(document)
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            yield fault["loc"], fault["msg"], _remedy(fault["type"])
    else:
        yield from _converted((), document, adapter.dump_python(checked))


def _remedy(kind: str) -> str:
    if kind == "missing":
        return "Add the key."
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return "Remove the key, or correct its spelling."
    if kind in ("tuple_type", "list_type"):
        return 'Write a list in brackets: ["one", "another"].'
    return "Give a value of the kind that the message names."


def _converted(place: Place, written: Any, checked: Any) -> Iterator[Fault]:
    """Values that pydantic would convert, such as `"2"` to 2: the service takes them as written."""
    if isinstance(written, Mapping):
        for name, value in written.items():
            yield from _converted((*place, name), value, checked[name])
    elif isinstance(written, list):
        for number, value in enumerate(written):
            yield from _converted((*place, number), value, checked[number])
    elif type(written) is not type(checked):
        message = f"{written!r} is not {_KINDS.get(type(checked), 'of the right kind')}"
        yield place, message, _remedy("")


def _sense(
    partnership: Partnership, partnership_id: str, roles: Mapping[str, Roles]
) -> Iterator[Fault]:
    if partnership.id != partnership_id:
        yield ("id",), f"is {partnership.id!r}", f"Give the folder's name, {partnership_id!r}."
    if _PREFIX.fullmatch(partnership.reference_prefix) is None:
        message = "is not two to five capital letters"
        yield ("reference_prefix",), message, "Use letters such as SUF."
    yield from _colours(partnership)
    yield from _streams(partnership)
    yield from _addresses(partnership)
    if "acknowledgement" not in partnership.timing:
        remedy = "Say how soon a referral is acknowledged."
        yield ("timing", "acknowledgement"), "is missing", remedy
    yield from deadline_faults(partnership, roles)
    yield from retention_faults(partnership)


def _colours(partnership: Partnership) -> Iterator[Fault]:
    for name in ("colour", "text_colour", "accent"):
        if _COLOUR.fullmatch(getattr(partnership.brand, name)) is None:
            yield ("brand", name), "is not a colour", "Write it as #14505c, in lower case."


def _streams(partnership: Partnership) -> Iterator[Fault]:
    needed: Sequence[tuple[Place, Mapping[str, Any]]] = (
        (("live_routes",), partnership.live_routes),
        (("mail", "team"), partnership.mail.team),
    )
    for form in partnership.forms:
        for place, table in needed:
            if not table.get(form):
                remedy = f"Add it, or take {form!r} out of forms."
                yield (*place, form), "is missing", remedy


def _addresses(partnership: Partnership) -> Iterator[Fault]:
    mail = partnership.mail
    places: list[tuple[Place, str]] = [(("mail", "from_address"), mail.from_address)]
    for form, team in mail.team.items():
        places += [(("mail", "team", form), address) for address in team]
    for place, address in places:
        if _ADDRESS.fullmatch(address) is None or not address.endswith(".example"):
            yield (
                place,
                f"{address!r} is not an example address",
                "Use an address that ends in .example; the instance's settings give the real one.",
            )
