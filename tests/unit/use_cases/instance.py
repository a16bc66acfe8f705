"""A whole instance in memory, with a clock that a test moves, and complete answers."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

from chalicelib.adapters.in_memory import InMemoryReferrals, Table
from chalicelib.adapters.in_memory_delivery import InMemoryMailer, InMemorySchedules
from chalicelib.adapters.in_memory_outbox import InMemoryOutbox
from chalicelib.bootstrap import LazyForms, Services, in_memory_services
from chalicelib.referrals.delivery import Delivery, Kind
from chalicelib.referrals.draft import Draft
from chalicelib.referrals.partnership import load_partnership
from chalicelib.settings import Settings
from chalicelib.use_cases.keep_draft import new_token, start_draft
from chalicelib.use_cases.submit_referral import Receipt, submit_draft

FORMS_DIR = Path(__file__).resolve().parents[3] / "forms"
# A Friday afternoon in London, in winter.
RECEIVED_AT = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
TEAM = "team@suffolk.example"
REFERRER = "canary-referrer@agency.example"


@dataclass
class MovedClock:
    """Stands still until it is moved."""

    instant: datetime = RECEIVED_AT

    def now(self) -> datetime:
        return self.instant

    def move(self, **duration: float) -> None:
        self.instant += timedelta(**duration)


@dataclass
class Instance:
    """The services in memory, and shorter ways to them."""

    services: Services
    clock: MovedClock
    tokens: list[str] = field(default_factory=list)

    @property
    def table(self) -> Table:
        return cast(InMemoryReferrals, self.services.referrals)._table

    @property
    def outbox(self) -> InMemoryOutbox:
        return cast(InMemoryOutbox, self.services.outbox)

    @property
    def mailer(self) -> InMemoryMailer:
        return cast(InMemoryMailer, self.services.mailer)

    @property
    def schedules(self) -> InMemorySchedules:
        return cast(InMemorySchedules, self.services.schedules)

    def draft(self, form: str = "adult", **answers: Any) -> Draft:
        token = new_token()
        self.tokens.append(token)
        filled = {**ANSWERS[form], **answers}
        return start_draft(self.services, self.services.forms[form], filled, [], token=token)

    def submit(self, form: str = "adult", **answers: Any) -> Receipt:
        return submit_draft(self.services, self.services.forms[form], self.draft(form, **answers))

    def deliveries(self, kind: Kind) -> list[Delivery]:
        found = [one for one in self.table.deliveries.values() if one.kind is kind]
        return sorted(found, key=lambda delivery: delivery.id)

    def only(self, kind: Kind) -> Delivery:
        (delivery,) = self.deliveries(kind)
        return delivery


def an_instance(partnership: str = "suffolk", **settings: Any) -> Instance:
    clock = MovedClock()
    known = Settings(
        partnership=partnership,
        team_mailbox_adult=TEAM,
        team_mailbox_child=TEAM,
        forms_dir=FORMS_DIR,
    )
    services = in_memory_services(replace(known, **settings), clock)
    return Instance(replace(services, forms=compiled_forms(partnership)), clock)


@cache
def compiled_forms(partnership: str) -> LazyForms:
    """The shipped forms, compiled once for all tests: they never change."""
    return LazyForms(FORMS_DIR, load_partnership(FORMS_DIR, partnership))


# "Canary" marks everything that must never be in an email.
COMMON: dict[str, Any] = {
    "immediate_danger": "no",
    "live_concern": "no",
    "submitter_type": "professional",
    "referrer_name": "Canary Referrer",
    "referrer_role": "Canary Role",
    "referrer_email": REFERRER,
    "referrer_agency": "Canary Agency",
    "referrer_aware_at": {"year": 2026, "month": 11, "day": 18},
    "summary": "Canary summary of neglect and physical abuse.",
    "declaration": True,
}
ANSWERS: dict[str, dict[str, Any]] = {
    "adult": {
        **COMMON,
        "outcome_status": "died",
        "date_of_death": {"year": 2026, "month": 11, "day": 17},
        "place_of_death": "Canary Place",
        "cause_of_death": "Canary Cause",
        "adults": [{"adult_forename": "Canaryforename", "adult_surname": "Canarysurname"}],
    },
    "child": {
        **COMMON,
        "outcome_status": "death",
        "date_of_death": {"year": 2026, "month": 11, "day": 17},
        "place_of_death": "Canary Place",
        "incident_date": {"year": 2026, "month": 11, "day": 16},
        "la_told": "yes",
        "la_told_at": {"year": 2026, "month": 11, "day": 19},
        "children": [{"child_forename": "Canaryforename", "child_surname": "Canarysurname"}],
    },
}
