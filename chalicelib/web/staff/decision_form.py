"""Record a recommendation or a decision: outcome, every criterion, each partner's view, reasons."""

from __future__ import annotations

from datetime import date

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_decisions import DecisionForm
from chalicelib.referrals.case_work import DECISION, RECOMMENDATION, Decision
from chalicelib.referrals.outcomes import NO_REVIEW, outcomes_for
from chalicelib.use_cases import work_on_case
from chalicelib.web.staff import decision_texts
from chalicelib.web.staff.case_clocks import date_names
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.case_words import outcome_words
from chalicelib.web.staff.criteria import criteria_of
from chalicelib.web.staff.decision_texts import NOTES, PARTNERS
from chalicelib.web.staff.fields import (
    Choice,
    Field,
    Posted,
    Wrong,
    boxes_of,
    chosen,
    day,
    is_blank_day,
    line,
    text,
)
from chalicelib.web.staff.stage_forms import closed_already

CORRECTS = "corrects"
MET, NOT_MET = "met", "not_met"
_CRITERION = "criterion_"
_OUTCOME = "Select the outcome"
# The partnership's date that says when, by kind and by the start of the outcome; the first that the
# case's clocks know is recorded with it.
_DATES = {RECOMMENDATION: ("recommended_on",), DECISION: ("decided_on",)}
_LCSPR_DATES = ("lcspr_decided_on",)


def _fields(desk: Desk, kind: str) -> tuple[Field, ...]:
    return (
        _outcome(desk),
        Field(
            "decided_on",
            "date",
            "When was it decided?" if kind == DECISION else "When was it recommended?",
            hint="For example, 27 3 2026",
        ),
        Field(
            "decider",
            "line",
            "Who decided?" if kind == DECISION else "Who recommended it?",
            hint="A name with the office held, or the name of the panel.",
        ),
        *_criteria(desk),
        *decision_texts.views(),
        Field("reasons", "area", "Reasons", group="Reasons", rows=8),
        Field(
            "alternative",
            "area",
            "What else was considered, and why was it not chosen?",
            hint="Required when there is to be no review.",
            group="Reasons",
        ),
        Field(
            "review_on",
            "date",
            "When is this looked at again?",
            hint="Required when there is to be no review. Otherwise you may leave it empty.",
            group="Reasons",
        ),
        *decision_texts.notes(),
    )


def _outcome(desk: Desk) -> Field:
    known = tuple(Choice(code, outcome_words(code)) for code in outcomes_for(desk.case.stream))
    return Field("outcome", "select", "Outcome", choices=(Choice("", "Select an outcome"), *known))


def _criteria(desk: Desk) -> tuple[Field, ...]:
    answers = (Choice(MET, "Met"), Choice(NOT_MET, "Not met"))
    return tuple(
        Field(
            f"{_CRITERION}{one.id}",
            "radios",
            one.text,
            hint=one.source,
            choices=answers,
            group="Criteria, one by one",
            inline=True,
        )
        for one in criteria_of(desk.services, desk.case.stream)
    )


def _corrected(desk: Desk, kind: str) -> Decision | None:
    """The decision that is being corrected, if it is one."""
    named = line(desk.posted, CORRECTS) or desk.request.query.get(CORRECTS, "")
    found = desk.case.work.decision(named)
    return found if found is not None and found.kind == kind else None


def _filled(desk: Desk, kind: str) -> Posted:
    before = _corrected(desk, kind)
    if before is None:
        return {}
    return {
        "outcome": [before.outcome],
        "decider": [before.decider],
        "reasons": [before.reasons],
        "alternative": [before.alternative],
        **boxes_of("decided_on", before.decided_on),
        **boxes_of("review_on", before.review_on),
        **{
            field.name: [MET if _id_of(field) in before.criteria else NOT_MET]
            for field in _criteria(desk)
        },
        **decision_texts.filled(before),
    }


def _id_of(field: Field) -> str:
    return field.name.removeprefix(_CRITERION)


