"""A closed case whose time is over, and a store that dies at one of its calls."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from chalicelib.bootstrap import Services
from chalicelib.referrals.delivery import Delivery, Kind
from chalicelib.referrals.staff import Role
from chalicelib.use_cases import keep_or_dispose, work_on_case
from chalicelib.use_cases.deliver import Outcome, deliver
from tests.staff import a_person
from tests.unit.use_cases.instance import Instance

MANAGER = a_person(Role.BUSINESS_MANAGER, id="manager", name="Max Manager")
OTHER = a_person(Role.BUSINESS_MANAGER, id="other", name="Ola Other")
STORES = ("cases", "disposals", "outbox", "schedules")


def a_closed_case(instance: Instance, form: str = "adult", **answers: Any) -> str:
    """The reference of a case that was closed as a duplicate today."""
    reference = instance.submit(form, **answers).reference
    close(instance, reference)
    return reference


def close(instance: Instance, reference: str) -> None:
    version = instance.table.cases[reference].version
    work_on_case.close_case(
        instance.services, reference, "duplicate_merged", "The same fall", MANAGER, version
    )


def let_years_pass(instance: Instance, years: int = 10) -> None:
    now = instance.clock.now()
    instance.clock.instant = now.replace(year=now.year + years)


def approve(instance: Instance, reference: str) -> Delivery:
    """The outbox row of the approval."""
    version = instance.table.cases[reference].version
    case = keep_or_dispose.approve_disposal(instance.services, reference, MANAGER, version)
    row = instance.outbox.find(case.work.approvals[-1].id)
    assert row is not None
    assert row.kind is Kind.DISPOSAL
    return row


def an_approved_case(instance: Instance) -> tuple[str, Delivery]:
    """A case whose pause is over, and the outbox row of its approval."""
    reference = a_closed_case(instance)
    let_years_pass(instance)
    row = approve(instance, reference)
    instance.clock.move(hours=24)
    return reference, row


class Killed(BaseException):
    """The worker died: nothing catches it."""


@dataclass
class Strike:
    """Which call is struck: counted over all stores. `error` None: the worker dies."""

    number: int
    after: bool
    error: Exception | None = None
    made: list[str] = field(default_factory=list)

    def around(self, name: str, call: Any) -> Any:
        def struck(*given: Any, **named: Any) -> Any:
            self.made.append(name)
            mine = len(self.made) == self.number
            if mine and not self.after:
                raise self.error or Killed
            answer = call(*given, **named)
            if mine:
                raise self.error or Killed
            return answer

        return struck


class Shaky:
    """A store whose calls pass through a strike."""

    def __init__(self, store: Any, strike: Strike) -> None:
        self._store, self._strike = store, strike

    def __getattr__(self, name: str) -> Any:
        return self._strike.around(name, getattr(self._store, name))


def shaky(services: Services, strike: Strike) -> Services:
    stores: dict[str, Any] = {name: Shaky(getattr(services, name), strike) for name in STORES}
    return replace(services, **stores)


def try_until_done(instance: Instance, delivery_id: str) -> None:
    """What reconcile does, until nothing is left to do."""
    for _ in range(5):
        instance.clock.instant += timedelta(hours=1)
        if deliver(instance.services, delivery_id) is Outcome.NOTHING:
            return
    raise AssertionError("never done")
