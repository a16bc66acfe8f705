"""A safeguarding partnership: the single definition of `partnership.toml`.

The running service builds it with the light constructor below; `partnership_check` holds the strict
validation that tests and the checker use.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal

Stream = Literal["adult", "child"]
Unit = Literal["working_days", "calendar_days", "months"]

_CLOSED: dict[str, str] = {"extra": "forbid"}


class PartnershipError(Exception):
    """A partnership's file is missing or unreadable; the text names the file and what to do."""


@dataclass(frozen=True)
class Contact:
    """Whom the public may ask for help with the form."""

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    help_email: str
    website: str
    website_name: str
    help_phone: str | None = None


@dataclass(frozen=True)
class LiveRoute:
    """Where a live safeguarding concern goes instead of this service."""

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    text: str
    link_text: str
    url: str
    phone: str | None = None
    hours: str | None = None


@dataclass(frozen=True)
class Brand:
    """Colours as `#rrggbb`."""

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    colour: str
    text_colour: str
    accent: str


@dataclass(frozen=True)
class Mail:
    """Sender and team mailboxes by stream: example addresses, which settings override."""

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    from_address: str
    team: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Privacy:
    """Facts of the privacy notice. `draft_days` is how long an unsent form is kept."""

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    controller: str
    contact_email: str
    retention_text: str
    draft_days: int = 30


@dataclass(frozen=True)
class CalendarRules:
    """Local additions to the England and Wales bank holidays.

    `count_from` says how a trigger on a non-working day counts: `next_day` makes the next working
    day day 1, `deemed_received` makes it day 0.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    extra_holidays: tuple[date, ...] = ()
    count_from: Literal["next_day", "deemed_received"] = "next_day"


@dataclass(frozen=True)
class DateName:
    """A date that clocks start from or end with, besides `received`.

    A form answers it by its role of the same name, staff record or correct it. `label` says what
    happened on it; only a `planned` one may lie in the future.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    label: str
    planned: bool = False


@dataclass(frozen=True)
class DeadlineRule:
    """A deadline as data: `length` `unit`s `counted` after (or before) the date named `trigger`.

    - `kind`: a `prompt` is a duty of somebody else: reminded once, never overdue.
    - `duty`: rules of one duty are several clocks for one act; meeting one meets all.
    - `when`: role -> answers, one of which must have been given; an unanswered question counts as
      answered `not_known`. Without it the rule always applies.
    - `met_by`: the date whose being known meets it.
    - `window_from`: the window opens so many `unit`s after the trigger; `length` closes it.
    - `repeats_months`: falls due again so often, until `met_by` is known.
    - `scope`: a `partnership` rule has one clock for the whole partnership, from each year's end.
    - `email_label`: what an email calls it, where `label` would tell what happened.
    - `remind_before`: lead times such as `5 working days` or `1 month`; empty means that the date
      is shown to staff and nobody is reminded. `remind_overdue`: how often once it is late.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    id: str
    stream: Literal["adult", "child", "both"]
    label: str
    trigger: str
    length: int
    unit: Unit
    responsible: str
    status: Literal["statutory", "national", "local"]
    source: str
    kind: Literal["deadline", "prompt"] = "deadline"
    duty: str = ""
    email_label: str = ""
    counted: Literal["after", "before"] = "after"
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    met_by: str = ""
    window_from: int | None = None
    repeats_months: int | None = None
    scope: Literal["case", "partnership"] = "case"
    remind_before: tuple[str, ...] = ()
    remind_overdue: Literal["daily", "weekly", "never"] = "daily"

    def applies_to(self, stream: str) -> bool:
        """Whether a referral of this stream can have this deadline."""
        return self.scope == "case" and self.stream in (stream, "both")

    @property
    def act(self) -> str:
        """What is met when this is met: the duty that it is a clock of, or itself."""
        return self.duty or self.id

    @property
    def told_as(self) -> str:
        """What an email calls it."""
        return self.email_label or self.label

    @property
    def chased(self) -> bool:
        """Whether somebody is reminded every day or week once it is late."""
        owned = self.kind == "deadline" and bool(self.remind_before)
        return owned and self.remind_overdue != "never"


@dataclass(frozen=True)
class RetentionRule:
    """How long cases of a stream are kept after they were closed with one of some outcomes.

    No `outcomes`: all that no other rule of the stream names. `years` are whole years.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    id: str
    stream: Stream
    years: int
    source: str
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Partnership:
    """Everything that differs between two partnerships, other than their forms and long texts."""

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED
    id: str
    name: str
    short_name: str
    service_name: str
    forms: tuple[str, ...]
    reference_prefix: str
    classification: str
    area: str
    contact: Contact
    live_routes: Mapping[str, LiveRoute]
    brand: Brand
    mail: Mail
    privacy: Privacy
    timing: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    calendar: CalendarRules = field(default_factory=CalendarRules)
    dates: Mapping[str, DateName] = field(default_factory=dict)
    deadlines: tuple[DeadlineRule, ...] = ()
    retention: tuple[RetentionRule, ...] = ()

    def rules(self, stream: str) -> tuple[DeadlineRule, ...]:
        """The deadline rules of one stream's cases, in the file's order."""
        return tuple(rule for rule in self.deadlines if rule.applies_to(stream))

    def yearly_rules(self) -> tuple[DeadlineRule, ...]:
        """The rules whose clock is the partnership's own, in the file's order."""
        return tuple(rule for rule in self.deadlines if rule.scope == "partnership")


