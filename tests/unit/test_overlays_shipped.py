"""The overlays that partnerships ship: local questions and wording over an unchanged core."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chalicelib.forms.answers import check_submission
from chalicelib.forms.definition import Form
from chalicelib.forms.journey import walk
from chalicelib.forms.load import load_form

FORMS = Path(__file__).parents[2] / "forms"

REFERRAL: dict[str, Any] = {
    "immediate_danger": "no",
    "live_concern": "no",
    "submitter_type": "professional",
    "referrer_name": "Sam Okafor",
    "referrer_agency": "Borough",
    "referrer_email": "sam@example.org",
    "outcome_status": "serious_harm",
    "summary": "What I know so far.",
    "children": [{}],
    "declaration": True,
}


@cache
def form(name: str, partnership: str | None = None) -> Form:
    return load_form(FORMS, name, partnership)


def shipped() -> list[tuple[str, str]]:
    """Each (partnership, form) that a partnership's settings offer."""
    found = []
    for path in sorted(FORMS.glob("partnerships/*/partnership.toml")):
        settings = tomllib.loads(path.read_text("utf-8"))
        found += [(settings["id"], name) for name in settings["forms"]]
    return found


def salford() -> Form:
    return form("child", "salford")


@pytest.mark.parametrize(("partnership", "name"), shipped())
def test_every_form_that_a_partnership_offers_loads(partnership: str, name: str) -> None:
    assert form(name, partnership).name == name


@pytest.mark.parametrize(("partnership", "name"), shipped())
def test_an_overlay_keeps_every_core_question_and_its_order(partnership: str, name: str) -> None:
    asked = [question for each, _ in form(name, partnership).pages() for question in each.ask]
    kept = [question for question in asked if not question.startswith("local_")]
    assert kept == [question for each, _ in form(name).pages() for question in each.ask]


@pytest.mark.parametrize(("partnership", "name"), shipped())
def test_an_overlay_requires_nothing_more(partnership: str, name: str) -> None:
    def required(form: Form) -> set[str]:
        return {question for each, _ in form.pages() for question in each.required}

    assert required(form(name, partnership)) == required(form(name))


def test_salford_asks_for_the_quality_assurance_after_the_safeguarding_lead() -> None:
    path = [place.url for place in walk(salford(), REFERRAL).places]
    assert path.index("local-quality-assurance") == path.index("safeguarding-lead") + 1


def test_salford_asks_only_professionals_for_the_quality_assurance() -> None:
    answers = REFERRAL | {"submitter_type": "coroner"}
    assert "local-quality-assurance" not in [place.url for place in walk(salford(), answers).places]


def test_salford_keeps_who_declared_the_quality_assurance_and_when() -> None:
    local = {
        "local_qa_status": "yes",
        "local_qa_member": "Alex Reid",
        "local_qa_date": {"year": 2026, "month": 3, "day": 4},
        "local_qa_comment": "Read and agreed.",
    }
    assert walk(salford(), REFERRAL | local).dropped == ()
    assert {name for name in salford().questions if name.startswith("local_")} == set(local)


@pytest.mark.parametrize("status", [None, "yes", "asked", "no", "not_known"])
def test_salford_never_blocks_for_want_of_quality_assurance(status: str | None) -> None:
    answers = REFERRAL | ({"local_qa_status": status} if status else {})
    assert check_submission(salford(), answers) == ()


def test_salford_takes_referrals_from_professionals_elected_members_and_coroners() -> None:
    offered = [option.value for option in salford().questions["submitter_type"].options]
    assert offered == ["professional", "elected_member", "coroner"]


def test_salford_tells_everyone_else_how_to_reach_the_partnership() -> None:
    page = salford().page("who-you-are")
    assert page is not None
    assert "{help_email}" in (page.guidance or "")


def test_salford_says_5_days_of_the_incident_and_that_later_is_accepted() -> None:
    hint = salford().questions["incident_date"].hint or ""
    assert "5 days of the incident" in hint
    assert "Later referrals are accepted" in hint


def test_only_salford_says_5_days_of_the_incident() -> None:
    assert "5 days" not in (form("child").questions["incident_date"].hint or "")


def test_an_overlay_is_another_version_of_the_form() -> None:
    assert salford().version != form("child").version


def test_a_partnership_without_an_overlay_runs_the_core_form() -> None:
    assert form("child", "suffolk").version == form("child").version


@pytest.mark.parametrize(("partnership", "name"), shipped())
def test_no_guidance_links_to_a_form_that_the_partnership_does_not_offer(
    partnership: str, name: str
) -> None:
    offered = {other for one, other in shipped() if one == partnership}
    told = " ".join(page.guidance or "" for page, _ in form(name, partnership).pages())
    linked = {other for other in ("adult", "child") if f"](/{other}" in told}
    assert linked <= offered
