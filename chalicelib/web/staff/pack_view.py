"""What a redacted pack shows of a case: its answers, decisions and additions, without names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.forms.definition import Group, Page
from chalicelib.forms.disclosures import Discloses
from chalicelib.forms.journey import asked, walk
from chalicelib.referrals.case_work import DECISION, Decision
from chalicelib.referrals.redacted_pack import ADDED, DECISIONS
from chalicelib.referrals.times import local_date, say_date
from chalicelib.use_cases.make_pack import OpenedPack
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.redact_referral import Item, Redaction
from chalicelib.web.staff.case_words import outcome_words
from chalicelib.web.staff.criteria import criteria_of
from chalicelib.web.staff.fields import say_or
from chalicelib.web.summary import Row, answer_lines

WITHHELD = "Withheld"
# Answers that were chosen or counted: nobody typed what they say.
_NOT_TYPED = frozenset(
    (
        *("radios", "select", "checkboxes", "yes_no", "yes_no_not_known", "declaration"),
        *("number", "time", "date", "approximate_date"),
    )
)


def pack_sections(opened: OpenedPack) -> list[dict[str, Any]]:
    """The form's chosen sections as answers.html shows them; what was left blank is left out."""
    redaction, chosen = opened.redaction, opened.pack.sections
    form, answers = redaction.form, walk(redaction.form, opened.opened.referral.answers).answers
    found: dict[str, dict[str, Any]] = {}
    for step in form.steps:
        if step.section not in chosen:
            continue
        title = form.sections[step.section]
        section = found.setdefault(step.section, {"title": title, "rows": [], "groups": []})
        if isinstance(step, Group):
            items = list(_items(redaction, step, answers))
            if items:
                section["groups"].append({"title": step.title, "items": items})
        else:
            section["rows"].extend(_rows(redaction, step, answers, None, None))
    return [one for one in found.values() if one["rows"] or one["groups"]]


def _items(
    redaction: Redaction, group: Group, answers: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for number, item in enumerate(answers.get(group.each, ()), start=1):
        key = (group.each, number)
        rows = [row for page in group.pages for row in _rows(redaction, page, answers, item, key)]
        yield {"title": redaction.people.get(key, f"{group.item} {number}"), "rows": rows}


def _rows(
    redaction: Redaction,
    page: Page,
    answers: Mapping[str, Any],
    item: Mapping[str, Any] | None,
    key: Item | None,
) -> Iterator[Row]:
    given = answers if item is None else item
    for name in asked(redaction.form, page, answers, item):
        # Whoever an item is about is its title.
        told = redaction.marks[name] is Discloses.NAME and key in redaction.people
        if name in given and not told:
            yield _row(redaction, name, given)


def _row(redaction: Redaction, name: str, given: Mapping[str, Any]) -> Row:
    question, mark = redaction.form.questions[name], redaction.marks[name]
    if redaction.withholds(name):
        return {"key": question.row, "value_lines": [WITHHELD], "answered": False}
    if mark is Discloses.BORN:
        return {"key": "Age", "value_lines": [redaction.age(given[name])]}
    if mark is Discloses.NAME:
        return {"key": question.row, "value_lines": [redaction.named[name]]}
    lines = answer_lines(redaction.form, name, given)
    if question.type not in _NOT_TYPED:
        lines = [redaction.redactor.text("\n".join(lines))]
    return {"key": question.row, "value_lines": lines}


def pack_decisions(services: Services, opened: OpenedPack) -> list[dict[str, Any]]:
    """What was recommended and decided, as it is in force: [{title, rows}]."""
    if DECISIONS not in opened.pack.sections:
        return []
    work = opened.opened.case.work
    standing = [one for one in work.decisions if work.superseding(one.id) is None]
    return [
        {
            "title": f"{one.kind.capitalize()} of {say_date(one.decided_on)}",
            "rows": _decision_rows(services, opened, one),
        }
        for one in standing
    ]


def _decision_rows(services: Services, opened: OpenedPack, one: Decision) -> list[Row]:
    text = opened.redaction.redactor.text
    known = {each.id: each.text for each in criteria_of(services, opened.opened.case.stream)}
    met = [known.get(criterion, criterion) for criterion in one.criteria]
    by = "Decided by" if one.kind == DECISION else "Recommended by"
    facts = [
        ("Outcome", [outcome_words(one.outcome)]),
        (by, [text(one.decider)]),
        ("Criteria met", met or ["None"]),
        *((text(f"View of: {name}"), [text(view)]) for name, view in one.partner_views.items()),
        ("Reasons", [text(one.reasons)]),
        ("What else was considered", [text(one.alternative) or "Not recorded"]),
        ("Looked at again on", [say_or(one.review_on, "No date")]),
        *((heading, [text(note)]) for heading, note in one.notes.items()),
    ]
    return [{"key": key, "value_lines": lines} for key, lines in facts]


def pack_additions(opened: OpenedPack) -> list[dict[str, Any]]:
    """What the referrer added when they were asked: [{title, rows}]."""
    if ADDED not in opened.pack.sections:
        return []
    text = opened.redaction.redactor.text
    asked_for = {one.id: one.question for one in opened.opened.case.work.requests}
    return [
        {
            "title": f"Added on {say_date(local_date(one.at))}",
            "rows": [
                {"key": "Question", "value_lines": [text(asked_for.get(one.request, ""))]},
                {"key": "Answer", "value_lines": [text(one.text)]},
            ],
        }
        for one in opened.opened.additions
    ]
