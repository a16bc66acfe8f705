"""What became of an email after the mail service accepted it: pure.

Events come late, twice and in any order, and one for each recipient. Each has a rank; the highest
that was ever heard stands, so what is recorded does not depend on how the events came.
"""

from enum import StrEnum


class Feedback(StrEnum):
    """From the least to the most that an event tells."""

    DELAYED = "delayed"
    """Not there yet: refused at first, a full mailbox, or an automatic reply taken for a bounce."""
    UNCONFIRMED = "unconfirmed"
    """Nothing more was heard in time, and a person was told."""
    DELIVERED = "delivered"
    COMPLAINED = "complained"
    """Somebody marked it as junk. It had arrived."""
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    """Never sent: the address is on a suppression list."""
    REJECTED = "rejected"
    """Never sent: the service would not send it."""

    @property
    def rank(self) -> int:
        """The place in the order above, from 1."""
        return list(Feedback).index(self) + 1

    @property
    def lost(self) -> bool:
        """Whether it will never arrive."""
        return self.rank >= Feedback.BOUNCED.rank

    @property
    def arrived(self) -> bool:
        """Whether it reached a mailbox."""
        return self in (Feedback.DELIVERED, Feedback.COMPLAINED)

    @property
    def settles(self) -> bool:
        """Whether it says where the email is, so that nobody need worry about silence."""
        return self.rank >= Feedback.DELIVERED.rank


def highest(known: Feedback | None, heard: Feedback) -> Feedback:
    """What stands after an event."""
    return heard if known is None or heard.rank > known.rank else known
