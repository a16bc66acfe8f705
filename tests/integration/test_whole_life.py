"""One adult and one child case from the public form to their closing, on the packaged system.

The adult's people use a desk with scripts, the child's a phone without any: nothing needs more.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from chalicelib.adapters.clock import SystemClock
from chalicelib.referrals.staff import Role
from chalicelib.referrals.times import local_date
from tests.browser.chromium import Browsing
from tests.browser.typing_in import choose, enter
from tests.integration.local_run import LocalRun, waited_for
from tests.integration.office import DESK, PHONE, Office, Pictures

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.emulator]

SUPPORT, MANAGER = Role.BUSINESS_SUPPORT, Role.BUSINESS_MANAGER
LOOKING = ("Opened", "Printed", "Read", "Searched")
CLOSING = ["Closed a case", "Reopened a case", "Closed a case"]
MEMBER, CHAIR, AUDITOR = Role.PANEL_MEMBER, Role.PANEL_CHAIR, Role.AUDITOR_READONLY


@pytest.fixture
def today() -> date:
    return local_date(SystemClock().now())


def received(office: Office, persona: str) -> None:
    """Notified, found by way of the email, acknowledged, and somebody's to work on."""
    office.notify(persona)
    office.sign_in_from_email(SUPPORT)
    office.do(SUPPORT, "acknowledge")
    office.do(SUPPORT, "assign", assignee="me")
    page = office.desk(SUPPORT)
    page.goto("/staff/cases?assignee=me")
    office.pictures.take(page, "list")
    assert page.get_by_role("link", name=office.reference).count() == 1


def information_added(office: Office, **how: str) -> None:
    """The referrer is asked, and what they answer is added to the case."""
    code = office.ask_the_referrer(SUPPORT, "Which school did they go to?", **how)
    thanks = office.answer_as_referrer(code, "Example Primary School, until July.")
    assert thanks.get_by_role("heading", name="Your answer was added").count() == 1
    page = office.open(SUPPORT)
    assert page.get_by_text("Example Primary School, until July.").count() >= 1


def scoped(office: Office) -> None:
    """The agencies gave their summaries, and the panel has it on its list."""
    office.do(SUPPORT, "stage", stage="scoping")
    office.do(SUPPORT, "stage", stage="panel_listed")


def decide(
    office: Office, role: Role, kind: str, outcome: str, met: tuple[str, ...], **typed: str | date
) -> Page:
    """Sends a recommendation or a decision with an answer to each criterion."""
    page = office.open(role, kind)
    names = page.locator("main input[type=radio]").evaluate_all("boxes => boxes.map(b => b.name)")
    for name in dict.fromkeys(names):
        choose(page, name, "met" if name.removeprefix("criterion_") in met else "not_met")
    said = {"decider": "The Independent Chair", "reasons": "As minuted.", "view_police": "Agrees."}
    for name, value in {"outcome": outcome, **said, **typed}.items():
        enter(page, name, value if isinstance(value, str) else value.isoformat())
    office.pictures.take(page, kind)
    with page.expect_navigation():
        page.locator("main form button").last.click()
    return page


def closed_reopened_and_closed(office: Office, outcome: str, stage: str) -> None:
    office.do(MANAGER, "close", outcome=outcome, reason="Nothing is left to do.")
    office.do(MANAGER, "reopen", stage=stage, reason="The coroner has found more.")
    assert office.open(MANAGER).get_by_text("Closed on").count() == 0
    office.do(MANAGER, "close", outcome=outcome, reason="It changes nothing.")
    page = office.open(MANAGER)
    office.pictures.take(page, "closed")
    page.goto("/staff/cases")
    assert page.get_by_role("link", name=office.reference).count() == 0


def audited(office: Office) -> list[str]:
    """What the audit trail says was done, in order, without what was only looked at."""
    page = office.open(AUDITOR, "history")
    office.pictures.take(page, "audit-trail")
    told = page.locator(".app-history__head strong").all_inner_texts()
    while page.get_by_role("link", name="Older entries").count():
        with page.expect_navigation():
            page.get_by_role("link", name="Older entries").click()
        told += page.locator(".app-history__head strong").all_inner_texts()
    return [one for one in reversed(told) if not one.startswith(LOOKING)]


