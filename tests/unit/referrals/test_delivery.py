"""A delivery's id in a tag of the mail service, and its patience."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.referrals.delivery import (
    PATIENCE,
    RETRY_MINUTES,
    delivery_id_of,
    is_escalated,
    mail_tag,
    next_attempt,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "delivery", ["5f" * 16, "SUF-B3KT-9WXM/national-notice-c3#20261124#20261123", "SUF-YEAR/a#1#2"]
)
def test_a_tag_tells_its_delivery_and_is_one_that_ses_takes(delivery: str) -> None:
    tag = mail_tag(delivery)

    assert delivery_id_of(tag) == delivery
    assert re.fullmatch(r"[A-Za-z0-9_\-.@]{1,256}", tag)


def test_the_ladder_is_climbed_and_then_hourly() -> None:
    waits = [(next_attempt(attempts, NOW) - NOW).seconds // 60 for attempts in range(1, 15)]

    assert waits == [*RETRY_MINUTES, 60, 60, 60, 60]


def test_a_person_is_told_after_more_than_four_and_a_half_hours() -> None:
    assert timedelta(hours=4, minutes=30) <= PATIENCE
    assert not is_escalated(NOW, NOW + PATIENCE - timedelta(seconds=1))
    assert is_escalated(NOW, NOW + PATIENCE)
