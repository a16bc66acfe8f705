"""What staff decide about the keeping of a case: hold it, release it, have it disposed of, or not.

Each is one change with its audit entry. All raise `NotPossible` with what to do instead,
`NotAllowed`, `CaseChanged` when another person changed the case since `expected_version`, and
`StoreBusy`.
"""

from dataclasses import replace

from chalicelib.referrals import disposal_steps
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Beside
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.delivery import Kind
from chalicelib.referrals.disposal import PAUSE, Hold
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.change_case import acting, change_case
from chalicelib.use_cases.compose_submission import outbox_row, random_id
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.work_on_case import typed


def hold_case(
    deps: Services, reference: str, reason: str, person: Person, expected_version: int
) -> Case:
    """The case is kept, whatever its rule says, until the hold is released."""
    who = acting(deps, person)
    hold = Hold(random_id(), typed(reason), person.id, person.name, who.at)

    def held(case: Case, _: Clocks) -> Case:
        return replace(case, work=disposal_steps.held(case.work, hold, person))

    details = {"hold": hold.id, "changed": "holds, reason"}
    action = "placed a legal hold on a case"
    return change_case(deps, reference, who, action, held, details, expected_version)


def release_hold(
    deps: Services, reference: str, hold_id: str, reason: str, person: Person, expected_version: int
) -> Case:
    """A hold ends: the case may be disposed of when no other stands and its time is over."""
    who = acting(deps, person)

    def released(case: Case, _: Clocks) -> Case:
        work = disposal_steps.released(case.work, hold_id, typed(reason), person, who.at)
        return replace(case, work=work)

    details = {"hold": hold_id, "changed": "holds, reason"}
    action = "released a legal hold on a case"
    return change_case(deps, reference, who, action, released, details, expected_version)


def approve_disposal(deps: Services, reference: str, person: Person, expected_version: int) -> Case:
    """The case is deleted after a pause, in which the approval can be taken back."""
    who = acting(deps, person)
    case = deps.cases.find(reference)
    stream = "" if case is None else case.stream
    row = outbox_row(reference, stream, Kind.DISPOSAL, who.at)
    # The stream is told of it at once, and waits; reconcile need not look before the pause is over.
    row = replace(row, check_at=who.at + PAUSE)

    def approved(case: Case, _: Clocks) -> Case:
        work = disposal_steps.approved(deps.partnership, case, row.id, who)
        return replace(case, work=work)

    return change_case(
        deps,
        reference,
        who,
        "approved the disposal of a case",
        approved,
        {"approval": row.id, "changed": "approvals"},
        expected_version,
        Beside(outbox=(row,)),
    )


def take_back_approval(
    deps: Services, reference: str, reason: str, person: Person, expected_version: int
) -> Case:
    """The case is not deleted after all, if its deletion has not begun."""
    who = acting(deps, person)

    def taken_back(case: Case, _: Clocks) -> Case:
        return replace(case, work=disposal_steps.taken_back(case, typed(reason), who))

    action = "took back the approval to dispose of a case"
    return change_case(
        deps, reference, who, action, taken_back, {"changed": "approvals"}, expected_version
    )
