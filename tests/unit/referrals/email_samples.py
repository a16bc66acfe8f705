"""One of each email, and a reader that sees of its HTML what a person sees."""

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

from chalicelib.referrals.emails import (
    Attachment,
    Message,
    added_email,
    information_email,
    receipt_email,
    reminder_email,
    resume_email,
    team_email,
)
from chalicelib.referrals.partnership import Partnership, load_partnership

FORMS = Path(__file__).resolve().parents[3] / "forms"
SUFFOLK = load_partnership(FORMS, "suffolk")
REFERENCE = "SUF-BCDF-3479"
RECEIVED_AT = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
STAFF = "https://casereview.example/staff"
TEAM = ("team@suffolk.example",)
CALENDAR = Attachment(f"{REFERENCE}.ics", "text/calendar", b"BEGIN:VCALENDAR")
PLAIN_TAGS = set("html head meta title body table tr td h1 h2 p a strong br ol li".split())  # noqa: SIM905


def team(partnership: Partnership = SUFFOLK) -> Message:
    return team_email(
        partnership,
        to=TEAM,
        reference=REFERENCE,
        stream="adult",
        received_at=RECEIVED_AT,
        next_due=date(2026, 11, 24),
        sign_in_url=STAFF,
    )


def receipt(partnership: Partnership = SUFFOLK, stream: str = "adult") -> Message:
    return receipt_email(
        partnership,
        to=("referrer@agency.example",),
        reference=REFERENCE,
        stream=stream,
        received_at=RECEIVED_AT,
        answer_url="https://casereview.example/information",
    )


def reminder(
    partnership: Partnership = SUFFOLK,
    *,
    today: date = date(2026, 11, 23),
    prompt: bool = False,
    calendar_file: Attachment | None = CALENDAR,
) -> Message:
    return reminder_email(
        partnership,
        to=TEAM,
        reference=REFERENCE,
        label="Acknowledge the referral",
        due_on=date(2026, 11, 24),
        today=today,
        sign_in_url=STAFF,
        prompt=prompt,
        calendar_file=calendar_file,
    )


def overdue(partnership: Partnership = SUFFOLK) -> Message:
    return reminder(partnership, today=date(2026, 11, 26))


def prompt(partnership: Partnership = SUFFOLK) -> Message:
    return reminder(partnership, prompt=True)


def resume(partnership: Partnership = SUFFOLK) -> Message:
    return resume_email(
        partnership,
        to=("referrer@agency.example",),
        stream="adult",
        code="01234-56789-ABCDE-FGHJK",
        expires_at=RECEIVED_AT + timedelta(days=30),
        resume_url="https://casereview.example/resume",
    )


def added(partnership: Partnership = SUFFOLK) -> Message:
    return added_email(
        partnership,
        to=TEAM,
        reference=REFERENCE,
        stream="adult",
        added_at=RECEIVED_AT,
        sign_in_url=STAFF,
    )


def question(partnership: Partnership = SUFFOLK) -> Message:
    return information_email(
        partnership,
        to=("referrer@agency.example",),
        reference=REFERENCE,
        stream="adult",
        code="01234-56789-ABCDE-FGHJK",
        answer_url="https://casereview.example/information",
    )


class TextOf(HTMLParser):
    """The text a person sees, and the tags and links that carry it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())
