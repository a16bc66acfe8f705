"""The emails of the service, pure: facts in, subject, plain text and HTML out.

What may be in them is fixed: a reference, adult or child, times, due dates, a sign-in link, the
service's name and the classification line. None of these functions is given an answer, so none can
leak one; the receipt's address is put on by the caller.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.referrals import email_layout as layout
from chalicelib.referrals.times import say_date, say_time

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import Partnership

# Where a referrer answers, below the public address.
ANSWER_PAGE = "/information"
STREAM_WORDS = {"adult": "an adult", "child": "a child"}


@dataclass(frozen=True)
class Attachment:
    """A file that goes with an email. `media_type` has no parameters."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """One email, ready to hand over."""

    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def team_email(
    partnership: "Partnership",
    *,
    to: tuple[str, ...],
    reference: str,
    stream: str,
    received_at: datetime,
    next_due: date | None,
    sign_in_url: str,
) -> Message:
    """Tell the team that a notification has come in."""
    facts = [
        ("Reference", reference),
        ("About", STREAM_WORDS[stream]),
        ("Received", say_time(received_at)),
    ]
    if next_due is not None:
        facts.append(("Next due date", say_date(next_due)))
    blocks = [
        layout.heading("New case review notification"),
        layout.facts(facts),
        layout.paragraph("Sign in to read it. This email holds no case details."),
        layout.link("Sign in", sign_in_url),
    ]
    return _message(partnership, to, f"New case review notification {reference}", blocks)


def reminder_email(
    partnership: "Partnership",
    *,
    to: tuple[str, ...],
    reference: str,
    label: str,
    due_on: date,
    today: date,
    sign_in_url: str,
    act_by: date | None = None,
    prompt: bool = False,
    calendar_file: Attachment | None = None,
) -> Message:
    """Remind the team of one deadline, or (`prompt`) to ask after a duty that is somebody else's.

    `today` is the London date. A prompt never says that anything is overdue.
    """
    facts = [
        ("Reference", reference),
        ("Duty" if prompt else "Deadline", label),
        ("Due", say_date(due_on)),
    ]
    if act_by is not None and act_by != due_on:
        facts.append(("Last working day before it", say_date(act_by)))
    if not (prompt and today > due_on):
        facts.append(("Time left", days_left(due_on, today)))
    blocks = [
        layout.heading(_reminder_heading(prompt=prompt, overdue=today > due_on)),
        layout.facts(facts),
        layout.link("Sign in", sign_in_url),
    ]
    if calendar_file is not None:
        blocks.append(layout.paragraph(_ATTACHED))
    message = _message(partnership, to, f"Deadline reminder {reference}", blocks)
    return replace(message, attachments=(calendar_file,) if calendar_file else ())


_ATTACHED = (
    "A calendar file is attached. Open it to put this date in your diary. Most diaries then "
    "move the entry that an earlier reminder made."
)


def _reminder_heading(*, prompt: bool, overdue: bool) -> str:
    if prompt:
        return "Check that this has been done"
    return "Deadline overdue" if overdue else "Deadline reminder"


def receipt_email(
    partnership: "Partnership",
    *,
    to: tuple[str, ...],
    reference: str,
    stream: str,
    received_at: datetime,
    answer_url: str = "",
) -> Message:
    """Tell the referrer that the notification has arrived and what happens next."""
    acknowledgement = partnership.timing["acknowledgement"]
    consideration = partnership.timing.get(f"consideration_{stream}")
    steps = [f"We will check it and acknowledge it within {acknowledgement}."]
    if consideration:
        steps.append(f"We aim to consider it within {consideration}.")
    steps.append("We may ask you and other agencies for more information.")
    steps.append("We will tell you what was decided.")
    blocks = [
        layout.heading("We have received your notification"),
        layout.facts([("Reference", reference), ("Received", say_time(received_at))]),
        layout.subheading("What happens next"),
        layout.steps(steps),
        *_adding_information(partnership, reference, answer_url),
        *_live_concern(partnership, stream),
        *_not_replaced(stream),
    ]
    return _message(partnership, to, f"We have received your notification {reference}", blocks)


def added_email(
    partnership: "Partnership",
    *,
    to: tuple[str, ...],
    reference: str,
    stream: str,
    added_at: datetime,
    sign_in_url: str,
) -> Message:
    """Tell the team that the referrer has answered what they were asked."""
    facts = [
        ("Reference", reference),
        ("About", STREAM_WORDS[stream]),
        ("Added", say_time(added_at)),
    ]
    blocks = [
        layout.heading("Information was added to a notification"),
        layout.facts(facts),
        layout.paragraph("Sign in to read it. This email holds no case details."),
        layout.link("Sign in", sign_in_url),
    ]
    return _message(partnership, to, f"Information added {reference}", blocks)


def information_email(
    partnership: "Partnership",
    *,
    to: tuple[str, ...],
    reference: str,
    stream: str,
    code: str,
    answer_url: str,
) -> Message:
    """Send the referrer the code that opens a question. What is asked is not in it."""
    blocks = [
        layout.heading("We have a question about your notification"),
        layout.facts([("Reference", reference), ("Code", code)]),
        layout.link("Read the question and answer it", answer_url),
        layout.paragraph(
            "The page asks for the reference and the code. Anyone who has both can read the "
            "question. Do not pass them on, and do not answer by email."
        ),
        *_live_concern(partnership, stream),
    ]
    return _message(
        partnership, to, f"We have a question about your notification {reference}", blocks
    )


def resume_email(
    partnership: "Partnership",
    *,
    to: tuple[str, ...],
    stream: str,
    code: str,
    expires_at: datetime,
    resume_url: str,
) -> Message:
    """Send the code that opens a saved form again."""
    blocks = [
        layout.heading("Your code to return to your form"),
        layout.facts([("Code", code), ("Use it before", say_time(expires_at))]),
        layout.link("Return to your form", resume_url),
        layout.paragraph("Anyone who has this code can open your form. Do not pass it on."),
        *_live_concern(partnership, stream),
    ]
    return _message(partnership, to, "Your code to return to your form", blocks)


def days_left(due_on: date, today: date) -> str:
    """`3 days`, `1 day`, `due today` or `2 days overdue`; calendar days."""
    days = (due_on - today).days
    if days == 0:
        return "due today"
    count = f"{abs(days)} day" if abs(days) == 1 else f"{abs(days)} days"
    return count if days > 0 else f"{count} overdue"


def _adding_information(
    partnership: "Partnership", reference: str, answer_url: str
) -> list[layout.Block]:
    contact = partnership.contact
    blocks = [
        layout.subheading("If you need to add something or need help"),
        layout.paragraph(
            f"Email {contact.help_email} and quote only the reference {reference}. "
            "Do not put case details in an email: we will agree a secure way with you."
        ),
    ]
    if contact.help_phone:
        blocks.append(layout.paragraph(f"Or phone {contact.help_phone}."))
    if answer_url:
        told = "If we ask you for something, we give you a code. Answer with the reference and it:"
        blocks += [layout.paragraph(told), layout.link("Answer a question", answer_url)]
    return blocks


def _live_concern(partnership: "Partnership", stream: str) -> list[layout.Block]:
    route = partnership.live_routes[stream]
    blocks = [
        layout.subheading("If someone is at risk now"),
        layout.paragraph("If anyone is in immediate danger, phone 999."),
        layout.paragraph(route.text),
        layout.link(route.link_text, route.url),
    ]
    if route.phone:
        hours = f" ({route.hours})" if route.hours else ""
        blocks.append(layout.paragraph(f"Phone {route.phone}{hours}."))
    return blocks


_OTHER_DUTIES = {
    "adult": "This notification does not report a safeguarding concern to the council, and does "
    "not replace any other report that you or your agency must make.",
    "child": "This notification does not replace the local authority's Serious Incident "
    "Notification to the national Child Safeguarding Practice Review Panel, or any other report "
    "that you or your agency must make.",
}


def _not_replaced(stream: str) -> list[layout.Block]:
    return [
        layout.subheading("What this does not replace"),
        layout.paragraph(_OTHER_DUTIES[stream]),
    ]


def _message(
    partnership: "Partnership", to: tuple[str, ...], subject: str, blocks: list[layout.Block]
) -> Message:
    frame = layout.Frame(
        service=partnership.service_name,
        owner=partnership.name,
        classification=partnership.classification,
        colour=partnership.brand.colour,
        text_colour=partnership.brand.text_colour,
    )
    return Message(
        to=tuple(layout.one_line(address) for address in to),
        subject=layout.one_line(subject),
        text=layout.to_text(frame, blocks),
        html=layout.to_html(frame, subject, blocks),
    )
