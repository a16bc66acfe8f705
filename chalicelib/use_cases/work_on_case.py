"""What staff do with a case: acknowledge, move, assign, bar, decide, close, reopen.

Each is one change with its audit entry. All raise `NotPossible` with what to do instead,
`NotAllowed`, `CaseChanged` when another person changed the case since `expected_version`, and
`StoreBusy`. The entry names what changed; what staff wrote stays with the case.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.referrals import case_change, case_closing, case_decisions, case_steps
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor
from chalicelib.referrals.case_decisions import DecisionForm
from chalicelib.referrals.case_work import CaseWork, Conflict, Stage
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.change_case import Transition, acting, change_case, ensure_may_work
from chalicelib.use_cases.change_several_cases import MergedAct, change_merged
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.ports import Services

ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True)
class _AtCase:
    """Somebody at a case: who acts, and the version that they saw of it."""

    deps: Services
    reference: str
    who: Actor
    version: int

    def do(self, action: str, transition: Transition, **details: str) -> Case:
        """The case after a change, with its entry in the trail."""
        return change_case(
            self.deps, self.reference, self.who, action, transition, details, self.version
        )

    def work(self, action: str, step: Callable[[Case], CaseWork], **details: str) -> Case:
        """The case after a change of nothing but its work."""
        return self.do(action, lambda case, _: replace(case, work=step(case)), **details)

    def everywhere(
        self,
        action: str,
        step: Callable[[Case], CaseWork],
        follow: Callable[[Case], CaseWork],
        **details: str,
    ) -> Case:
        """The case after a change of its work, which each that is merged with it follows."""
        act = MergedAct(action, step, follow, details)
        return change_merged(self.deps, self.reference, self.who, act, self.version)


def acknowledge(
    deps: Services, reference: str, on: date, person: Person, expected_version: int
) -> Case:
    """The referrer was told on a day that it has arrived: the duty is met, if there is one."""
    at_case = _at(deps, reference, person, expected_version)
    who = at_case.who

    def acknowledged(case: Case, clocks: Clocks) -> Case:
        ensure_may_work(case, who)
        if clocks.rules_of(ACKNOWLEDGE):
            case = case_change.meet(case, clocks, deps.partnership.dates, ACKNOWLEDGE, on, who)
        work = case_steps.carried_on(case.work, Stage.ACKNOWLEDGED, person, who.at)
        return replace(case, work=work)

    return at_case.do("acknowledged a case", acknowledged, on=on.isoformat())


def move_stage(
    deps: Services,
    reference: str,
    stage: Stage,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """The case goes on to its next stage, or elsewhere by a manager with a reason."""
    at_case, why = _at(deps, reference, person, expected_version), typed(reason)
    return at_case.work(
        "moved a case",
        lambda case: case_steps.moved(case.work, stage, why, person, at_case.who.at),
        changed="stage, reason" if why else "stage",
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
    return _at(deps, reference, person, expected_version).work(
        "assigned a case",
        lambda case: case_steps.assigned(case.work, assignee, assignee_name, person),
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
    """Somebody has a conflict of interest: they may open neither the case nor what is merged with
    it any more."""
    at_case = _at(deps, reference, person, expected_version)
    conflict = Conflict(name.strip(), typed(reason), person.name, at_case.who.at)
    return at_case.everywhere(
        "barred a person from a case",
        lambda case: case_steps.barred(case.work, person_id, conflict, person),
        lambda case: case_steps.also_barred(case.work, {person_id: conflict}),
        person=person_id,
        changed="conflicts, reason",
    )


def unbar(
    deps: Services,
    reference: str,
    person_id: str,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """Somebody has no conflict of interest after all, or no longer, in the case and in what is
    merged with it: that there was one is kept."""
    at_case, why = _at(deps, reference, person, expected_version), typed(reason)
    at = at_case.who.at
    return at_case.everywhere(
        "let a person open a case again",
        lambda case: case_steps.unbarred(case.work, person_id, why, person, at),
        lambda case: case_steps.also_unbarred(case.work, person_id, why, person.name, at),
        person=person_id,
        changed="conflicts",
    )


def record_decision(
    deps: Services, reference: str, form: DecisionForm, person: Person, expected_version: int
) -> Case:
    """A recommendation or a decision, or a correction that supersedes one."""
    at_case, decision_id = _at(deps, reference, person, expected_version), random_id()
    form, who = _typed_form(form), at_case.who

    def decided(case: Case, clocks: Clocks) -> Case:
        case = replace(case, work=case_decisions.recorded(case, form, decision_id, who))
        if form.date_name:
            names = deps.partnership.dates
            case = case_change.record_date(case, names, form.date_name, form.decided_on, who)
            case_change.ensure_in_order(case, clocks, names, form.date_name)
        return case

    action = f"corrected a {form.kind}" if form.supersedes else f"recorded a {form.kind}"
    supersedes = {"supersedes": form.supersedes} if form.supersedes else {}
    recorded = f"{form.outcome} on {form.decided_on}"
    return at_case.do(action, decided, decision=decision_id, recorded=recorded, **supersedes)


def close_case(
    deps: Services,
    reference: str,
    outcome: str,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """The case is over: what is still due of it is withdrawn."""
    at_case, why = _at(deps, reference, person, expected_version), typed(reason)

    def closed(case: Case) -> CaseWork:
        at = at_case.who.at
        return case_closing.closed(case.work, case.stream, outcome, why, person, at)

    return at_case.work("closed a case", closed, changed="stage, outcome, reason")


def reopen_case(
    deps: Services,
    reference: str,
    stage: Stage,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """The case goes on from a stage: what was due when it was closed is due again."""
    at_case, why = _at(deps, reference, person, expected_version), typed(reason)
    return at_case.work(
        "reopened a case",
        lambda case: case_closing.reopened(case.work, stage, why, person, at_case.who.at),
        changed="stage, reason",
    )


def typed(text: str) -> str:
    """A text as it is kept: browsers send the end of a line as two characters."""
    return text.replace("\r\n", "\n").strip()


def _at(deps: Services, reference: str, person: Person, version: int) -> _AtCase:
    return _AtCase(deps, reference, acting(deps, person), version)


def _typed_form(form: DecisionForm) -> DecisionForm:
    views = {name: typed(view) for name, view in form.partner_views.items()}
    notes = {name: typed(note) for name, note in form.notes.items()}
    reasons, alternative = typed(form.reasons), typed(form.alternative)
    return replace(form, reasons=reasons, alternative=alternative, partner_views=views, notes=notes)
