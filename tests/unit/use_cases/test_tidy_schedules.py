"""Schedules that are missing are made, those of no reminder are removed."""

import pytest

from chalicelib.adapters.in_memory_delivery import KeptSchedule
from chalicelib.use_cases.meet_deadline import meet_deadline
from chalicelib.use_cases.redrive import redrive
from chalicelib.use_cases.tidy_schedules import tidy_schedules
from tests.unit.use_cases.clock_rules import ruled_instance
from tests.unit.use_cases.instance import RECEIVED_AT, Instance
from tests.unit.use_cases.test_case_clocks import run_stream


@pytest.fixture
def instance() -> Instance:
    made = ruled_instance()
    made.submit("adult")
    run_stream(made)
    return made


def test_where_nothing_differs_nothing_is_done(instance: Instance) -> None:
    before = dict(instance.schedules.kept)

    assert tidy_schedules(instance.services) == {"made": 0, "removed": 0}
    assert instance.schedules.kept == before


def test_a_schedule_that_went_missing_is_made_again(instance: Instance) -> None:
    before = dict(instance.schedules.kept)
    instance.schedules.kept.pop(next(iter(before)))

    assert tidy_schedules(instance.services)["made"] == 1
    assert instance.schedules.kept == before


@pytest.mark.parametrize("name", ["not-one-of-ours", "SUF-BBBB-BBBB-acknowledge-20261124-20261123"])
def test_a_schedule_of_no_reminder_is_removed(instance: Instance, name: str) -> None:
    before = dict(instance.schedules.kept)
    instance.schedules.kept[name] = KeptSchedule(RECEIVED_AT, "SUF-BBBB-BBBB", "acknowledge")

    assert tidy_schedules(instance.services)["removed"] == 1
    assert instance.schedules.kept == before


def test_the_schedule_of_a_cancelled_reminder_is_removed(instance: Instance) -> None:
    before = dict(instance.schedules.kept)
    (reference,) = instance.table.referrals
    meet_deadline(instance.services, reference, "acknowledge", RECEIVED_AT.date(), "staff")
    run_stream(instance)
    left = dict(instance.schedules.kept)
    instance.schedules.kept.update(before)

    assert tidy_schedules(instance.services)["removed"] == len(before) - len(left)
    assert instance.schedules.kept == left


def test_a_reminder_whose_time_is_past_gets_no_schedule(instance: Instance) -> None:
    instance.schedules.kept.clear()
    instance.clock.move(days=400)

    assert tidy_schedules(instance.services)["made"] == 0


def test_nothing_failed_is_nothing_to_try_again(instance: Instance) -> None:
    assert redrive(instance.services) == 0
