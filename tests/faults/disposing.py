"""A case that nothing keeps any more: closed, its disposal approved, deleted after the pause."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.referrals.disposal import PAUSE
from chalicelib.referrals.disposal_steps import standing_approval
from chalicelib.referrals.staff import Role
from chalicelib.use_cases.keep_or_dispose import approve_disposal
from chalicelib.use_cases.work_on_case import close_case
from tests.faults.people import staff
from tests.faults.world import World
from tests.staff import a_person

MANAGER = a_person(Role.BUSINESS_MANAGER)


def closed(world: World, reference: str) -> str:
    """The case is closed, in a partnership that keeps none for any time."""
    rules = tuple(replace(rule, years=0) for rule in world.partnership.retention)
    world.partnership = replace(world.partnership, retention=rules)
    world.restart()

    def close() -> None:
        case = world.services.cases.find(reference)
        if case is not None and not case.work.is_closed:
            outcome, reason = "duplicate_merged", "The same fall"
            close_case(world.services, reference, outcome, reason, MANAGER, case.version)

    staff(world, close)
    world.settle(minutes=3)
    return reference


def disposed(world: World, reference: str) -> None:
    """Somebody approves its disposal, and the pause goes by."""

    def approve() -> None:
        case = world.services.cases.find(reference)
        # What was approved by a call whose answer was lost is not approved again.
        if case is not None and standing_approval(case) is None:
            approve_disposal(world.services, reference, MANAGER, case.version)

    staff(world, approve)
    world.run(world.clock.now() + PAUSE + timedelta(hours=1))
