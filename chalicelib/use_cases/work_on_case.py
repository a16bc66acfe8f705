"""What staff do with a case: acknowledge, move, assign, bar, decide, close, reopen.

Each is one change with its audit entry. All raise `NotPossible` with what to do instead,
`NotAllowed`, `CaseChanged` when another person changed the case since `expected_version`, and
`StoreBusy`. The entry names what changed; what staff wrote stays with the case.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from chalicelib.referrals import case_change, case_closing, case_decisions, case_steps
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_decisions import DecisionForm
from chalicelib.referrals.case_work import CaseWork, Conflict, Stage
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.change_case import Transition, acting, change_case, ensure_may_work
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.ports import Services

ACKNOWLEDGE = "acknowledge"


def acknowledge(
    deps: Services, reference: str, on: date, person: Person, expected_version: int
) -> Case:
    """The referrer was told on a day that it has arrived: the duty is met, if there is one."""
    who = acting(deps, person)

    def acknowledged(case: Case, clocks: Clocks) -> Case:
        ensure_may_work(case, who)
        if clocks.rules_of(ACKNOWLEDGE):
            case = case_change.meet(case, clocks, deps.partnership.dates, ACKNOWLEDGE, on, who)
        work = case_steps.carried_on(case.work, Stage.ACKNOWLEDGED, person, who.at)
        return replace(case, work=work)

    details = {"on": on.isoformat()}
    return change_case(
        deps, reference, who, "acknowledged a case", acknowledged, details, expected_version
    )


def move_stage(
    deps: Services,
    reference: str,
    stage: Stage,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """The case goes on to its next stage, or elsewhere by a manager with a reason."""
    who = acting(deps, person)
    return _work(
        deps,
        reference,
        person,
        "moved a case",
        lambda case: case_steps.moved(case.work, stage, typed(reason), person, who.at),
        {"changed": "stage, reason"} if reason.strip() else {"changed": "stage"},
        expected_version,
    )


def assign(
    deps: Services,
    reference: str,
    assignee: str,
    assignee_name: str,
    person: Person,
    expected_version: int,
) -> Case:
    """Somebody works on the case from now on; nobody when `assignee`, their id, is empty."""
    return _work(
        deps,
        reference,
        person,
        "assigned a case",
        lambda case: case_steps.assigned(case.work, assignee, assignee_name, person),
        {},
        expected_version,
    )


def bar(
    deps: Services,
    reference: str,
    person_id: str,
    name: str,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """Somebody has a conflict of interest: they may not open the case any more."""
    who = acting(deps, person)
    conflict = Conflict(name.strip(), typed(reason), person.name, who.at)
    return _work(
        deps,
        reference,
        person,
        "barred a person from a case",
        lambda case: case_steps.barred(case.work, person_id, conflict, person),
        {"person": person_id, "changed": "conflicts, reason"},
        expected_version,
    )


def unbar(
    deps: Services,
    reference: str,
    person_id: str,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """Somebody has no conflict of interest after all, or no longer: that there was one is kept."""
    who = acting(deps, person)
    return _work(
        deps,
        reference,
        person,
        "let a person open a case again",
        lambda case: case_steps.unbarred(case.work, person_id, typed(reason), person, who.at),
        {"person": person_id, "changed": "conflicts"},
        expected_version,
    )


def record_decision(
    deps: Services, reference: str, form: DecisionForm, person: Person, expected_version: int
) -> Case:
    """A recommendation or a decision, or a correction that supersedes one."""
    who, decision_id = acting(deps, person), random_id()
    form = _typed_form(form)

    def decided(case: Case, clocks: Clocks) -> Case:
        case = replace(case, work=case_decisions.recorded(case, form, decision_id, who))
        if form.date_name:
            names = deps.partnership.dates
            case = case_change.record_date(case, names, form.date_name, form.decided_on, who)
            case_change.ensure_in_order(case, clocks, names, form.date_name)
        return case

    details = {"decision": decision_id, "recorded": f"{form.outcome} on {form.decided_on}"}
    if form.supersedes:
        details["supersedes"] = form.supersedes
    action = f"corrected a {form.kind}" if form.supersedes else f"recorded a {form.kind}"
    return change_case(deps, reference, who, action, decided, details, expected_version)


def close_case(
    deps: Services,
    reference: str,
    outcome: str,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """The case is over: what is still due of it is withdrawn."""
    who = acting(deps, person)
    return _work(
        deps,
        reference,
        person,
        "closed a case",
        lambda case: case_closing.closed(
            case.work, case.stream, outcome, typed(reason), person, who.at
        ),
        {"changed": "stage, outcome, reason"},
        expected_version,
    )


def reopen_case(
    deps: Services,
    reference: str,
    stage: Stage,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """The case goes on from a stage: what was due when it was closed is due again."""
    who = acting(deps, person)
    return _work(
        deps,
        reference,
        person,
        "reopened a case",
        lambda case: case_closing.reopened(case.work, stage, typed(reason), person, who.at),
        {"changed": "stage, reason"},
        expected_version,
    )


def typed(text: str) -> str:
    """A text as it is kept: browsers send the end of a line as two characters."""
    return text.replace("\r\n", "\n").strip()


def _work(
    deps: Services,
    reference: str,
    person: Person,
    action: str,
    step: Callable[[Case], CaseWork],
    details: Mapping[str, str],
    expected_version: int,
) -> Case:
    transition: Transition = lambda case, _: replace(case, work=step(case))  # noqa: E731
    who = acting(deps, person)
    return change_case(deps, reference, who, action, transition, details, expected_version)


def _typed_form(form: DecisionForm) -> DecisionForm:
    views = {name: typed(view) for name, view in form.partner_views.items()}
    reasons, alternative = typed(form.reasons), typed(form.alternative)
    return replace(form, reasons=reasons, alternative=alternative, partner_views=views)
