"""The referrer answers: added once, never over anything, and told to nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.delivery import Kind
from chalicelib.referrals.information import LONGEST_ANSWER, WORKS_ON, Ending, derived_code
from chalicelib.referrals.information_steps import asked_as
from chalicelib.use_cases import work_on_case
from chalicelib.use_cases.add_information import (
    REFERRER,
    Added,
    CodeRefused,
    NotAnswered,
    add_information,
    check_answer,
    open_question,
)
from chalicelib.use_cases.ask_information import withdraw_request
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.ports import CaseChanged, StoreBusy
from tests.unit.use_cases.instance import TEAM, Instance, an_instance
from tests.unit.use_cases.test_ask_information import (
    CODE,
    MANAGER,
    QUESTION,
    REQUEST,
    SOON,
    SUPPORT,
    ask,
)

TEXT = "Canaryanswer: the school was closed."


@pytest.fixture
def instance(suffolk: Instance) -> Instance:
    return suffolk


@pytest.fixture
def reference(instance: Instance) -> str:
    """A case whose referrer was asked."""
    reference = instance.submit("adult").reference
    ask(instance, reference)
    return reference


def add(
    instance: Instance, reference: str, text: str = TEXT, *, code: str = CODE, name: str = "Jo"
) -> Added:
    return add_information(instance.services, reference, code, name, text)


def texts(instance: Instance, reference: str) -> list[str]:
    return [one.text for one in instance.services.cases.additions(reference)]


def refusals(instance: Instance) -> list[dict[str, str]]:
    trail = instance.table.audit
    return [dict(entry.details) for entry in trail if entry.action == "refused"]


def the_case(instance: Instance, reference: str) -> Case:
    return instance.table.cases[reference]


def test_the_question_opens_with_reference_and_code_and_that_is_recorded(
    instance: Instance, reference: str
) -> None:
    asked = open_question(instance.services, reference.lower().replace("-", " "), CODE.lower())

    assert (asked.reference, asked.question, asked.answer_by) == (reference, QUESTION, SOON)
    entry = instance.table.audit[-1]
    assert (entry.actor, entry.action, entry.reference) == (
        REFERRER,
        "opened a request for information",
        reference,
    )


def test_an_answer_is_added_beside_a_referral_that_stays_as_it_was(
    instance: Instance, reference: str
) -> None:
    referral, before = instance.table.referrals[reference], the_case(instance, reference)

    added = add(instance, reference)

    (one,) = instance.services.cases.additions(reference)
    assert (one.text, one.name, one.at, one.request) == (TEXT, "Jo", added.at, REQUEST)
    assert instance.table.referrals[reference] == referral
    after = the_case(instance, reference)
    assert (after.version, after.touched) == (before.version + 1, before.version + 1)
    ended = after.work.requests[0].ended
    assert ended is not None
    assert (ended.how, ended.added) == (Ending.ANSWERED, one.id)


def test_the_team_is_told_by_an_email_without_the_answer(
    instance: Instance, reference: str
) -> None:
    add(instance, reference)
    row = instance.only(Kind.ADDED_EMAIL)

    assert deliver(instance.services, row.id) is Outcome.SENT
    _, message = instance.mailer.sent[-1]
    assert message.to == (TEAM,)
    assert message.subject == f"Information added {reference}"
    assert "Canary" not in message.text + message.html
    assert row.id in the_case(instance, reference).emails


def test_the_trail_says_that_it_came_and_nothing_of_it(instance: Instance, reference: str) -> None:
    add(instance, reference)

    entry = instance.table.audit[-1]
    assert (entry.actor, entry.action, entry.reference) == (
        REFERRER,
        "added information",
        reference,
    )
    assert "Canary" not in repr(instance.table.audit)
    assert CODE.replace("-", "") not in repr(instance.table.audit).replace("-", "")


def test_whoever_has_the_case_open_sees_that_it_has_changed(
    instance: Instance, reference: str
) -> None:
    seen = the_case(instance, reference).version
    add(instance, reference)

    with pytest.raises(CaseChanged):
        work_on_case.assign(instance.services, reference, "support", "Sam", SUPPORT, seen)


def test_the_same_answer_twice_is_added_once_and_thanked_alike(
    instance: Instance, reference: str
) -> None:
    first = add(instance, reference)
    instance.clock.move(days=100)

    assert add(instance, reference) == first
    assert texts(instance, reference) == [TEXT]
    assert len(instance.deliveries(Kind.ADDED_EMAIL)) == 1
    assert refusals(instance) == []


def test_another_answer_with_a_used_code_is_refused_and_recorded(
    instance: Instance, reference: str
) -> None:
    add(instance, reference)

    with pytest.raises(CodeRefused):
        add(instance, reference, "Something else.")
    with pytest.raises(CodeRefused):
        add(instance, reference, name="Somebody else")
    with pytest.raises(CodeRefused):
        open_question(instance.services, reference, CODE)
    with pytest.raises(CodeRefused):
        check_answer(instance.services, reference, CODE, "Jo", "Again")

    assert texts(instance, reference) == [TEXT]
    told = {"to": "add information", "why": "used code", "request": REQUEST}
    assert refusals(instance) == [told] * 4


def test_an_answer_is_late_for_weeks_before_its_code_stops(
    instance: Instance, reference: str
) -> None:
    last = SOON + WORKS_ON
    instance.clock.instant = instance.clock.instant.replace(
        year=last.year, month=last.month, day=last.day, hour=23, minute=59
    )
    open_question(instance.services, reference, CODE)
    instance.clock.move(minutes=1)

    with pytest.raises(CodeRefused):
        add(instance, reference)

    assert refusals(instance)[0]["why"] == "expired code"
    assert texts(instance, reference) == []


@pytest.mark.parametrize("gone", ["withdrawn request", "case closed"])
def test_nothing_is_added_to_what_is_over(instance: Instance, reference: str, gone: str) -> None:
    services, version = instance.services, the_case(instance, reference).version
    if gone == "case closed":
        work_on_case.close_case(
            services, reference, "withdrawn_by_referrer", "Told us", MANAGER, version
        )
    else:
        withdraw_request(services, reference, REQUEST, "They phoned.", SUPPORT, version)
    before = the_case(instance, reference)

    with pytest.raises(CodeRefused):
        add(instance, reference)

    assert refusals(instance)[-1]["why"] == gone
    assert the_case(instance, reference) == before
    assert texts(instance, reference) == []


@pytest.mark.parametrize("typed", ["", "nonsense", "SUF-BBBB-BBBB", "SUF-YEAR", "x" * 10_000])
def test_what_is_no_case_is_refused_and_not_kept(instance: Instance, typed: str) -> None:
    before = list(instance.table.audit)

    with pytest.raises(CodeRefused):
        add(instance, typed)

    assert instance.table.audit == before


@pytest.mark.parametrize("code", ["", "wrong", derived_code("other", "r"), CODE[:-1], "é" * 20])
def test_a_wrong_code_is_recorded_once_an_hour_however_often_it_is_tried(
    instance: Instance, reference: str, code: str
) -> None:
    for _ in range(3):
        with pytest.raises(CodeRefused):
            open_question(instance.services, reference, code)
    instance.clock.move(hours=1)
    with pytest.raises(CodeRefused):
        add(instance, reference, code=code)

    assert [one["why"] for one in refusals(instance)] == ["wrong code"] * 2
    assert REFERRER not in {e.actor for e in instance.table.audit if e.action == "refused"}


def test_the_code_of_another_case_opens_nothing(instance: Instance, reference: str) -> None:
    other = instance.submit("adult").reference

    with pytest.raises(CodeRefused):
        open_question(instance.services, other, CODE)


@pytest.mark.parametrize("text", ["", "a" * (LONGEST_ANSWER + 1), "a\x00b"])
def test_what_cannot_be_kept_uses_no_code_up(instance: Instance, reference: str, text: str) -> None:
    with pytest.raises(NotAnswered):
        add(instance, reference, text)
    add(instance, reference)

    assert texts(instance, reference) == [TEXT]


def test_two_requests_have_an_answer_each_in_order(instance: Instance, reference: str) -> None:
    second = derived_code("a session's secret", "e" * 32)
    ask(instance, reference, 2, request="e" * 32, code=second)

    add(instance, reference, "Second", code=second)
    instance.clock.move(seconds=1)
    add(instance, reference, "First")

    assert texts(instance, reference) == ["Second", "First"]


def test_of_answers_at_once_one_is_added_and_the_others_are_told(
    instance: Instance, reference: str
) -> None:
    def answer(number: int) -> str | None:
        try:
            add(instance, reference, f"Answer {number}")
        except (CodeRefused, StoreBusy):
            return None
        return f"Answer {number}"

    with ThreadPoolExecutor(8) as pool:
        won = [one for one in pool.map(answer, range(8)) if one]

    assert texts(instance, reference) == won
    assert len(won) == 1


def test_one_answer_pressed_many_times_at_once_is_added_once(
    instance: Instance, reference: str
) -> None:
    with ThreadPoolExecutor(8) as pool:
        thanks = list(pool.map(lambda _: add(instance, reference), range(4)))

    assert texts(instance, reference) == [TEXT]
    assert {one.reference for one in thanks} == {reference}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "answer", "withdraw", "wait", "close"]),
        st.integers(0, 3),
        st.sampled_from(["Yes", "No"]),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_is_done_every_thanked_answer_is_there_once(
    steps: list[tuple[str, int, str]],
) -> None:
    instance = an_instance()
    reference = instance.submit("adult").reference
    thanked: set[tuple[str, str]] = set()
    for act, number, word in steps:
        version = the_case(instance, reference).version
        request = f"{number}" * 32
        code = derived_code("secret", request)
        try:
            if act == "ask":
                ask(instance, reference, version, request=request, code=code)
            elif act == "answer":
                add(instance, reference, word, code=code)
                thanked.add((request, word))
            elif act == "withdraw":
                withdraw_request(instance.services, reference, request, "r", SUPPORT, version)
            elif act == "close":
                work_on_case.close_case(
                    instance.services, reference, "withdrawn_by_referrer", "r", MANAGER, version
                )
            else:
                instance.clock.instant += timedelta(days=15)
        except (NotPossible, CodeRefused):
            continue

    added = instance.services.cases.additions(reference)
    assert sorted((one.request, one.text) for one in added) == sorted(thanked)
    work = the_case(instance, reference).work
    for one in added:
        request_ended = asked_as(work, one.request)
        assert request_ended is not None
        assert request_ended.ended is not None
        assert request_ended.ended.added == one.id
