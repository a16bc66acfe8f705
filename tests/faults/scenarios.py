"""What goes on in an instance, as scenarios: each is prepared, then has its calls struck."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.referrals.delivery import Kind, delivery_id_of, mail_tag
from chalicelib.referrals.resume_code import new_code
from chalicelib.referrals.staff import Role
from chalicelib.use_cases.ask_information import Asking, ask_information
from chalicelib.use_cases.meet_deadline import meet_deadline
from chalicelib.use_cases.record_date import record_date
from chalicelib.use_cases.redrive import redrive
from chalicelib.use_cases.submit_referral import submit_document
from tests.faults.disposing import closed, disposed
from tests.faults.mail_rules import Mood
from tests.faults.people import Agency, Browser, key_id, staff
from tests.faults.scheduler_rules import Schedule
from tests.faults.world import World
from tests.staff import a_person
from tests.unit.use_cases.instance import ANSWERS

EVENTS = Path(__file__).resolve().parents[1] / "fixtures" / "mail_events"
KEY = "key-of-a-scenario"


@dataclass(frozen=True)
class Scenario:
    """`prepare` gives what `act` is given. A `new_instance` has not been put right even once.

    `twice` is how many messages are sent again by intention.
    """

    name: str
    prepare: Callable[[World], Any]
    act: Callable[[World, Any], object]
    settings: dict[str, Any] | None = None
    new_instance: bool = False
    twice: int = 0


def put_right(world: World) -> None:
    """Reconcile's function runs, also when there is nothing to do."""
    world.reconcile.accept({})
    world.settle(minutes=5)


def stored(world: World) -> str:
    """A referral that was taken just now and shown; nothing of it is done yet."""
    services = world.services
    receipt, _ = submit_document(services, services.forms["adult"], ANSWERS["adult"], KEY)
    world.shown[key_id(KEY)] = receipt.reference
    return receipt.reference


def delivered(world: World) -> str:
    """A referral of which the team has heard, with its schedules."""
    reference = stored(world)
    world.settle(minutes=2)
    return reference


def until(world: World, text: str) -> str:
    """A delivered referral at an instant (UTC)."""
    reference = delivered(world)
    world.run(datetime.fromisoformat(text).replace(tzinfo=UTC))
    return reference


def _saved(world: World, _: Any) -> None:
    browser = Browser(world)
    page = browser.open("/adult/immediate-danger")
    page = browser.go_on(page, immediate_danger="no")
    page = browser.go_on(page, live_concern="no")
    assert page.path.endswith("/who-you-are"), page.path


def _with_draft(world: World) -> Browser:
    browser = Browser(world)
    browser.take_draft()
    return browser


def _sent_by_page(_: World, browser: Browser) -> None:
    browser.notify()
    browser.open("/adult/copy")


def _asked(world: World) -> dict[str, str]:
    """The referrer was told a code; what they post with it."""
    reference, code = delivered(world), new_code()
    asking = Asking("f" * 32, code, "Which school?", world.clock.now().date() + timedelta(days=9))
    case = world.services.cases.find(reference)
    assert case is not None
    person = a_person(Role.BUSINESS_SUPPORT)
    ask_information(world.services, reference, asking, person, case.version)
    world.settle(minutes=2)
    return {"reference": reference, "code": code}


def _answered(world: World, keys: dict[str, str]) -> None:
    answer = {"answer": "It was closed in March.", "name": "Jo Referrer", "step": "send"}
    page = Browser(world).send("/information", {**keys, **answer})
    assert "Your answer was added" in page.text, page.title
    world.settle(minutes=3)


def _recorded(on: date) -> Callable[[World, str], object]:
    def act(world: World, reference: str) -> None:
        staff(world, lambda: record_date(world.services, reference, "decided_on", on, "staff"))
        world.settle(minutes=3)

    return act


def _with_date(world: World) -> str:
    reference = until(world, "2026-11-23T12:00:00")
    _recorded(date(2026, 11, 20))(world, reference)
    return reference


def _met(world: World, reference: str) -> None:
    today = world.clock.now().date()
    staff(world, lambda: meet_deadline(world.services, reference, "acknowledge", today, "staff"))
    world.settle(minutes=3)


def _under_new_rules(world: World, _: Any) -> None:
    """A bank holiday is announced: the rules that every case follows are others now."""
    calendar = replace(world.partnership.calendar, extra_holidays=(date(2026, 11, 24),))
    world.partnership = replace(world.partnership, calendar=calendar)
    world.restart()
    _put_right_often(world, None)


