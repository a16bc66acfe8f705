"""What holds of deadlines and reminders whatever the rules, the dates and the history."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant

from chalicelib.referrals.case import Case, Settled
from chalicelib.referrals.case_change import recomputed, record_date, settle
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.delivery import Delivery, State
from chalicelib.referrals.partnership import DeadlineRule
from chalicelib.referrals.reminders import is_chase, next_chase, plan, reminder_dates
from chalicelib.referrals.times import MORNING, local_date, london_to_utc
from chalicelib.referrals.working_days import WorkingCalendar
from tests.unit.referrals.a_case import NAMES, RECEIVED_ON, a_case, by, clocks, instant
from tests.unit.referrals.a_history import RULES, History

DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 1))


class Laws(History):
    """Checked after everything that happens."""

    @invariant()
    def planning_twice_is_planning_once(self) -> None:
        desk = self.desk
        first = desk.plan(desk.case)
        rows = desk.rows | {row.id: row for row in first.add}
        rows |= {row.id: replace(row, state=State.CANCELLED) for row in first.cancel}
        rules, calendar = desk.clocks.rules, desk.clocks.calendar
        second = plan(rules, desk.case, desk.case, rows.values(), calendar, desk.now)

        assert (second.add, second.cancel) == ((), ())

    @invariant()
    def recomputing_changes_nothing(self) -> None:
        assert recomputed(self.desk.case, self.desk.clocks) == self.desk.case

    @invariant()
    def nothing_is_sent_twice_and_what_was_sent_stays_so(self) -> None:
        rows = self.desk.rows.values()
        assert sorted(self.sent) == sorted(row.id for row in rows if row.state is State.SENT)

    @invariant()
    def what_is_to_go_is_of_an_open_deadline_as_it_is(self) -> None:
        of_open = [row for _, one in self.open_deadlines() for row in self.reminders_of(one)]

        assert [row for row in self.desk.live() if row not in of_open] == []

    @invariant()
    def from_tomorrow_on_the_same_is_to_go_as_for_a_new_case(self) -> None:
        desk = self.desk
        fresh = plan(desk.clocks.rules, None, desk.case, (), desk.clocks.calendar, desk.now)

        assert self._ahead(desk.live()) == self._ahead(fresh.add)

    def _ahead(self, rows: "tuple[Delivery, ...] | list[Delivery]") -> set[str]:
        ahead = (row for row in rows if local_date(instant(row)) > self.today)
        return {row.id for row in ahead if not is_chase(row)}

    @invariant()
    def every_lead_time_to_come_has_its_reminder(self) -> None:
        for one, deadline in self.open_deadlines():
            there = {local_date(instant(row)) for row in self.reminders_of(deadline)}
            days = reminder_dates(one, deadline, self.desk.clocks.calendar)

            assert {day for day in days if london_to_utc(day, MORNING) > self.desk.now} <= there

    @invariant()
    def somebody_was_told_once_a_lead_time_is_past(self) -> None:
        for one, deadline in self.open_deadlines():
            first, *_ = (*reminder_dates(one, deadline, self.desk.clocks.calendar), date.max)
            told = [local_date(instant(row)) for row in self.reminders_of(deadline)]

            if first < self.today:
                assert min(told) <= self.today

    @invariant()
    def a_chased_deadline_has_one_chase_to_come_and_in_time(self) -> None:
        calendar, now = self.desk.clocks.calendar, self.desk.now
        for one, deadline in self.open_deadlines():
            live = [row for row in self.desk.live() if row in self.reminders_of(deadline)]
            chases = [row for row in live if is_chase(row)]
            days = [local_date(instant(row)) for row in chases if instant(row) > now]
            if not one.chased:
                assert days == []
            elif days:
                assert len(days) == 1
                assert calendar.is_working(days[0])
                assert days[0] <= next_chase(one, deadline, self.today, calendar)
            else:
                # It is the performing of one that plans the next.
                assert chases


TestLaws = Laws.TestCase
# Explaining a failure takes minutes and says little of a history.
TestLaws.settings = settings(
    max_examples=150, stateful_step_count=20, deadline=None, phases=set(Phase) - {Phase.explain}
)


def recorded(case: Case, running: Clocks, name: str, on: date | None) -> Case:
    actor = by(case.received_at + timedelta(days=2000))
    return recomputed(record_date(case, NAMES, name, on, actor), running)


@given(
    RULES,
    st.dictionaries(st.sampled_from(sorted(NAMES)), st.none() | DAYS),
    st.sets(st.sampled_from(["one", "two", "three"])),
    st.randoms(use_true_random=False),
)
def test_deadlines_do_not_depend_on_the_order_in_which_things_became_known(
    rules: tuple[DeadlineRule, ...],
    dates: dict[str, date | None],
    withdrawn: set[str],
    random: Random,
) -> None:
    running = clocks(*rules)
    steps: list[tuple[str, date | None] | str] = [*dates.items(), *sorted(withdrawn)]
    found = []
    for _ in range(2):
        random.shuffle(steps)
        case = a_case(running, told_on=RECEIVED_ON)
        for step in steps:
            if isinstance(step, str):
                set_aside = settle(case, running, step, Settled.WITHDRAWN, "A reason.", by())
                case = recomputed(set_aside, running)
            else:
                case = recorded(case, running, *step)
        found.append(case.deadlines)

    assert found[0] == found[1]


@given(RULES, st.sampled_from(sorted(NAMES)), st.lists(st.none() | DAYS, min_size=1))
def test_of_several_corrections_only_the_last_counts(
    rules: tuple[DeadlineRule, ...], name: str, corrections: list[date | None]
) -> None:
    running = clocks(*rules)
    case = a_case(running, told_on=RECEIVED_ON)
    at_once = recorded(case, running, name, corrections[-1])

    for on in corrections:
        case = recorded(case, running, name, on)

    assert case.deadlines == at_once.deadlines


@given(DAYS, st.integers(0, 60), st.sets(DAYS))
def test_working_days_added_and_taken_away_again_leave_a_working_day(
    day: date, count: int, holidays: set[date]
) -> None:
    calendar = WorkingCalendar(frozenset(holidays))
    start = calendar.on_or_after(day)

    assert calendar.subtract(calendar.add(start, count), count) == start
    assert calendar.add(calendar.subtract(start, count), count) == start
