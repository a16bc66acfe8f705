"""When the shipped rules fall due and remind, on the days that the catalogue of the field has."""

from datetime import date, timedelta

import pytest

from chalicelib.referrals.case import DeadlineState
from chalicelib.referrals.reminders import reminder_dates
from chalicelib.referrals.working_days import add_months
from tests.unit.referrals.shipped import CALENDAR, SALFORD, SUFFOLK, deadline, rule_of

# Working days after the trigger, or before a planned day, on which the catalogue has a reminder.
REMINDED = {
    "acknowledge": (1, 2),
    "agency-returns": (5, 8, 10),
    "panel-considers": (10, 15),
    "chair-decides": (3,),
    "tell-referrer": (3,),
    "panel-notification": (2, 4, 5),
    "national-notice-c3": (2, 4, 5),
    "national-notice-c4": (2, 4, 5),
    "partners-decide": (1,),
    "rapid-review-summaries": (0, 7, 9),
    "rapid-review-meeting": (5, 9),
    "rapid-review-sign-off": (11, 13, 14),
    "rapid-review": (5, 10, 13, 15),
    "panel-reply": (15,),
}


@pytest.mark.parametrize("name", REMINDED)
def test_reminders_go_on_the_working_days_of_the_catalogue(name: str) -> None:
    rule, monday = rule_of(SUFFOLK, name), date(2026, 9, 7)

    days = reminder_dates(rule, deadline(rule, monday), CALENDAR)

    assert days == tuple(CALENDAR.add(monday, count) for count in REMINDED[name])


def test_the_report_for_the_panel_is_reminded_before_the_planned_day() -> None:
    rule, planned = rule_of(SUFFOLK, "lcspr-report-to-panel"), date(2027, 3, 5)

    days = reminder_dates(rule, deadline(rule, planned), CALENDAR)

    assert days == tuple(CALENDAR.subtract(planned, count) for count in (15, 10, 8))


@pytest.mark.parametrize(
    ("name", "months"), [("sar-complete", (3, 2, 1)), ("lcspr-complete", (3, 2, 1))]
)
def test_a_review_is_reminded_months_ahead(name: str, months: tuple[int, ...]) -> None:
    rule, decided = rule_of(SUFFOLK, name), date(2026, 9, 7)
    due = deadline(rule, decided).due_on

    days = reminder_dates(rule, deadline(rule, decided), CALENDAR)

    assert due == date(2027, 3, 7)
    expected = [add_months(date(2027, 3, 5), -count) for count in months]  # 7 March is a Sunday
    assert days[:3] == tuple(CALENDAR.on_or_before(day) for day in expected)


@pytest.mark.parametrize("year", range(2026, 2040))
def test_the_annual_report_is_reminded_in_april_and_in_june(year: int) -> None:
    rule = rule_of(SUFFOLK, "annual-report")
    report = deadline(rule, date(year, 3, 31))

    days = reminder_dates(rule, report, CALENDAR)

    assert report.due_on == date(year, 9, 30)
    assert [(day.year, day.month) for day in days] == [(year, 4), (year, 6)]


def test_the_prompt_of_a_death_is_due_for_sending_from_the_first_day() -> None:
    rule = rule_of(SUFFOLK, "other-process-notice")

    for day in (date(2026, 11, 16) + timedelta(days=count) for count in range(14)):
        (at,) = reminder_dates(rule, deadline(rule, day), CALENDAR)

        assert at <= day


def test_a_referral_to_salford_has_met_its_five_days_by_being_received_early_or_late() -> None:
    incident = date(2026, 11, 16)
    for name in ("local-referral", "local-referral-working-days"):
        rule = rule_of(SALFORD, name)

        in_time = deadline(rule, incident, received=date(2026, 11, 18))
        late = deadline(rule, incident, received=date(2026, 12, 18))

        assert {in_time.state, late.state} == {DeadlineState.MET}
        assert (in_time.met_late, late.met_late) == (False, True)


def test_a_report_is_due_seven_working_days_before_the_planned_publication() -> None:
    rule = rule_of(SALFORD, "lcspr-report-to-panel")

    assert deadline(rule, date(2027, 1, 8)).due_on == date(2026, 12, 29)
