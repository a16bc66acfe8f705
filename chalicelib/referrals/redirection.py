"""That a live safeguarding concern in a referral was passed to where it belongs."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Redirection:
    """`route` is the live route as staff were shown it, `told` whom they told, `told_at` when.

    `their_reference` is what was given in return, perhaps empty. `decision_needed` says that the
    referral was still to be decided on. `by` is the id and `name` the name of who recorded it.
    """

    route: str
    told: str
    told_at: datetime
    their_reference: str
    decision_needed: bool
    by: str
    name: str
    at: datetime
