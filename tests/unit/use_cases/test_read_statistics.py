"""Counting the cases of a year: which are read, who may, and what the audit trail has of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_work import CaseWork, Conflict
from chalicelib.referrals.staff import NotAllowed, Role
from chalicelib.referrals.suppression import Shown
from chalicelib.use_cases import read_statistics as module
from chalicelib.use_cases.read_statistics import read_statistics
from tests.contract.samples import NOW
from tests.counted import a_counted_case, keep
from tests.staff import a_person
from tests.unit.use_cases.instance import Instance, an_instance

READER = a_person(Role.PANEL_MEMBER, id="p-reader")
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
DAY = timedelta(days=1)


@pytest.fixture
def instance() -> Instance:
    return an_instance("suffolk")


def received(instance: Instance, year: int = 2026, stream: str = "adult") -> Shown:
    return read_statistics(instance.services, READER, stream, year).totals["received"]


def test_open_cases_and_closed_ones_are_counted_once(instance: Instance) -> None:
    cases = [a_counted_case(n, closed_on=FIRST + 90 * DAY if n % 2 else None) for n in range(250)]
    keep(instance.table, *cases)

    assert received(instance) == Shown(250)


def test_a_case_that_was_closed_since_still_counts_in_its_year(instance: Instance) -> None:
    cases = [
        a_counted_case(n, FIRST - 60 * DAY, closed_on=LAST - n * DAY, outcome="sar_mandatory")
        for n in range(20)
    ]
    keep(instance.table, *cases)

    assert (received(instance, 2025), received(instance, 2026)) == (Shown(20), Shown(0))


def test_cases_of_the_other_stream_are_not_counted(instance: Instance) -> None:
    keep(instance.table, *(a_counted_case(n, stream="child") for n in range(20)))

    assert received(instance) == Shown(0)
    assert received(instance, stream="child") == Shown(20)


def test_the_figures_are_the_same_for_somebody_who_is_barred_from_a_case(
    instance: Instance,
) -> None:
    """Another's figures without that case, beside these, would tell what is in it."""
    conflict = CaseWork(conflicts={READER.id: Conflict("Pat", "A relative", "Mo", NOW)})
    cases = [a_counted_case(n, counted={"sex": ("female",)}) for n in range(12)]
    keep(instance.table, *cases, a_counted_case(50, counted={"sex": ("male",)}, work=conflict))

    own = read_statistics(instance.services, READER, "adult", 2026)

    other = a_person(Role.BUSINESS_MANAGER, id="p-other")
    assert own == read_statistics(instance.services, other, "adult", 2026)


@pytest.mark.parametrize("year", [-1, 0, 1999, 2015, 2027, 9999])
def test_figures_are_given_for_the_years_that_are_offered(instance: Instance, year: int) -> None:
    with pytest.raises(NotPossible, match="years in the list"):
        received(instance, year)


@pytest.mark.parametrize("stream", ["", "adults", "children", "x" * 1000])
def test_figures_are_given_for_what_the_partnership_takes(instance: Instance, stream: str) -> None:
    with pytest.raises(NotPossible, match="what the figures are about"):
        received(instance, 2026, stream)


@pytest.mark.parametrize(("most", "fits"), [(30, True), (29, False)])
def test_more_cases_than_can_be_read_in_time_are_refused(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, most: int, fits: bool
) -> None:
    monkeypatch.setattr(module, "MOST_CASES", most)
    keep(instance.table, *(a_counted_case(n, closed_on=FIRST + n * DAY) for n in range(30)))

    if fits:
        assert received(instance) == Shown(30)
    else:
        with pytest.raises(NotPossible, match="Choose a later year"):
            received(instance)


@pytest.mark.parametrize(
    ("to_save", "action"), [(False, "read statistics"), (True, "saved statistics")]
)
def test_reading_is_in_the_audit_trail(instance: Instance, to_save: bool, action: str) -> None:
    read_statistics(instance.services, READER, "adult", 2026, to_save=to_save)

    entry = instance.table.audit[-1]
    assert (entry.actor, entry.action, entry.reference) == (READER.id, action, "")
    assert entry.details == {"stream": "adult", "year": "2026"}


def test_who_may_read_no_case_is_refused_and_that_is_recorded(instance: Instance) -> None:
    with pytest.raises(NotAllowed):
        read_statistics(instance.services, a_person(Role.SYSTEM_ADMIN), "adult", 2026)

    assert instance.table.audit[-1].details == {"to": "read statistics", "why": "wrong role"}


def test_a_notification_is_counted_as_it_was_answered(instance: Instance) -> None:
    reference = instance.submit("child").reference

    case = instance.services.cases.find(reference)

    assert case is not None
    assert case.counted["nature"] == ("death",)
    assert case.counted["submitter_type"] == ("professional",)
    assert len(case.counted["sex"]) == len(case.counted["age_band"]) == 1
