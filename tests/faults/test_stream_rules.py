"""The model of a stream that starts a function keeps Lambda's documented rules."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.faults.clock import Clock, Died
from tests.faults.limits import stream_limits
from tests.faults.stream_rules import StreamRules, stream_record

LIMITS = stream_limits()


class Function:
    """Notes what it is given; fails those it is told to, or as a whole."""

    def __init__(self) -> None:
        self.seen: list[list[int]] = []
        self.failing: set[int] = set()
        self.answer: Callable[[list[int]], Any] | None = None

    def __call__(self, event: dict[str, Any]) -> Any:
        numbers = [int(one["dynamodb"]["SequenceNumber"]) for one in event["Records"]]
        self.seen.append(numbers)
        if self.answer is not None:
            return self.answer(numbers)
        failures = [{"itemIdentifier": f"{one:021d}"} for one in numbers if one in self.failing]
        return {"batchItemFailures": failures}


@pytest.fixture
def function() -> Function:
    return Function()


@pytest.fixture
def stream(function: Function) -> StreamRules:
    return StreamRules(LIMITS, Clock(), function)


def write(stream: StreamRules, count: int, **how: Any) -> None:
    for number in range(1, count + 1):
        key = (f"OUTBOX#{number}", "OUTBOX")
        stream.write(stream_record("INSERT", key, number, stream.clock.now(), **how))


def drain(stream: StreamRules) -> None:
    for _ in range(1000):
        at = stream.next_at()
        if at is None:
            return
        stream.clock.instant = max(stream.clock.instant, at)
        stream.run()
    raise AssertionError("it never ends")


def raising(_: list[int]) -> Any:
    raise ValueError


def dying(_: list[int]) -> Any:
    raise Died


def test_the_deployed_mapping_has_what_a_poison_row_needs() -> None:
    assert LIMITS.from_oldest
    assert LIMITS.reports
    assert LIMITS.bisects
    assert LIMITS.has_destination


def test_a_batch_is_no_larger_than_the_stack_says(stream: StreamRules, function: Function) -> None:
    write(stream, LIMITS.batch_size + 2)
    drain(stream)

    assert [len(batch) for batch in function.seen] == [LIMITS.batch_size, 2]


def test_after_a_partial_failure_it_goes_on_from_the_lowest_failed_record(
    stream: StreamRules, function: Function
) -> None:
    function.failing = {3, 4}
    write(stream, 5)
    stream.run()
    function.failing = set()
    drain(stream)

    assert function.seen == [[1, 2, 3, 4, 5], [3, 4, 5]]


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}])
def test_an_empty_answer_means_that_all_is_done(
    stream: StreamRules, function: Function, answer: Any
) -> None:
    function.answer = lambda _: answer
    write(stream, 3)
    drain(stream)

    assert function.seen == [[1, 2, 3]]


@pytest.mark.parametrize("failure", [{"itemIdentifier": ""}, {"itemIdentifier": None}, {"key": 1}])
def test_an_answer_that_names_no_record_fails_the_whole_batch(
    stream: StreamRules, function: Function, failure: Any
) -> None:
    function.answer = lambda _: {"batchItemFailures": [failure]}
    write(stream, 2)
    stream.run()
    function.answer = None
    drain(stream)

    assert function.seen == [[1, 2], [1], [2]]


@pytest.mark.parametrize("ends", [raising, dying])
def test_a_batch_whose_function_fails_is_split_in_two(
    stream: StreamRules, function: Function, ends: Callable[[list[int]], Any]
) -> None:
    function.answer = ends
    write(stream, 4)
    stream.run()
    function.answer = None
    drain(stream)

    assert function.seen == [[1, 2, 3, 4], [1, 2], [3, 4]]


def test_a_record_is_tried_as_often_as_the_stack_says_and_no_more(
    stream: StreamRules, function: Function
) -> None:
    function.failing = {1}
    write(stream, 1)
    drain(stream)

    assert len(function.seen) == 1 + LIMITS.retries


def test_what_is_given_up_is_told_by_its_place_and_not_by_its_content(
    stream: StreamRules, function: Function
) -> None:
    function.failing = {1}
    write(stream, 1)
    drain(stream)

    (letter,) = stream.given_up
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert letter["DDBStreamBatchInfo"]["startSequenceNumber"] == f"{1:021d}"
    assert "OUTBOX" not in str(letter)


def test_records_that_are_too_old_are_given_up_unseen(
    stream: StreamRules, function: Function
) -> None:
    write(stream, 2)
    stream.clock.instant += LIMITS.record_age + timedelta(seconds=1)
    drain(stream)

    assert function.seen == []
    assert stream.given_up[0]["requestContext"]["condition"] == "RecordAgeExceeded"


def test_without_a_destination_nobody_is_told(function: Function) -> None:
    stream = StreamRules(replace(LIMITS, has_destination=False), Clock(), function)
    function.failing = {1}
    write(stream, 1)
    drain(stream)

    assert stream.given_up == []


def test_a_removal_by_ttl_wakes_nobody(stream: StreamRules, function: Function) -> None:
    at = stream.clock.now()
    stream.write(stream_record("REMOVE", ("OUTBOX#1", "OUTBOX"), 1, at, expired=True))
    drain(stream)

    assert function.seen == []


@pytest.mark.parametrize("pk", ["DRAFT#1", "REFERRAL#SUF-BCDF-3479", "SUBMITTED#1", "INSTANCE"])
def test_only_new_outbox_rows_wake_the_function(
    stream: StreamRules, function: Function, pk: str
) -> None:
    stream.write(stream_record("INSERT", (pk, "x"), 1, stream.clock.now()))
    drain(stream)

    assert function.seen == []


def test_a_batch_that_was_done_may_come_again(function: Function) -> None:
    again = iter([True])
    stream = StreamRules(LIMITS, Clock(), function, repeats=lambda: next(again, False))
    write(stream, 1)
    drain(stream)

    assert function.seen == [[1], [1]]
