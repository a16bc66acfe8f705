"""A case as it is stored and read again."""

import string
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.case_document import case_from, copied, document_of
from chalicelib.referrals.case import (
    Case,
    Deadline,
    DeadlineState,
    KnownDate,
    RecordedDate,
    Settled,
    Settlement,
)
from chalicelib.referrals.case_work import CaseWork, Conflict, EndedConflict
from tests.contract.samples import NOW, a_case

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAMES = st.text(string.ascii_lowercase + "_", min_size=1, max_size=12)
TEXTS = st.text(max_size=20)
DATES = st.dates(date(1900, 1, 1), date(9999, 12, 31))
INSTANTS = st.integers(0, 10**16).map(lambda number: EPOCH + timedelta(microseconds=number))
KNOWN: dict[type, st.SearchStrategy[Any]] = {date: DATES, datetime: INSTANTS, str: TEXTS}


def some(kind: type, /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any of a kind whose every field is filled by its type, dates and instants as in the field."""
    by_type = {name: KNOWN[hint] for name, hint in kind.__annotations__.items() if hint in KNOWN}
    optional = {
        name: st.none() | DATES
        for name, hint in kind.__annotations__.items()
        if hint == (date | None)
    }
    return st.builds(kind, **{**by_type, **optional, **fields})


CASES: st.SearchStrategy[Case] = some(
    Case,
    answered=st.dictionaries(NAMES, some(KnownDate, estimated=st.booleans())),
    facts=st.dictionaries(NAMES, st.lists(TEXTS, max_size=3).map(tuple)),
    recorded=st.dictionaries(NAMES, some(RecordedDate)),
    settled=st.dictionaries(
        NAMES, some(Settlement, kind=st.sampled_from(Settled), occurrence=st.integers(0, 9))
    ),
    deadlines=st.lists(
        some(
            Deadline,
            estimated=st.booleans(),
            occurrence=st.integers(0, 9),
            state=st.sampled_from(DeadlineState),
        ),
        max_size=4,
    ).map(tuple),
    version=st.integers(1, 10**6),
)


@given(CASES)
def test_any_case_comes_back_as_it_was_stored(case: Case) -> None:
    assert copied(case) == case


@given(CASES)
def test_states_and_settlements_come_back_as_such_and_not_as_texts(case: Case) -> None:
    read = copied(case)

    assert all(type(deadline.state) is DeadlineState for deadline in read.deadlines)
    assert all(type(settlement.kind) is Settled for settlement in read.settled.values())


def test_what_an_earlier_version_did_not_store_has_its_default() -> None:
    document = document_of(a_case())
    for name in ("estimated", "window_on", "occurrence", "state", "closed_on"):
        del document["deadlines"][0][name]

    assert case_from(document).deadlines[0] == a_case().deadlines[0]


def test_what_only_a_later_version_knows_is_left_out() -> None:
    document = document_of(a_case())
    document["later"] = document["deadlines"][0]["later"] = {"on": "2026-11-20"}

    assert case_from(document) == a_case()


def test_a_conflict_that_has_ended_comes_back() -> None:
    conflict = Conflict("Sam Support", "A neighbour", "Max Manager", NOW)
    ended = EndedConflict("p-1", conflict, "Moved away", "Max Manager", NOW)
    case = a_case(work=CaseWork(conflicts={"p-2": conflict}, ended_conflicts=(ended,)))

    assert copied(case) == case


def test_a_case_of_before_conflicts_were_kept_has_none_that_ended() -> None:
    document = document_of(a_case())
    del document["work"]["ended_conflicts"]

    assert case_from(document).work.ended_conflicts == ()