def partnership_file(forms_dir: Path, partnership_id: str) -> Path:
    """Where a partnership's file is."""
    return forms_dir / "partnerships" / partnership_id / "partnership.toml"


def read_document(path: Path) -> dict[str, Any]:
    """The parsed TOML, which nobody may change. Raises `PartnershipError` with what is wrong."""
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"{path}: there is no such partnership. Add the file, or correct PARTNERSHIP."
        raise PartnershipError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PartnershipError(f"{path}: not valid TOML: {error}") from error


@lru_cache(maxsize=8)
def _parsed(text: str) -> dict[str, Any]:
    """Parsing takes far longer than reading, and one process may load the same file often."""
    return tomllib.loads(text)


def load_partnership(forms_dir: Path, partnership_id: str) -> Partnership:
    """The partnership of `forms/partnerships/<id>/partnership.toml`; raises `PartnershipError`."""
    path = partnership_file(forms_dir, partnership_id)
    document = read_document(path)
    try:
        return build(document)
    except (KeyError, TypeError) as error:
        raise PartnershipError(f"{path}: missing or unknown key: {error}") from error


def build(document: Mapping[str, Any]) -> Partnership:
    """A partnership from parsed TOML, without validation of values."""
    mail = document["mail"]
    team = {stream: tuple(addresses) for stream, addresses in mail["team"].items()}
    routes = {stream: LiveRoute(**route) for stream, route in document["live_routes"].items()}
    parts = {
        "forms": tuple(document["forms"]),
        "contact": Contact(**document["contact"]),
        "live_routes": routes,
        "brand": Brand(**document["brand"]),
        "mail": Mail(**{**mail, "team": team}),
        "privacy": Privacy(**document["privacy"]),
        "calendar": _calendar(document.get("calendar", {})),
        "dates": {name: DateName(**date) for name, date in document.get("dates", {}).items()},
        "deadlines": tuple(_rule(entry) for entry in document.get("deadlines", ())),
        "retention": tuple(_retention(entry) for entry in document.get("retention", ())),
    }
    return Partnership(**{**document, **parts})


def _calendar(document: Mapping[str, Any]) -> CalendarRules:
    holidays = tuple(document.get("extra_holidays", ()))
    return CalendarRules(**{**document, "extra_holidays": holidays})


def _rule(document: Mapping[str, Any]) -> DeadlineRule:
    when = {role: tuple(answers) for role, answers in document.get("when", {}).items()}
    lists = {"remind_before": tuple(document.get("remind_before", ())), "when": when}
    return DeadlineRule(**{**document, **lists})


def _retention(document: Mapping[str, Any]) -> RetentionRule:
    return RetentionRule(**{**document, "outcomes": tuple(document.get("outcomes", ()))})
