"""Home, privacy, accessibility: everything that the partnerships' present pages offer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest

from chalicelib.referrals.partnership import Partnership, load_partnership
from chalicelib.settings import Settings
from chalicelib.use_cases.ports import Services
from chalicelib.web import site_pages
from chalicelib.web.http import Request
from chalicelib.web.process_picture import WIDTH, picture, process_steps
from chalicelib.web.site_texts import UnknownWord, document, partnership_text, raw_text
from tests.unit.web.page_tree import elements, errors, words

FORMS = Path(__file__).resolve().parents[3] / "forms"
PARTNERSHIPS = ("suffolk", "salford")
EITHER = pytest.mark.parametrize("partnership_id", PARTNERSHIPS)
STREAMS = [
    (partnership_id, stream)
    for partnership_id in PARTNERSHIPS
    for stream in process_steps(FORMS, partnership_id)
]


@dataclass
class NamedForm:
    text: dict[str, str]


@dataclass
class SomeServices:
    """What the pages read of the services."""

    partnership: Partnership
    settings: Settings
    forms: dict[str, Any]


@cache
def services(partnership_id: str) -> Services:
    partnership = load_partnership(FORMS, partnership_id)
    forms = {name: NamedForm({"name": f"The {name} form"}) for name in partnership.forms}
    return cast("Services", SomeServices(partnership, Settings(forms_dir=FORMS), forms))


@cache
def home(partnership_id: str, base_url: str = "") -> str:
    return site_pages.home(Request("GET", "/", base_url=base_url), services(partnership_id)).body


@cache
def page(handler: str, partnership_id: str) -> str:
    body: str = getattr(site_pages, handler)(Request("GET", "/"), services(partnership_id)).body
    return body


@EITHER
@pytest.mark.parametrize("handler", ["home", "privacy", "accessibility"])
def test_a_page_is_html_without_a_parse_error(handler: str, partnership_id: str) -> None:
    assert errors(page(handler, partnership_id)) == []


@EITHER
@pytest.mark.parametrize("handler", ["home", "privacy", "accessibility"])
def test_headings_step_down_one_level_at_a_time(handler: str, partnership_id: str) -> None:
    (main,) = [e for e in elements(page(handler, partnership_id)) if e.tag == "main"]
    levels = [int(e.tag[1]) for e in main.iter() if re.fullmatch("h[1-6]", str(e.tag))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@EITHER
@pytest.mark.parametrize("handler", ["home", "privacy", "accessibility"])
def test_an_id_stands_once_on_a_page(handler: str, partnership_id: str) -> None:
    ids = [e.get("id") for e in elements(page(handler, partnership_id)) if e.get("id")]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize(
    "told",
    [
        "about learning",
        "does not decide who was to blame",
        "Every partner agency is responsible",
        "If the case is borderline, or you cannot tell, send it",
        "You do not need an account",
        "needs for care and support",
        "whether the council was meeting those needs",
        "would probably have died if nobody had stepped in",
        "lasting harm",
        "less capacity or a poorer quality of life",
        "the public has an interest",
        "good practice",
        "suspected suicide",
        "looked after by a council died",
        "regulated setting or service",
        "Seriously harmed",
        "could have cost the child’s life",
        "may still have been seriously harmed",
        "discretionary LSCPR",
        "enquiries@suffolksp.org.uk",
        "Concerned about someone",
        "immediate danger",
        "Working Together to Safeguard Children 2026",
    ],
)
def test_suffolks_home_page_tells(told: str) -> None:
    assert told in words(home("suffolk"))


@pytest.mark.parametrize(
    "told",
    [
        "Reviewing these cases is a legal duty",
        "sections 16A to 16D of the Children Act 2004",
        "Working Together to Safeguard Children 2026",
        "Any agency can refer",
        "one lead reviewer",
        "what the child and the family have to say",
        "Virtual Panel",
        "within 15 days",
        "multi-agency audit",
        "local case review",
        "Serious Offence Review",
        "did not work together as robustly as they should have",
        "safeguarding lead",
        "within 5 days of the incident",
        "PRSG toolkit",
        "check its quality",
        "7-minute briefings",
        "Seriously Good Outcome Review",
        "National case review repository, NSPCC",
        "Child Safeguarding Practice Review Panel",
        "Serious incident notifications",
        "SSCP@salford.gov.uk",
    ],
)
def test_salfords_home_page_tells(told: str) -> None:
    assert told in words(home("salford"))


@EITHER
def test_the_home_page_leads_to_each_form_that_the_partnership_offers(partnership_id: str) -> None:
    links = {e.get("href") for e in elements(home(partnership_id, "/live")) if e.tag == "a"}
    forms = load_partnership(FORMS, partnership_id).forms
    assert {f"/live/{name}" for name in forms} <= links


def test_salfords_home_page_has_no_adult_form() -> None:
    assert 'href="/adult"' not in home("salford")


@EITHER
def test_every_link_within_the_home_page_leads_somewhere(partnership_id: str) -> None:
    found = list(elements(home(partnership_id)))
    ids = {e.get("id") for e in found}
    within = [str(e.get("href"))[1:] for e in found if str(e.get("href", "")).startswith("#")]
    assert [target for target in within if target not in ids] == []


@EITHER
def test_no_sentence_was_copied_from_the_page_that_this_one_replaces(partnership_id: str) -> None:
    # Phrases of the present pages, eight words long, that ours must not contain.
    copied = (
        "opportunities to learn lessons when abuse or neglect is suspected",
        "should not draw their own conclusions on whether the criteria",
        "whether or not those needs are met by the local authority",
        "will be assessed by a virtual panel to see whether",
        "results in elements of good practice and strong multi-agency working",
    )
    text = words(home(partnership_id)).lower()
    assert [phrase for phrase in copied if phrase in text] == []


@EITHER
def test_the_privacy_notice_says_how_long_an_unsent_form_is_kept(partnership_id: str) -> None:
    assert "30 days" in words(page("privacy", partnership_id))


@EITHER
def test_the_privacy_notice_names_the_controller(partnership_id: str) -> None:
    controller = load_partnership(FORMS, partnership_id).privacy.controller
    assert controller in words(page("privacy", partnership_id))


@EITHER
def test_the_accessibility_statement_names_the_standard_and_the_enforcer(
    partnership_id: str,
) -> None:
    text = words(page("accessibility", partnership_id))
    assert "version 2.2 at level AA" in text
    assert "Equality Advisory and Support Service" in text


@pytest.mark.parametrize(("partnership_id", "stream"), STREAMS)
def test_the_picture_of_the_process_is_told_in_words_too(partnership_id: str, stream: str) -> None:
    text = words(home(partnership_id))
    untold = [
        step["title"]
        for step in process_steps(FORMS, partnership_id)[stream]
        if f"{step['title']}. {step['text']}" not in text
    ]
    assert untold == []


@pytest.mark.parametrize(("partnership_id", "stream"), STREAMS)
def test_the_boxes_of_the_picture_lie_within_it_and_not_on_each_other(
    partnership_id: str, stream: str
) -> None:
    drawn = picture(process_steps(FORMS, partnership_id)[stream])
    boxes = drawn["boxes"]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= WIDTH for box in boxes)
    assert all(box["y"] + box["height"] <= drawn["height"] for box in boxes)
    assert not [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
        if (one["y"] == other["y"] and one["x"] + one["width"] > other["x"])
        or one["y"] < other["y"] < one["y"] + one["height"]
    ]


def test_a_step_that_joins_is_reached_from_every_way() -> None:
    way = {"title": "Way"}
    drawn = picture([{"title": "A", "ways": [way, way]}, {"title": "B", "joins": True}])
    assert len(drawn["arrows"]) == 4


def test_a_step_after_a_split_follows_the_first_way() -> None:
    way = {"title": "Way"}
    drawn = picture([{"title": "A", "ways": [way, way]}, {"title": "B"}])
    assert [arrow["x"] < WIDTH / 2 for arrow in drawn["arrows"]] == [True, False, True]


@pytest.mark.parametrize("name", ["next-adult", "next-child", "privacy", "accessibility", "home"])
@EITHER
def test_every_word_in_braces_is_known_to_the_partnership(partnership_id: str, name: str) -> None:
    if name == "next-adult" and "adult" not in load_partnership(FORMS, partnership_id).forms:
        return
    text = partnership_text(services(partnership_id), name)
    assert text is not None
    assert re.findall(r"\{[a-z_]+\}", text) == []


def test_a_word_that_the_partnership_does_not_define_is_refused(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "note.md").write_text("Say {nonsense}.")
    some = SomeServices(load_partnership(FORMS, "suffolk"), Settings(forms_dir=tmp_path), {})
    with pytest.raises(UnknownWord, match="nonsense"):
        partnership_text(cast("Services", some), "note")


def test_a_partnerships_own_text_stands_before_the_shared_one(tmp_path: Path) -> None:
    for folder, text in (("texts", "shared"), ("partnerships/here", "own")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "note.md").write_text(text)
    assert raw_text(tmp_path, "here", "note") == "own"


def test_a_text_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert raw_text(tmp_path, "here", "note") is None


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    assert raw_text(tmp_path, "here", "../secret") is None


def test_a_text_is_taken_apart_at_its_headings() -> None:
    parts = document("# Title\n\nFirst.\n\n## What & why\n\nSecond.\n")
    assert (parts.title, parts.introduction) == ("Title", "First.")
    assert [(s.id, s.title, s.markdown) for s in parts.sections] == [
        ("what-why", "What & why", "Second.")
    ]
