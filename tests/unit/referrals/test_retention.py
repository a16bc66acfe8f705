"""How long a closed case is kept, by its stream and outcome, and what is wrong with such rules."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.case_work import CaseWork, Stage
from chalicelib.referrals.outcomes import outcomes_for
from chalicelib.referrals.partnership import load_partnership, partnership_file
from chalicelib.referrals.partnership_check import check_partnership, partnership_ids
from chalicelib.referrals.retention import (
    closed_before,
    is_over,
    kept,
    kept_until,
    outcomes_of,
    rule_for,
)
from tests.unit.referrals.a_worked_case import case_of
from tests.unit.referrals.conftest import FORMS, Change

SUFFOLK = load_partnership(FORMS, "suffolk")
CLOSED_ON = date(2026, 11, 20)
DAYS = st.dates(date(2000, 1, 1), date(2400, 12, 31))
YEARS = st.integers(1, 150)
ONE = 'id = "child-not-ours"\nstream = "child"'
REST = 'id = "child"\nstream = "child"\nyears = 75'


def closed(outcome: str) -> CaseWork:
    return CaseWork(stage=Stage.CLOSED, outcome=outcome, closed_on=CLOSED_ON)


@pytest.mark.parametrize(
    ("closed_on", "years", "until"),
    [
        (date(2026, 11, 20), 10, date(2036, 11, 20)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2028, 2, 29), 3, date(2031, 3, 1)),
        (date(2027, 2, 28), 1, date(2028, 2, 28)),
    ],
)
def test_a_case_is_kept_until_the_same_day_so_many_years_later(
    closed_on: date, years: int, until: date
) -> None:
    assert kept_until(closed_on, years) == until


@given(DAYS, DAYS, YEARS)
def test_what_is_listed_as_over_is_what_has_been_kept_long_enough(
    today: date, closed_on: date, years: int
) -> None:
    assert (closed_on < closed_before(today, years)) is (kept_until(closed_on, years) <= today)


@given(DAYS, YEARS)
def test_the_list_ends_at_the_very_day(today: date, years: int) -> None:
    first_kept = closed_before(today, years)

    assert kept_until(first_kept, years) > today
    assert kept_until(first_kept - timedelta(days=1), years) <= today


@pytest.mark.parametrize(
    ("stream", "outcome", "years"),
    [
        ("adult", "duplicate_merged", 10),
        ("adult", "sar_mandatory", 30),
        ("child", "withdrawn_by_referrer", 35),
        ("child", "lcspr", 75),
    ],
)
def test_the_rule_that_names_the_outcome_goes_before_the_rule_for_all_others(
    stream: str, outcome: str, years: int
) -> None:
    rule = rule_for(SUFFOLK, stream, outcome)

    assert rule is not None
    assert rule.years == years
    assert outcome in outcomes_of(SUFFOLK, rule)


@pytest.mark.parametrize("partnership_id", partnership_ids(FORMS))
def test_every_outcome_of_a_shipped_stream_is_covered_once(partnership_id: str) -> None:
    shipped = load_partnership(FORMS, partnership_id)

    for stream in shipped.forms:
        rules = [rule for rule in shipped.retention if rule.stream == stream]
        covered = [outcome for rule in rules for outcome in outcomes_of(shipped, rule)]
        assert sorted(covered) == sorted(outcomes_for(stream))


def test_what_is_shipped_is_marked_to_be_confirmed() -> None:
    for partnership_id in ("suffolk", "salford"):
        rules = load_partnership(FORMS, partnership_id).retention
        assert all("for the partnership to confirm" in rule.source for rule in rules)


def test_a_closed_case_is_over_on_the_day_that_its_rule_says() -> None:
    known = kept(SUFFOLK, case_of(closed("sar_mandatory")))

    assert known is not None
    assert known.until == date(2056, 11, 20)
    assert not is_over(known, date(2056, 11, 19))
    assert is_over(known, date(2056, 11, 20))


def test_an_open_case_has_no_such_day() -> None:
    assert kept(SUFFOLK, case_of(CaseWork())) is None


def test_a_case_that_no_rule_covers_is_never_over() -> None:
    known = kept(replace(SUFFOLK, retention=()), case_of(closed("sar_mandatory")))

    assert known is None
    assert not is_over(known, date(9999, 1, 1))


def said(forms_dir: Path) -> list[tuple[str, str]]:
    """The key of each finding, and the line that it points to."""
    lines = partnership_file(forms_dir, "suffolk").read_text(encoding="utf-8").splitlines()
    findings = check_partnership(forms_dir, "suffolk")
    return [(finding.key, lines[finding.line - 1]) for finding in findings]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "adult"\nstream', 'id = "Adult"\nstream', "retention.Adult.id"),
        ('id = "adult"\nstream', 'id = "child"\nstream', "retention.child.id"),
        ("years = 75", "years = 0", "retention.child.years"),
        ("years = 75", "years = 151", "retention.child.years"),
        ("years = 75", "years = 7.5", "retention.child.years"),
        ("years = 75", "years = 75\nmonths = 6", "retention.child.months"),
        (REST, f'{REST}\noutcomes = ["sar_mandatory"]', "retention.child.outcomes"),
        (REST, f'{REST}\noutcomes = ["lcspr"]', "retention"),
        (REST, f"{REST}\noutcomes = {list(outcomes_for('child'))}", "retention.child.outcomes"),
        ('stream = "child"\nyears', 'stream = "both"\nyears', "retention.child.stream"),
    ],
)
def test_a_wrong_rule_is_named_by_its_key(changed: Change, old: str, new: str, key: str) -> None:
    assert key in [found for found, _ in said(changed(old, new))]


def test_a_stream_without_rules_is_named(changed: Change) -> None:
    forms_dir = changed('area = "Suffolk"', 'area = "Suffolk"')
    path = partnership_file(forms_dir, "suffolk")
    text = path.read_text(encoding="utf-8")
    first, dates = text.index("[[retention]]"), text.index("# --- Dates")
    path.write_text(text[:first] + text[dates:], encoding="utf-8")

    adult, child = check_partnership(forms_dir, "suffolk")

    assert "adult cases" in adult.message
    assert "child cases" in child.message
    assert "all others" in child.remedy


def test_two_rules_for_all_others_are_one_too_many(changed: Change) -> None:
    second = '[[retention]]\nid = "again"\nstream = "child"\nyears = 5\nsource = "A test"\n\n'

    forms_dir = changed("# --- Dates", f"{second}# --- Dates")

    assert said(forms_dir) == [("retention.again.outcomes", "[[retention]]")]


def test_a_rule_that_covers_nothing_is_named(changed: Change) -> None:
    known = ", ".join(f'"{one}"' for one in outcomes_for("child"))
    text = changed(ONE, ONE)
    path = partnership_file(text, "suffolk")
    whole = path.read_text(encoding="utf-8")
    head, tail = whole.split(ONE)
    line_end = tail.index("\n", 1)
    path.write_text(f"{head}{ONE}\noutcomes = [{known}]{tail[line_end:]}", encoding="utf-8")

    assert said(text) == [("retention.child.id", 'id = "child"')]
