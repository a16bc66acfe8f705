"""Recommendations and decisions, pure: what each must say before it is recorded.

Rules R9 and R10 are the design's domain notes, section 6. A decision is never changed: a correction
is a decision that supersedes another.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import FURTHEST, Actor, NotPossible
from chalicelib.referrals.case_steps import carried_on, ensure_may, ensure_open, roomy
from chalicelib.referrals.case_work import DECISION, RECOMMENDATION, CaseWork, Decision, Stage
from chalicelib.referrals.outcomes import NO_REVIEW, SAR_MANDATORY, outcomes_for
from chalicelib.referrals.staff import NotAllowed, Right
from chalicelib.referrals.times import local_date, say_date

LONGEST_TEXT = 10_000
LONGEST_NAME = 200
MOST_PARTNERS = 20
_RIGHTS = {RECOMMENDATION: Right.RECOMMEND, DECISION: Right.DECIDE}
# The part of the form that it is about, empty for all of it, and what to do.
Problem = tuple[str, str]
_CRITERION = re.compile(r"[A-Z][A-Z0-9_]{1,59}")


@dataclass(frozen=True)
class DecisionForm:
    """What somebody gives to be recorded; `supersedes` is the decision that it corrects.

    `date_name` is the partnership's date to record with it, if any: deadlines follow.
    """

    kind: str
    outcome: str
    decided_on: date
    decider: str
    reasons: str
    criteria: tuple[str, ...] = ()
    alternative: str = ""
    partner_views: Mapping[str, str] = field(default_factory=dict)
    review_on: date | None = None
    supersedes: str | None = None
    date_name: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


def recorded(case: Case, form: DecisionForm, decision_id: str, actor: Actor) -> CaseWork:
    """The work with the decision, and the case carried on to the stage that says so.

    Raises `NotAllowed`, `NotPossible`.
    """
    work, person = case.work, actor.person
    if form.kind not in _RIGHTS:
        raise NotPossible("Choose whether it is a recommendation or a decision.")
    if person is None:
        raise NotAllowed("nobody signed in")
    ensure_may(work, person, _RIGHTS[form.kind])
    ensure_open(work)
    problems = tuple(_problems(form, case, local_date(actor.at)))
    if problems:
        (field_name, text), *more = problems
        raise NotPossible(text, field_name, *more)
    decision = Decision(
        id=decision_id,
        kind=form.kind,
        outcome=form.outcome,
        criteria=form.criteria,
        reasons=form.reasons.strip(),
        alternative=form.alternative.strip(),
        partner_views=_said(form.partner_views),
        decided_on=form.decided_on,
        review_on=form.review_on,
        decider=form.decider.strip(),
        by=person.id,
        name=person.name,
        at=actor.at,
        supersedes=form.supersedes,
        notes=_said(form.notes),
    )
    work = roomy(replace(work, decisions=(*work.decisions, decision)))
    return carried_on(work, _stage_after(work, form.kind), person, actor.at)


def _stage_after(work: CaseWork, kind: str) -> Stage:
    if kind == RECOMMENDATION:
        return Stage.RECOMMENDED
    reviewed = work.stage is Stage.RAPID_REVIEW
    return Stage.PARTNER_DECISION if reviewed else Stage.DECIDED


def _problems(form: DecisionForm, case: Case, today: date) -> Iterator[Problem]:
    yield from _unsaid(form)
    yield from _misdated(form, local_date(case.received_at), today)
    yield from _unlawful(form, case.stream)
    yield from _wrongly_corrected(form, case.work)


def _unsaid(form: DecisionForm) -> Iterator[Problem]:
    """Every decision names its decider and gives its reasons."""
    if not form.decider.strip():
        yield "decider", "Name who decided: a person with their office, or a panel."
    if not form.reasons.strip():
        yield "reasons", "Give the reasons. They are kept with the case."
    if len(form.partner_views) > MOST_PARTNERS:
        yield "partner_views", f"Give the views of at most {MOST_PARTNERS} partners."
    if len(form.notes) > MOST_PARTNERS:
        yield "notes", f"Give at most {MOST_PARTNERS} notes."
    texts = [
        ("decider", "the decider", form.decider, LONGEST_NAME),
        ("reasons", "the reasons", form.reasons, LONGEST_TEXT),
        ("alternative", "what was considered", form.alternative, LONGEST_TEXT),
    ]
    for name, note in _said(form.notes).items():
        texts.append(("notes", "the heading of a note", name, LONGEST_NAME))
        texts.append(("notes", "the note", note, LONGEST_TEXT))
    for name, view in _said(form.partner_views).items():
        texts.append(("partner_views", "the partner's name", name, LONGEST_NAME))
        texts.append(("partner_views", "the partner's view", view, LONGEST_TEXT))
    for field_name, what, text, longest in texts:
        if len(text) > longest:
            yield field_name, f"Shorten {what}: at most {longest:,} characters."
        if not all(letter.isprintable() or letter in "\n\t" for letter in text):
            yield field_name, f"Type {what} again: there are characters that cannot be shown."


def _misdated(form: DecisionForm, received_on: date, today: date) -> Iterator[Problem]:
    decided_on, review_on = form.decided_on, form.review_on
    if decided_on > today:
        yield "decided_on", f"{say_date(decided_on)} has not come yet. Record what was decided."
    if decided_on < received_on:
        yield (
            "decided_on",
            f"It was received on {say_date(received_on)}, so nothing was decided on "
            f"{say_date(decided_on)}. Check the date.",
        )
    if review_on is not None and review_on <= decided_on:
        yield "review_on", "Give a review date after the day of the decision."
    if review_on is not None and review_on > today + FURTHEST:
        yield "review_on", f"{say_date(review_on)} is too far ahead. Check the year."


def _unlawful(form: DecisionForm, stream: str) -> Iterator[Problem]:
    if form.outcome not in outcomes_for(stream):
        yield "outcome", "Choose one of the outcomes."
    if not all(_CRITERION.fullmatch(one) for one in form.criteria):
        yield "criteria", "Choose the criteria from the list."
    if form.outcome == NO_REVIEW:
        # R9: besides decider and reasons, what else was considered, and when to look at it again.
        if not form.alternative.strip():
            yield "alternative", "Say what was considered instead of a review."
        if form.review_on is None:
            yield (
                "review_on",
                "Give the date on which the decision not to review is looked at again.",
            )
    if form.outcome == SAR_MANDATORY and not _every_limb(set(form.criteria)):
        yield (
            "criteria",
            "A mandatory review needs three criteria: needs for care and support, concern about "
            "how partners worked together, and a death or serious harm from abuse or neglect. "
            "Choose all that are met, or another outcome.",
        )


def _every_limb(met: set[str]) -> bool:
    """R10: one limb of the law is not enough."""
    return {"A_NEEDS", "A_WORKING"} <= met and bool(met & {"A_DEATH", "A_SERIOUS"})


def _wrongly_corrected(form: DecisionForm, work: CaseWork) -> Iterator[Problem]:
    if form.supersedes is None:
        return
    corrected = work.decision(form.supersedes)
    if corrected is None or corrected.kind != form.kind:
        yield "", f"There is no such {form.kind} to correct. Open the case again."
    elif work.superseding(form.supersedes) is not None:
        yield "", "It has been corrected already. Correct the one that is in force."


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by their headings, without those that were left empty."""
    given = ((name.strip(), text.strip()) for name, text in texts.items())
    return {name: text for name, text in given if name and text}
