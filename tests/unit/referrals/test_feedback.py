"""What became of an email: the order in which events come makes no difference."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.feedback import Feedback, highest

EVENTS = st.lists(st.sampled_from(Feedback), min_size=1)


def after(events: list[Feedback]) -> Feedback | None:
    known: Feedback | None = None
    for event in events:
        known = highest(known, event)
    return known


@given(EVENTS, st.randoms())
def test_shuffled_and_doubled_events_end_the_same(events: list[Feedback], random: object) -> None:
    shuffled = events * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert after(shuffled) == after(events)


@given(EVENTS, st.sampled_from(Feedback))
def test_what_is_known_never_goes_back(events: list[Feedback], late: Feedback) -> None:
    known = after(events)
    assert known is not None

    assert highest(known, late).rank >= known.rank


def test_an_email_that_arrived_is_not_lost_by_a_complaint() -> None:
    assert not highest(Feedback.DELIVERED, Feedback.COMPLAINED).lost


def test_an_automatic_reply_after_delivery_changes_nothing() -> None:
    assert highest(Feedback.DELIVERED, Feedback.DELAYED) is Feedback.DELIVERED


def test_one_of_several_mailboxes_that_refuses_for_good_outranks_one_that_took_it() -> None:
    assert highest(Feedback.DELIVERED, Feedback.BOUNCED).lost
