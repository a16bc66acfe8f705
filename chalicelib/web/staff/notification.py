"""The notification as its referrer filled it in, drawn by the version of the form they answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.forms.definition import Form
from chalicelib.referrals.referral import Referral
from chalicelib.use_cases.answered_form import answered_form
from chalicelib.use_cases.ports import Services
from chalicelib.web.summary import sections

OTHER_VERSION = (
    "The form has changed since. These are the questions as the referrer was asked them."
)
NO_VERSION = (
    "The version of the form that this was answered with is not kept any more. These are the "
    "questions and answers as they were stored with the notification."
)


def notification(services: Services, referral: Referral, *, folded: bool) -> dict[str, Any]:
    """`sections` for answers.html, and a notice when the form is another one today.

    `folded` puts what was left blank below what was said: on paper it stays in its place.
    """
    form, notice = _asked(services, referral)
    if form is None:
        return {"sections": [_as_stored(referral)], "answer_notice": NO_VERSION}
    drawn = sections(form, referral.answers, None)
    if folded:
        for section in drawn:
            _fold(section)
            for item in (item for group in section["groups"] for item in group["items"]):
                _fold(item)
    return {"sections": drawn, "answer_notice": notice}


def _asked(services: Services, referral: Referral) -> tuple[Form | None, str]:
    form, current = answered_form(services, referral), services.forms.get(referral.form)
    changed = form is not None and (current is None or current.version != form.version)
    return form, OTHER_VERSION if changed else ""


def _fold(part: dict[str, Any]) -> None:
    part["blank"] = [row for row in part["rows"] if not row["answered"]]
    part["rows"] = [row for row in part["rows"] if row["answered"]]


def _as_stored(referral: Referral) -> dict[str, Any]:
    """Without any definition of the form: what was asked is stored beside what was answered."""
    top = {name: value for name, value in referral.answers.items() if not _is_list(value)}
    groups = [
        {
            "title": name.replace("_", " ").capitalize(),
            "items": [
                {"title": f"Number {number}", "rows": _stored_rows(referral, item)}
                for number, item in enumerate(items, start=1)
            ],
        }
        for name, items in referral.answers.items()
        if _is_list(items)
    ]
    return {"title": "Answers", "rows": _stored_rows(referral, top), "groups": groups}


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def _stored_rows(referral: Referral, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "key": referral.questions.get(name, {}).get("text", name.replace("_", " ")),
            "value_lines": _stored_lines(referral, name, value),
        }
        for name, value in answers.items()
    ]


def _stored_lines(referral: Referral, name: str, value: Any) -> list[str]:
    labels = referral.questions.get(name, {}).get("options", {})
    if isinstance(value, Mapping):
        return [f"{part.replace('_', ' ')}: {said}" for part, said in value.items()]
    values = value if isinstance(value, list) else [value]
    words = {True: "Yes", False: "No"}
    return [words[one] if isinstance(one, bool) else str(labels.get(one, one)) for one in values]
