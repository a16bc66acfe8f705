"""The form on paper, from the same definition: for a day on which the service is down."""

from __future__ import annotations

from typing import Any

from chalicelib.forms.definition import Form, Group, Page
from chalicelib.use_cases.ports import Services
from chalicelib.web.drawing import draw
from chalicelib.web.http import Request, Response
from chalicelib.web.words import in_words_of


def show(request: Request, services: Services, form: Form) -> Response:
    return draw(
        request,
        services,
        "blank.html",
        title=f"{form.text['name']}: paper form",
        form_title=form.text["name"],
        sections=blank_sections(form, services),
        version=form.version,
        back_href=f"{request.base_url}/{form.name}",
        stream=form.stream,
    )


def blank_sections(form: Form, services: Services) -> list[dict[str, Any]]:
    """[{title, questions: [{text, hint, options, lines, group}]}] in the form's own order."""
    found: dict[str, dict[str, Any]] = {}
    for step in form.steps:
        section = found.setdefault(
            step.section, {"title": form.sections[step.section], "questions": []}
        )
        if isinstance(step, Group):
            for page in step.pages:
                section["questions"] += _questions(form, page, services, step.item)
        else:
            section["questions"] += _questions(form, step, services, None)
    return [section for section in found.values() if section["questions"]]


def _questions(
    form: Form, page: Page, services: Services, group: str | None
) -> list[dict[str, Any]]:
    shown = []
    for name in page.ask:
        question = form.questions[name]
        hint = question.hint and in_words_of(services.partnership, form.stream, question.hint)
        shown.append(
            {
                "text": question.text,
                "hint": hint,
                "options": [option.label for option in question.options],
                "lines": 8 if question.type == "textarea" else 1,
                "group": group,
            }
        )
    return shown