def _put_right_often(world: World, _: Any) -> None:
    for _number in range(3):
        put_right(world)


def _heard(world: World, _: str) -> None:
    """The team's mailbox bounces for good; it is mended, and what was lost is sent again."""
    rows = world.store.deliveries()
    team = next(row for row in rows if row.kind is Kind.TEAM_EMAIL)
    receipt = next(row for row in rows if row.kind is Kind.RECEIPT_EMAIL)
    kinds = ("delivery_delay", "bounce_permanent_general", "delivery_delay")
    for kind in (*kinds, "bounce_permanent_general"):
        world.hear.accept(mail_report(kind, team.id, world.clock.now()))
    world.hear.accept(mail_report("delivery", receipt.id, world.clock.now()))
    world.settle(minutes=10)
    staff(world, lambda: redrive(world.services))
    world.settle(minutes=20)


def mail_report(kind: str, delivery: str, at: datetime) -> dict[str, Any]:
    """An event of SES as EventBridge brings it, about one of our deliveries."""
    event: dict[str, Any] = json.loads((EVENTS / f"{kind}.json").read_text(encoding="utf-8"))
    event["time"] = at.isoformat()
    event["detail"]["mail"]["tags"]["delivery_id"] = [mail_tag(delivery)]
    return event


def _reporting(world: World) -> str:
    """SES reports each email's arrival, twenty seconds after it took it."""

    def report(tag: str) -> None:
        event = mail_report("delivery", delivery_id_of(tag), world.clock.now())
        world.hear.accept(event, after=timedelta(seconds=20))

    world.mail.report = report
    return stored(world)


def _unread(world: World) -> str:
    """The stream's mapping is broken: what was written is never handed over."""
    reference = stored(world)
    world.store.publish()
    world.stream.forget()
    return reference


def _untidy(world: World) -> str:
    """Somebody deleted two schedules and left one of no reminder."""
    reference = until(world, "2026-11-21T02:50:00")
    kept = world.scheduler.kept
    lost = sorted(kept)[:2]
    orphan: Schedule = kept[lost[0]]
    for name in lost:
        del kept[name]
    name = "SUF-BBBB-BBBB-acknowledge-20261124-20261123"
    kept[name] = replace(orphan, name=name)
    return reference


def _refused(world: World) -> str:
    world.mail.mood = Mood.REFUSING
    reference = delivered(world)
    world.mail.mood = Mood.WELL
    return reference


def _redriven(world: World, _: str) -> None:
    staff(world, lambda: redrive(world.services))
    world.settle(minutes=30)


def _after(**duration: float) -> Callable[[World, Any], object]:
    return lambda world, _: world.run(world.clock.now() + timedelta(**duration))


def _nothing(_: World) -> None:
    return None


FEEDBACK = {"expects_feedback": True}
SCENARIOS = (
    Scenario("open the year", _nothing, _put_right_often, new_instance=True),
    Scenario("save a draft", _nothing, _saved),
    Scenario("send by page", _with_draft, _sent_by_page),
    Scenario("answer a question", _asked, _answered),
    Scenario("send by API", _nothing, lambda world, _: Agency(world).notify(KEY)),
    Scenario("deliver by stream", stored, _after(minutes=3)),
    Scenario("fire a reminder", lambda w: until(w, "2026-11-23T08:55:00"), _after(minutes=10)),
    Scenario("chase what is late", lambda w: until(w, "2026-11-25T08:55:00"), _after(minutes=10)),
    Scenario("record a date", delivered, _recorded(date(2026, 11, 20))),
    Scenario("correct a date", _with_date, _recorded(date(2026, 11, 18))),
    Scenario("meet a deadline", delivered, _met),
    Scenario("recompute", lambda w: until(w, "2026-11-20T15:00:00"), _under_new_rules),
    Scenario("deliver and hear of it", _reporting, _after(minutes=3), FEEDBACK),
    Scenario("hear of a lost mailbox", delivered, _heard, FEEDBACK, twice=1),
    Scenario("reconcile", _unread, _after(minutes=20), FEEDBACK),
    Scenario("tidy schedules", _untidy, _after(minutes=40)),
    Scenario("redrive", _refused, _redriven),
    Scenario("dispose", lambda w: closed(w, delivered(w)), disposed),
)
