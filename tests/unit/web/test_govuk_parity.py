"""Our renderer's markup is GOV.UK Frontend's own, fixture by fixture."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.forms.questions.base import Component
from chalicelib.web.components import draw
from chalicelib.web.render import TEMPLATES
from tests.unit.web.page_tree import tree

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
USED = (
    "back-link",
    "button",
    "character-count",
    "checkboxes",
    "date-input",
    "details",
    "error-message",
    "error-summary",
    "exit-this-page",
    "fieldset",
    "hint",
    "input",
    "inset-text",
    "label",
    "panel",
    "radios",
    "select",
    "skip-link",
    "summary-list",
    "textarea",
    "warning-text",
)
MACRO = re.compile(r"govuk_frontend_jinja/components/([a-z-]+)/")


def fixtures(component: str) -> list[dict[str, Any]]:
    """The official examples; `make assets` installs the package that holds them."""
    path = FIXTURES / component / "fixtures.json"
    loaded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["fixtures"]
    return loaded


@pytest.mark.parametrize("component", USED)
def test_a_component_is_drawn_as_govuk_frontend_draws_it(component: str) -> None:
    different = [
        fixture["name"]
        for fixture in fixtures(component)
        if tree(draw(Component(component, fixture["options"]))) != tree(fixture["html"])
    ]
    assert different == []


def test_no_template_uses_a_component_that_is_not_compared() -> None:
    named = {
        component
        for template in TEMPLATES.glob("*.html")
        for component in MACRO.findall(template.read_text(encoding="utf-8"))
    }
    assert named <= set(USED)