def test_a_referral_for_an_adult_ends_without_a_review(
    local_run: LocalRun, browsing: Browsing, today: date
) -> None:
    office = Office(local_run, browsing, Pictures("adult"), scripts=True, width=DESK)
    received(office, "adult-minimal")
    information_added(office, how="email")
    waited_for(lambda: office.mails_with("/information"))
    pack = office.make_pack(SUPPORT, recipient="Named nurse, hospital trust", purpose="Own records")
    assert "/packs/" in pack.url
    assert pack.get_by_text("Sam Okafor").count() == 0, "the referrer"
    office.do(SUPPORT, "dates/scoping_requested_on", on=today)
    office.do(SUPPORT, "dates/agency_returns_in_on", on=today)
    scoped(office)
    without_review: dict[str, str | date] = {
        "alternative": "A learning review.",
        "review_on": today + timedelta(days=90),
    }
    met = ("A_NEEDS",)
    none = "no_review_reasons_recorded"
    decide(office, MEMBER, "recommendation", none, met, decided_on=today, **without_review)

    refused = decide(office, CHAIR, "decision", none, met, decided_on=today)
    office.pictures.take(refused, "decision-refused")
    assert refused.title().startswith("Error: "), "R9: what else was considered, when to look again"
    page = decide(office, CHAIR, "decision", none, met, decided_on=today, **without_review)
    assert page.url.endswith("?done=decided")

    office.do(SUPPORT, "dates/referrer_told_on", on=today)
    closed_reopened_and_closed(office, none, "scoping")
    office.pictures.take(office.open(MANAGER, "print"), "print")
    assert audited(office) == [
        "Submitted",
        "Acknowledged a case",
        "Assigned a case",
        "Asked the referrer for information",
        "Emailed a code",
        "Added information",
        "Made a redacted pack",
        *["Recorded a date"] * 2,
        *["Moved a case"] * 2,
        "Recorded a recommendation",
        "Recorded a decision",
        "Recorded a date",
        *CLOSING,
    ]


def test_a_referral_for_a_child_ends_in_a_published_review(
    local_run: LocalRun, browsing: Browsing, today: date
) -> None:
    office = Office(local_run, browsing, Pictures("child"), scripts=False, width=PHONE)
    received(office, "child-minimal")
    information_added(office, how="tell")
    office.do(SUPPORT, "dates/la_aware_on", on=today - timedelta(days=1))
    office.do(SUPPORT, "dates/sin_sent_on", on=today)
    office.do(SUPPORT, "dates/notifiable_decided_on", on=today)
    scoped(office)
    met = ("C_HARM",)
    decide(office, MEMBER, "recommendation", "lcspr", met, decided_on=today)
    decide(office, CHAIR, "decision", "rapid_review_only", met, decided_on=today)

    office.do(SUPPORT, "stage", stage="rapid_review")
    office.do(SUPPORT, "dates/rapid_review_started_on", on=today)
    for act in ("rapid-review-summaries", "rapid-review-meeting", "rapid-review-sign-off"):
        office.do(SUPPORT, f"deadlines/{act}/met")
    office.do(SUPPORT, "dates/rapid_review_sent_on", on=today)
    office.do(SUPPORT, "dates/panel_replied_on", on=today)
    page = decide(office, CHAIR, "decision", "lcspr", met, decided_on=today)
    assert "Complete and publish the Local Child Safeguarding Practice Review" in page.content()

    office.do(SUPPORT, "stage", stage="review_running")
    office.do(SUPPORT, "dates/publication_planned_on", on=today + timedelta(days=30))
    office.do(SUPPORT, "dates/report_sent_to_panel_on", on=today)
    office.do(SUPPORT, "stage", stage="report_agreed")
    office.do(SUPPORT, "stage", stage="published")
    office.do(SUPPORT, "dates/lcspr_published_on", on=today)
    office.do(SUPPORT, "stage", stage="actions_tracking")
    closed_reopened_and_closed(office, "lcspr", "actions_tracking")
    done = audited(office)
    assert done[-3:] == CLOSING
    assert Counter(done) == {
        "Submitted": 1,
        "Acknowledged a case": 1,
        "Assigned a case": 1,
        "Asked the referrer for information": 1,
        "Added information": 1,
        "Recorded a date": 9,
        "Moved a case": 7,
        "Recorded a recommendation": 1,
        "Recorded a decision": 2,
        "Met a deadline": 3,
        "Closed a case": 2,
        "Reopened a case": 1,
    }
