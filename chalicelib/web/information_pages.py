"""Answer a question about a notification that was sent: by its reference and a code, no account.

Both are posted each time, and stand in no address and no cookie. Whatever is wrong with them, the
page says the same, and keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.forms.questions.base import Component
from chalicelib.referrals.information import LONGEST_ANSWER
from chalicelib.referrals.reference import example_of
from chalicelib.referrals.times import say_date, say_time
from chalicelib.use_cases.add_information import (
    Added,
    CodeRefused,
    NotAnswered,
    Question,
    add_information,
    check_answer,
    open_question,
)
from chalicelib.use_cases.ports import Services
from chalicelib.web import message_pages
from chalicelib.web.components import draw as draw_component
from chalicelib.web.draft_session import is_own_post
from chalicelib.web.drawing import draw
from chalicelib.web.http import Request, Response
from chalicelib.web.render import draw_macro

PATH = "/information"
TITLE = "Answer a question about your notification"
# The same whatever is wrong: it tells nobody which of the two is right.
UNKNOWN = "This reference and code do not open a question. Check both"
STEP = "step"
QUESTION, CHECK, SEND = "question", "check", "send"
# A reference and a code are far shorter: a pasted document is not drawn again.
_LONGEST_KEY = 100


@dataclass(frozen=True)
class _Typed:
    """What was posted: the two keys, and the answer so far."""

    reference: str = ""
    code: str = ""
    answer: str = ""
    name: str = ""

    @property
    def keys(self) -> dict[str, str]:
        return {"reference": self.reference, "code": self.code}

    @property
    def answered(self) -> dict[str, str]:
        """The answer so far; nothing when there is none."""
        fields = {"answer": self.answer, "name": self.name}
        return {name: value for name, value in fields.items() if value}


def answer_question(request: Request, services: Services) -> Response:
    """Every step of the page, by what was posted."""
    if request.method != "POST":
        return _keys_page(request, services, _Typed())
    posted = request.form
    if not is_own_post(request, services):
        return message_pages.not_own_post(request, services, PATH)
    typed = _typed(posted)
    missing = {
        name: text
        for name, text in (("reference", "Enter the reference"), ("code", "Enter the code"))
        if not getattr(typed, name)
    }
    if missing:
        return _keys_page(request, services, typed, missing)
    try:
        return _step(request, services, typed, (posted.get(STEP) or [""])[0])
    except CodeRefused:
        return _keys_page(request, services, typed, {"reference": UNKNOWN}, _what_now(services))


def _step(request: Request, services: Services, typed: _Typed, step: str) -> Response:
    keys = (typed.reference, typed.code)
    if step not in (CHECK, SEND):
        asked = open_question(services, *keys)
        return _question_page(request, services, typed, asked)
    answer = (typed.name, typed.answer)
    try:
        if step == SEND:
            return _thanks(request, services, add_information(services, *keys, *answer))
        return _check_page(request, services, typed, check_answer(services, *keys, *answer))
    except NotAnswered as wrong:
        asked = open_question(services, *keys)
        return _question_page(request, services, typed, asked, wrong.problems)


def _typed(posted: Mapping[str, list[str]]) -> _Typed:
    def one(name: str) -> str:
        text = (posted.get(name) or [""])[0]
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

    typed = _Typed(one("reference"), one("code"), one("answer"), one("name"))
    return replace(typed, reference=typed.reference[:_LONGEST_KEY], code=typed.code[:_LONGEST_KEY])


def _what_now(services: Services) -> str:
    contact = services.partnership.contact
    whom = f"phone {contact.help_phone}" if contact.help_phone else f"email {contact.help_email}"
    return (
        "A code works for one answer only, and not for ever. If both are as you were given them, "
        f"{whom} and ask for a new code. Give only your reference."
    )


def _keys_page(
    request: Request,
    services: Services,
    typed: _Typed,
    errors: Mapping[str, str] | None = None,
    what_now: str = "",
) -> Response:
    errors = errors or {}
    kept = {"Your answer": typed.answer, "Your name": typed.name}
    return _form(
        request,
        services,
        errors,
        title=TITLE,
        lead=[
            "Use this page if the partnership asked you for more about a notification that you "
            "sent, and gave you a code.",
            *filter(None, [what_now]),
        ],
        typed=[{"label": label, "value": value} for label, value in kept.items() if value],
        components_html=[_reference_box(services, typed, errors), _code_box(typed, errors)],
        hidden={STEP: QUESTION, **typed.answered},
        back_href=f"{request.base_url}/",
    )


def _question_page(
    request: Request,
    services: Services,
    typed: _Typed,
    asked: Question,
    errors: Mapping[str, str] | None = None,
) -> Response:
    errors = errors or {}
    return _form(
        request,
        services,
        errors,
        title=TITLE,
        caption=asked.reference,
        question=asked.question,
        lead=[
            f"Answer by {say_date(asked.answer_by)}. What you sent before stays as it is: your "
            "answer is added to it.",
        ],
        components_html=[_answer_box(typed, errors), _name_box(typed, errors)],
        hidden={STEP: CHECK, **typed.keys},
        stream=asked.stream,
    )


def _check_page(request: Request, services: Services, typed: _Typed, asked: Question) -> Response:
    rows = (
        ("Question", asked.question),
        ("Your answer", typed.answer),
        ("Your name", typed.name),
    )
    return draw(
        request,
        services,
        "information_check.html",
        title="Check your answer",
        caption=asked.reference,
        rows=[{"key": key, "value_lines": [value]} for key, value in rows],
        hidden={**typed.keys, **typed.answered},
        action=f"{request.base_url}{PATH}",
        stream=asked.stream,
    )


def _thanks(request: Request, services: Services, added: Added) -> Response:
    return draw(
        request,
        services,
        "information_added.html",
        title="Your answer was added",
        reference=added.reference,
        received=say_time(added.at),
        stream=added.stream,
    )


def _form(
    request: Request, services: Services, errors: Mapping[str, str], **context: Any
) -> Response:
    return draw(
        request,
        services,
        "information.html",
        status=422 if errors else 200,
        error=bool(errors),
        error_summary=[{"text": text, "href": f"#{name}"} for name, text in errors.items()],
        action=f"{request.base_url}{PATH}",
        **context,
    )


def _reference_box(services: Services, typed: _Typed, errors: Mapping[str, str]) -> str:
    params = _box("reference", "Reference", typed.reference, errors)
    example = example_of(services.partnership.reference_prefix)
    hint = f"It was shown when you sent the notification, for example {example}."
    return _input({**params, "hint": {"text": hint}, "classes": "govuk-input--width-20"})


def _code_box(typed: _Typed, errors: Mapping[str, str]) -> str:
    params = _box("code", "Code", typed.code, errors)
    hint = "20 letters and numbers. Hyphens, spaces and small letters make no difference."
    classes = "govuk-input--width-30 app-code__input"
    return _input({**params, "hint": {"text": hint}, "classes": classes})


def _name_box(typed: _Typed, errors: Mapping[str, str]) -> str:
    params = _box("name", "Your name", typed.name, errors)
    return _input({**params, "classes": "govuk-input--width-30"})


def _answer_box(typed: _Typed, errors: Mapping[str, str]) -> str:
    params = _box("answer", "Your answer", typed.answer, errors)
    hint = (
        "Say what you know yourself, and where the rest can be found. Do not put in documents of "
        "others: tell the partnership that there are some."
    )
    extra = {"hint": {"text": hint}, "rows": 10, "maxlength": LONGEST_ANSWER}
    return draw_component(Component("character-count", {**params, **extra}))


def _box(name: str, label: str, value: str, errors: Mapping[str, str]) -> dict[str, Any]:
    params: dict[str, Any] = {
        "id": name,
        "name": name,
        "value": value,
        "label": {"text": label, "classes": "govuk-label--s"},
    }
    return {**params, "errorMessage": {"text": errors[name]}} if name in errors else params


def _input(params: Mapping[str, Any]) -> str:
    return draw_macro("input", {**params, "autocomplete": "off", "spellcheck": False})
