"""A deadline as a calendar file (.ics, RFC 5545), for the diary of whoever gets the reminder.

It holds what the reminder email holds and no more: reference, deadline's name, due date, sign-in
link, the partnership's name and help address, classification. Not "days left": wrong the day after.
"""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from chalicelib.referrals.email_layout import one_line
from chalicelib.referrals.emails import Attachment
from chalicelib.referrals.times import say_date

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import Partnership

# Without parameters: SES promises to take a type and subtype, and an email refused is a reminder
# missed. The file itself says its method, and is UTF-8 by definition (RFC 5545, 3.1.4).
_MEDIA_TYPE = "text/calendar"
_MAKER = "-//Case review notifications//Deadlines//EN"
# Ours alone and fixed for ever: another one would make second entries in every diary.
_ENTRIES = UUID("0c9e6a64-5f0b-4b0e-9a43-7a1d9a2f3c58")
_SEQUENCE_START = datetime(2020, 1, 1, tzinfo=UTC)


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
    """One all-day entry on the due date, a London date; `made_at` is an aware instant.

    The entry's id is the same for every reminder of one rule of one referral, so the next file
    moves the entry that the last one made, whether the deadline moved or its next occurrence came.
    """
    # Here, for its cost: a fifth of a second, which only a function that reminds should pay.
    from icalendar import Calendar, Event, vCalAddress, vUri

    organiser = vCalAddress(f"mailto:{one_line(partnership.contact.help_email)}")
    organiser.params["CN"] = one_line(partnership.name)
    link = one_line(sign_in_url)
    name = one_line(label)

    event = Event()
    event.add("uid", str(uuid5(_ENTRIES, f"{partnership.id}/{reference}/{rule}")))
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("sequence", _sequence(made_at))
    event.add("organizer", organiser)  # RFC 5546 wants one in what is published
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("summary", f"{name} {reference}")
    event.add("description", _description(partnership, reference, name, (due_on, act_by), link))
    event.add("url", vUri(link))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # a duty does not make the day busy

    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return Attachment(f"{reference}.ics", _MEDIA_TYPE, calendar.to_ical())


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