def _carry_out(desk: Desk, posted: Posted, version: int, kind: str) -> None:
    form = _read(desk, posted, kind)
    try:
        work_on_case.record_decision(desk.services, desk.case.reference, form, desk.person, version)
    except NotPossible as refused:
        # What is about several boxes together (R10) is told at the first of them.
        first = {
            "criteria": _criteria(desk)[0].name,
            "partner_views": next(iter(PARTNERS)),
            "notes": next(iter(NOTES)),
        }
        told = {first.get(field, field): text for field, text in refused.problems}
        raise Wrong(told) from refused


def _read(desk: Desk, posted: Posted, kind: str) -> DecisionForm:
    """What was typed. Raises `Wrong` with everything that is missing, R9's own demands among it."""
    errors: dict[str, str] = {}
    outcome = line(posted, "outcome")
    if outcome not in outcomes_for(desk.case.stream):
        errors["outcome"] = _OUTCOME
    what = "decision" if kind == DECISION else "recommendation"
    decided_on = _day(posted, "decided_on", f"the date of the {what}", errors)
    if not line(posted, "decider"):
        errors["decider"] = "Enter who decided" if kind == DECISION else "Enter who recommended it"
    met = _met(desk, posted, errors)
    if not text(posted, "reasons"):
        errors["reasons"] = "Enter the reasons"
    without_review = outcome == NO_REVIEW
    if without_review and not text(posted, "alternative"):
        errors["alternative"] = "Enter what else was considered: there is to be no review"
    review_on = None
    if without_review or not is_blank_day(posted, "review_on"):
        review_on = _day(posted, "review_on", "the date on which it is looked at again", errors)
    if errors or decided_on is None:
        raise Wrong(errors)
    before = _corrected(desk, kind)
    return DecisionForm(
        kind=kind,
        outcome=outcome,
        decided_on=decided_on,
        decider=line(posted, "decider"),
        reasons=text(posted, "reasons"),
        criteria=met,
        alternative=text(posted, "alternative"),
        partner_views=decision_texts.read(posted, PARTNERS),
        notes=decision_texts.read(posted, NOTES),
        review_on=review_on,
        supersedes=before.id if before else None,
        date_name=_date_name(desk, kind, outcome),
    )


def _day(posted: Posted, name: str, what: str, errors: dict[str, str]) -> date | None:
    try:
        return day(posted, name, what)
    except Wrong as wrong:
        errors.update(wrong.errors)
        return None


def _met(desk: Desk, posted: Posted, errors: dict[str, str]) -> tuple[str, ...]:
    met = []
    for field in _criteria(desk):
        try:
            answer = chosen(posted, field, f"Select whether it is met: {_short(field.label)}")
        except Wrong as wrong:
            errors.update(wrong.errors)
        else:
            met += [_id_of(field)] if answer == MET else []
    return tuple(met)


def _short(label: str) -> str:
    return label[:1].lower() + label[1:]


def _date_name(desk: Desk, kind: str, outcome: str) -> str:
    """The date to record with it, so that the deadlines that count from it start."""
    lcspr = kind == DECISION and outcome in ("lcspr", "lcspr_discretionary")
    wanted = (*(_LCSPR_DATES if lcspr else ()), *_DATES[kind])
    known = date_names(desk.services.partnership, desk.clocks)
    return next((name for name in wanted if name in known), "")


def _form(kind: str, done: str) -> CaseForm:
    def title(desk: Desk) -> str:
        return f"{'Correct' if _corrected(desk, kind) else 'Record'} a {kind}"

    def lead(desk: Desk) -> tuple[str, ...]:
        if _corrected(desk, kind):
            return (
                "What was recorded stays on record, marked as superseded. This takes its place.",
            )
        return (
            "It cannot be changed afterwards, only superseded by a correction. Deadlines that "
            "count from its date start or end with it.",
        )

    def hidden(desk: Desk) -> dict[str, str]:
        before = _corrected(desk, kind)
        return {CORRECTS: before.id} if before else {}

    return CaseForm(
        title=title,
        lead=lead,
        button=f"Record the {kind}",
        done=done,
        fields=lambda desk: _fields(desk, kind),
        filled=lambda desk: _filled(desk, kind),
        impossible=closed_already,
        carry_out=lambda desk, posted, version: _carry_out(desk, posted, version, kind),
        hidden=hidden,
    )


RECOMMEND = _form(RECOMMENDATION, "recommended")
DECIDE = _form(DECISION, "decided")
