"""A live concern that was passed on: one change with its entry, and the route as it was shown."""

from datetime import timedelta

import pytest

from chalicelib.referrals.partnership import LiveRoute
from chalicelib.referrals.staff import NotAllowed, Role
from chalicelib.use_cases.ports import CaseChanged
from chalicelib.use_cases.redirect_concern import PassedOn, redirect_concern, route_words
from tests.staff import a_person
from tests.unit.use_cases.instance import RECEIVED_AT, Instance, an_instance

SUPPORT = a_person(Role.BUSINESS_SUPPORT, id="support", name="Sam Support")
MANAGER = a_person(Role.BUSINESS_MANAGER, id="manager", name="Max Manager")
PASSED = PassedOn("Canary desk", RECEIVED_AT - timedelta(hours=1), "Canary-1", True)


@pytest.fixture
def instance() -> Instance:
    return an_instance()


@pytest.fixture
def reference(instance: Instance) -> str:
    return instance.submit("adult").reference


def test_it_is_kept_with_the_route_as_it_was_shown(instance: Instance, reference: str) -> None:
    case = redirect_concern(instance.services, reference, PASSED, SUPPORT, 1)

    (kept,) = case.work.redirections
    assert (kept.route, kept.told, kept.name) == (
        "Concerned about someone",
        "Canary desk",
        "Sam Support",
    )


def test_the_trail_tells_that_it_was_done_and_nothing_that_was_typed(
    instance: Instance, reference: str
) -> None:
    redirect_concern(instance.services, reference, PASSED, SUPPORT, 1)

    entry = instance.table.audit[-1]
    assert (entry.action, entry.reference) == ("passed a live concern on", reference)
    assert "Canary" not in str(entry)


def test_closing_with_it_withdraws_what_was_due(instance: Instance, reference: str) -> None:
    closing = PassedOn("Duty desk", RECEIVED_AT, "", False)

    case = redirect_concern(instance.services, reference, closing, MANAGER, 1)

    assert case.work.outcome == "live_concern_redirected"
    assert not any(one.is_open for one in case.deadlines)
    assert instance.table.audit[-1].details["outcome"] == "none to live_concern_redirected"


def test_who_may_not_close_changes_nothing_and_is_told_of(
    instance: Instance, reference: str
) -> None:
    closing = PassedOn("Duty desk", RECEIVED_AT, "", False)

    with pytest.raises(NotAllowed):
        redirect_concern(instance.services, reference, closing, SUPPORT, 1)

    assert instance.table.cases[reference].version == 1
    assert instance.table.audit[-1].action == "refused"


def test_a_form_that_was_sent_twice_adds_one(instance: Instance, reference: str) -> None:
    redirect_concern(instance.services, reference, PASSED, SUPPORT, 1)

    with pytest.raises(CaseChanged):
        redirect_concern(instance.services, reference, PASSED, SUPPORT, 1)

    assert len(instance.table.cases[reference].work.redirections) == 1


@pytest.mark.parametrize(
    ("phone", "hours", "said"),
    [
        (None, None, "Call us"),
        ("0300 1", None, "Call us (0300 1)"),
        (None, "9 to 5", "Call us (9 to 5)"),
        ("0300 1", "9 to 5", "Call us (0300 1, 9 to 5)"),
    ],
)
def test_a_route_is_told_in_one_line(phone: str | None, hours: str | None, said: str) -> None:
    assert route_words(LiveRoute("Text", "Call us", "https://a.example", phone, hours)) == said
