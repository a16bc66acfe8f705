"""Deadlines as a calendar file (.ics, RFC 5545): one with a reminder, or many for a diary.

It holds what the reminder email holds and no more: reference, deadline's name, due date, sign-in
link, the partnership's name and help address, classification. Not "days left": wrong the day after.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from chalicelib.referrals.email_layout import one_line
from chalicelib.referrals.emails import Attachment
from chalicelib.referrals.times import say_date

if TYPE_CHECKING:
    from icalendar import Event

    from chalicelib.referrals.partnership import Partnership

# Without parameters: SES promises to take a type and subtype, and an email refused is a reminder
# missed. The file itself says its method, and is UTF-8 by definition (RFC 5545, 3.1.4).
_MEDIA_TYPE = "text/calendar"
_MAKER = "-//Case review notifications//Deadlines//EN"
# Ours alone and fixed for ever: another one would make second entries in every diary.
_ENTRIES = UUID("0c9e6a64-5f0b-4b0e-9a43-7a1d9a2f3c58")
_SEQUENCE_START = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One deadline of one case: `due_on` and `act_by` are London dates, `label` as it is told."""

    reference: str
    rule: str
    label: str
    due_on: date
    act_by: date | None = None


def deadline_calendar(
    partnership: "Partnership",
    *,
    reference: str,
    rule: str,
    label: str,
    due_on: date,
    made_at: datetime,
    sign_in_url: str,
    act_by: date | None = None,
) -> Attachment:
    """One all-day entry on the due date, a London date; `made_at` is an aware instant."""
    entry = Entry(reference, rule, label, due_on, act_by)
    content = calendar_of(partnership, [entry], made_at=made_at, sign_in_url=sign_in_url)
    return Attachment(f"{reference}.ics", _MEDIA_TYPE, content)


def calendar_of(
    partnership: "Partnership", entries: Iterable[Entry], *, made_at: datetime, sign_in_url: str
) -> bytes:
    """A file of all-day entries, in their order; `made_at` is an aware instant.

    An entry's id is the same in every file and reminder of one rule of one referral, so the next
    file moves the entry that the last one made, whether the deadline moved or its next occurrence
    came.
    """
    # Here, for its cost: a fifth of a second, which only a function that reminds should pay.
    from icalendar import Calendar, vCalAddress

    organiser = vCalAddress(f"mailto:{one_line(partnership.contact.help_email)}")
    organiser.params["CN"] = one_line(partnership.name)
    link = one_line(sign_in_url)

    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        event = _event(partnership, entry, made_at, link)
        event.add("organizer", organiser)  # RFC 5546 wants one in what is published
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _event(partnership: "Partnership", entry: Entry, made_at: datetime, link: str) -> "Event":
    from icalendar import Event, vUri

    name, days = one_line(entry.label), (entry.due_on, entry.act_by)
    event = Event()
    event.add("uid", str(uuid5(_ENTRIES, f"{partnership.id}/{entry.reference}/{entry.rule}")))
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("sequence", _sequence(made_at))
    event.add("dtstart", entry.due_on)
    event.add("dtend", entry.due_on + timedelta(days=1))
    event.add("summary", f"{name} {entry.reference}")
    event.add("description", _description(partnership, entry.reference, name, days, link))
    event.add("url", vUri(link))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # a duty does not make the day busy
    return event


def _sequence(made_at: datetime) -> int:
    """Whole minutes since 2020: grows from reminder to reminder with nothing to count or store.

    A diary takes a file over what it has when the sequence is higher or, when two were made in one
    minute, the time stamp is later (RFC 5546, 2.1.5).
    """
    return (made_at - _SEQUENCE_START) // timedelta(minutes=1)


def _description(
    partnership: "Partnership",
    reference: str,
    name: str,
    days: tuple[date, date | None],
    link: str,
) -> str:
    due_on, act_by = days
    before = []
    if act_by is not None and act_by != due_on:
        before = [f"Last working day before it: {say_date(act_by)}"]
    lines = [
        name,
        f"Reference: {reference}",
        f"Due: {say_date(due_on)}",
        *before,
        f"Sign in: {link}",
        one_line(partnership.classification),
    ]
    return "\n".join(lines)
