"""Five hundred cases in a year, corrected at random, with a scheduler that fires twice."""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from chalicelib.adapters import in_memory_cases
from chalicelib.referrals.case import RECEIVED
from chalicelib.referrals.delivery import mail_tag, reminder_delivery_id
from chalicelib.referrals.emails import Attachment
from chalicelib.referrals.reference import REFERENCE_ALPHABET
from chalicelib.referrals.reminders import reminder_id
from chalicelib.referrals.times import london
from chalicelib.use_cases import deliver
from chalicelib.use_cases.meet_deadline import meet_deadline
from chalicelib.use_cases.record_date import record_date
from chalicelib.use_cases.settle_deadline import put_in_force, withdraw_deadline
from tests.unit.use_cases.clock_rules import RECORDED, RULES, ruled_instance
from tests.unit.use_cases.year import Year, days_from, office_time, submit
from tests.unit.use_cases.year_oracle import Expected, Moment, expected

CASES = 500
PARTNERSHIPS = 25
LIFE = 100
ACTS_A_DAY = 0.06
DAY = timedelta(days=1)
SEED = 20261122
NO_FILE = Attachment("reference.ics", "text/calendar", b"")
START = datetime(2026, 9, 1, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)


@dataclass
class History:
    """What was done to one case: the acts, and what was known after each."""

    reference: str
    moments: list[Moment] = field(default_factory=list)
    known: dict[str, date] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()

    def note(self, at: datetime) -> None:
        self.moments.append(Moment(at, dict(self.known), self.aside))


def a_day_near(today: date, name: str, random: Random) -> date:
    ahead = 40 if name == "publish_on" else 0
    return today + timedelta(days=random.randint(-30, ahead))


def in_order(known: Mapping[str, date]) -> bool:
    """Whether no duty is met before its clock starts, which is refused."""
    return all(
        known.get(rule.met_by, date.max) >= known.get(rule.trigger, date.min) for rule in RULES
    )


def random_act(year: Year, case: History, at: datetime, random: Random) -> Callable[[], object]:
    """One thing that staff do to a case, noted in its history as it is chosen."""
    services, reference = year.services, case.reference
    today = at.astimezone(london()).date()
    choice = random.random()
    if choice < 0.1:
        case.aside |= {"consider"}
        case.note(at)
        return lambda: withdraw_deadline(services, reference, "consider", "A test", "staff")
    if choice < 0.2 and "consider" in case.aside:
        case.aside -= {"consider"}
        case.note(at)
        return lambda: put_in_force(services, reference, "consider", "A test", "staff")
    if choice < 0.3:
        case.known["reviewed_on"] = today
        case.note(at)
        return lambda: meet_deadline(services, reference, "review", today, "staff")
    name = random.choice(RECORDED)
    on = a_day_near(today, name, random)
    if choice < 0.4 or not in_order({**case.known, name: on}):
        case.known.pop(name, None)
        case.note(at)
        return lambda: record_date(services, reference, name, None, "staff")
    case.known[name] = on
    case.note(at)
    return lambda: record_date(services, reference, name, on, "staff")


def plan_case(year: Year, number: int, random: Random) -> History:
    """A case's life: received, acknowledged, changed at random, all that is left withdrawn."""
    alphabet = REFERENCE_ALPHABET
    letters = "".join(alphabet[number // 22**power % 22] for power in range(8))
    case = History(f"SUF-{letters[:4]}-{letters[4:]}")
    first = START.date() + timedelta(days=random.randrange(365))
    received = office_time(first, random)
    case.known[RECEIVED] = first
    case.note(received)
    year.plan(received, lambda: submit(year.services, case.reference))
    acknowledged = random.randint(1, 8)
    for number, day in enumerate(itertools.islice(days_from(first + DAY), LIFE), start=1):
        at = office_time(day, random)
        if number == acknowledged:
            year.plan(at, acknowledge(year, case, at, day))
        elif random.random() < ACTS_A_DAY:
            year.plan(at, random_act(year, case, at, random))
    at = office_time(first + timedelta(days=LIFE + 1), random)
    case.aside = frozenset(rule.act for rule in RULES)
    case.note(at)
    year.plan(at, lambda: withdraw_all(year, case.reference))
    return case


def acknowledge(year: Year, case: History, at: datetime, day: date) -> Callable[[], object]:
    case.known["acknowledged_on"] = day
    case.note(at)
    return lambda: meet_deadline(year.services, case.reference, "acknowledge", day, "staff")


def withdraw_all(year: Year, reference: str) -> None:
    for act in sorted({rule.act for rule in RULES}):
        withdraw_deadline(year.services, reference, act, "A test", "staff")


@dataclass
class Outcome:
    years: list[Year]
    cases: list[History]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """The cases of several partnerships: a table in memory is read whole for each case."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return a_year_of(monkeypatch)


def a_year_of(monkeypatch: pytest.MonkeyPatch) -> Outcome:
    random = Random(SEED)
    done = Outcome([], [])
    # Making eight thousand calendar files takes longer than all the rest of the year.
    monkeypatch.setattr(deliver, "deadline_calendar", lambda *_, **__: NO_FILE)
    # Nor is each case written out and read again when it is stored: the contract suite does that.
    monkeypatch.setattr(in_memory_cases, "copied", lambda case: case)
    for partnership in range(PARTNERSHIPS):
        instance = ruled_instance()
        instance.clock.instant = START
        year = Year(instance.services, instance.clock, SEED + partnership)
        mine = range(partnership * CASES // PARTNERSHIPS, (partnership + 1) * CASES // PARTNERSHIPS)
        done.cases += [plan_case(year, number, random) for number in mine]
        done.years.append(year)
        year.run(END)
    return done


def names_of(case: History, reminders: Expected) -> list[tuple[str, date]]:
    return [
        (mail_tag(reminder_delivery_id(case.reference, reminder_id(rule, due, day))), day)
        for rule, due, day in reminders
    ]


def test_every_reminder_is_sent_once_on_its_day(outcome: Outcome) -> None:
    wanted = Counter(
        name
        for case in outcome.cases
        for rule in RULES
        for name in names_of(case, expected(rule, case.moments, END))
    )
    sent = Counter(entry for year in outcome.years for entry in year.sent)

    assert len(outcome.cases) == CASES
    assert sum(wanted.values()) > 5 * CASES
    assert sent == wanted


def test_at_no_time_is_there_a_schedule_of_a_reminder_that_is_not_wanted(
    outcome: Outcome,
) -> None:
    assert [year.orphans for year in outcome.years] == [set()] * PARTNERSHIPS


def test_no_schedule_is_left_without_a_reminder_to_come(outcome: Outcome) -> None:
    assert [year.schedules.kept for year in outcome.years] == [{}] * PARTNERSHIPS


def test_nothing_waits_to_be_put_right(outcome: Outcome) -> None:
    outboxes = [year.services.outbox for year in outcome.years]

    assert [outbox.due(now=END, limit=10) for outbox in outboxes] == [[]] * PARTNERSHIPS
    assert [outbox.needs_person(limit=10) for outbox in outboxes] == [[]] * PARTNERSHIPS
