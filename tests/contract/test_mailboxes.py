"""What every store says of the team's mailboxes: a loss is news once, and so is its end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest

from tests.contract.conftest import EMULATOR, ORACLE, Stores
from tests.contract.samples import NOW

# moto copies its tables while other threads write to them, so it says nothing about concurrency.
UNSHARED = pytest.mark.parametrize("stores", ["in_memory", EMULATOR, ORACLE], indirect=True)
HOUR = timedelta(hours=1)


def test_a_mailbox_is_lost_once(stores: Stores) -> None:
    assert stores.mailboxes.lost("adult", at=NOW)
    assert not stores.mailboxes.lost("adult", at=NOW)
    assert not stores.mailboxes.lost("adult", at=NOW + HOUR)
    assert not stores.mailboxes.lost("adult", at=NOW - HOUR)


def test_a_mailbox_that_was_never_lost_is_not_found(stores: Stores) -> None:
    assert not stores.mailboxes.found("adult", at=NOW)


def test_a_loss_told_late_of_a_mailbox_that_took_email_since_is_no_news(stores: Stores) -> None:
    assert not stores.mailboxes.found("adult", at=NOW + HOUR)

    assert not stores.mailboxes.lost("adult", at=NOW)
    assert stores.mailboxes.lost("adult", at=NOW + 2 * HOUR)


def test_a_loss_stays_news_to_the_delivery_that_it_was_learned_by(stores: Stores) -> None:
    assert stores.mailboxes.lost("adult", at=NOW, by="first")

    assert stores.mailboxes.lost("adult", at=NOW, by="first")
    assert not stores.mailboxes.lost("adult", at=NOW, by="second")
    assert not stores.mailboxes.lost("adult", at=NOW + HOUR, by="second")


def test_a_lost_mailbox_is_found_once(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW)

    assert stores.mailboxes.found("adult", at=NOW + HOUR)
    assert not stores.mailboxes.found("adult", at=NOW + HOUR)
    assert not stores.mailboxes.found("adult", at=NOW + 2 * HOUR)


@pytest.mark.parametrize("before", [timedelta(0), HOUR])
def test_an_email_from_before_the_loss_finds_nothing(stores: Stores, before: timedelta) -> None:
    stores.mailboxes.lost("adult", at=NOW)

    assert not stores.mailboxes.found("adult", at=NOW - before)
    assert stores.mailboxes.found("adult", at=NOW + HOUR)


def test_an_email_from_before_the_latest_loss_finds_nothing(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW)
    stores.mailboxes.lost("adult", at=NOW + 2 * HOUR)

    assert not stores.mailboxes.found("adult", at=NOW + HOUR)


def test_an_earlier_loss_that_is_heard_of_later_hides_nothing(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW + 2 * HOUR)
    stores.mailboxes.lost("adult", at=NOW)

    assert not stores.mailboxes.found("adult", at=NOW + HOUR)


def test_a_mailbox_that_was_found_can_be_lost_again(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW)
    stores.mailboxes.found("adult", at=NOW + HOUR)

    assert stores.mailboxes.lost("adult", at=NOW + HOUR)
    assert stores.mailboxes.found("adult", at=NOW + 2 * HOUR)


def test_a_loss_from_before_the_mailbox_was_found_is_no_news(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW)
    stores.mailboxes.found("adult", at=NOW + HOUR)

    assert not stores.mailboxes.lost("adult", at=NOW + HOUR / 2)
    assert not stores.mailboxes.found("adult", at=NOW + 2 * HOUR)


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_a_mailbox_whose_last_event_is_a_loss_is_lost_however_events_come(
    stores: Stores, order: tuple[int, ...]
) -> None:
    events: list[Callable[[], bool]] = [
        lambda: stores.mailboxes.lost("adult", at=NOW),
        lambda: stores.mailboxes.found("adult", at=NOW + HOUR),
        lambda: stores.mailboxes.lost("adult", at=NOW + 2 * HOUR),
    ]
    for number in order:
        events[number]()

    assert stores.mailboxes.found("adult", at=NOW + 3 * HOUR)


def test_each_stream_has_a_mailbox_of_its_own(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW)

    assert stores.mailboxes.lost("child", at=NOW)
    assert stores.mailboxes.found("child", at=NOW + HOUR)
    assert not stores.mailboxes.lost("adult", at=NOW)


@UNSHARED
def test_of_many_losses_at_once_one_is_news(stores: Stores) -> None:
    times = [NOW + timedelta(minutes=minute) for minute in (5, 1, 7, 3, 0, 6, 2, 4)]

    with ThreadPoolExecutor(8) as pool:
        news = list(pool.map(lambda at: stores.mailboxes.lost("adult", at=at), times * 3))

    assert sum(news) == 1
    assert not stores.mailboxes.found("adult", at=max(times))


@UNSHARED
def test_of_many_emails_that_arrive_at_once_one_is_news(stores: Stores) -> None:
    stores.mailboxes.lost("adult", at=NOW)
    times = [NOW + timedelta(minutes=minute) for minute in (5, 1, 7, 3, 8, 6, 2, 4)]

    with ThreadPoolExecutor(8) as pool:
        news = list(pool.map(lambda at: stores.mailboxes.found("adult", at=at), times * 3))

    assert sum(news) == 1
