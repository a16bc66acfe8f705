"""The frame around every page, and what the renderer does with what people typed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.referrals.partnership import Brand, Partnership, load_partnership
from chalicelib.web.http import Request
from chalicelib.web.render import TEMPLATES, Renderer
from chalicelib.web.static_assets import brand_css, brand_name, icon_name, serve
from tests.unit.web.page_tree import elements, errors, words

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def suffolk() -> Partnership:
    return load_partnership(ROOT / "forms", "suffolk")


def message(partnership: Partnership, base_url: str = "", **context: Any) -> str:
    request = Request("GET", "/", base_url=base_url)
    title = context.pop("title", "Page not found")
    return Renderer().page(
        "message.html", request=request, partnership=partnership, title=title, **context
    )


def test_a_page_is_html_without_a_parse_error(suffolk: Partnership) -> None:
    assert errors(message(suffolk)) == []


def test_what_is_typed_is_shown_as_text(suffolk: Partnership) -> None:
    page = message(suffolk, typed=[{"label": SCRIPT, "value": SCRIPT}], title=SCRIPT)
    assert SCRIPT not in page


def test_a_window_title_says_that_there_is_an_error(suffolk: Partnership) -> None:
    page = message(suffolk, title="Your name", error=True)
    assert f"<title>Error: Your name – {suffolk.service_name}</title>" in page


def test_every_page_says_that_it_is_not_for_live_concerns(suffolk: Partnership) -> None:
    assert "Not for live safeguarding concerns" in message(suffolk)


def test_every_page_gives_999(suffolk: Partnership) -> None:
    assert 'href="tel:999"' in message(suffolk)


def test_every_page_gives_the_live_route_of_its_stream(suffolk: Partnership) -> None:
    route = replace(suffolk.live_routes["child"], url="https://children.example/")
    partnership = replace(suffolk, live_routes={**suffolk.live_routes, "child": route})
    assert "https://children.example/" in message(partnership, stream="child")


def test_a_page_of_one_stream_does_not_give_the_other_ones_route(suffolk: Partnership) -> None:
    route = replace(suffolk.live_routes["child"], url="https://children.example/")
    partnership = replace(suffolk, live_routes={**suffolk.live_routes, "child": route})
    assert "https://children.example/" not in message(partnership, stream="adult")


def test_two_streams_with_one_route_name_it_once(suffolk: Partnership) -> None:
    page = message(suffolk)
    assert page.count(suffolk.live_routes["adult"].link_text) == 1


def test_links_begin_with_the_stage_that_the_gateway_adds(suffolk: Partnership) -> None:
    page = message(suffolk, base_url="/live")
    own = [e.get("href") for e in elements(page) if str(e.get("href", "")).startswith("/")]
    assert [link for link in own if not str(link).startswith("/live/")] == []


def test_no_page_needs_an_inline_script_or_style() -> None:
    inline = [
        path.name
        for path in TEMPLATES.glob("*.html")
        if any(mark in path.read_text() for mark in ("<style", " style=", " onclick=", "<script>"))
    ]
    assert inline == []


def test_the_quick_way_out_is_offered_where_it_is_asked_for(suffolk: Partnership) -> None:
    assert 'href="/leave"' in message(suffolk, exit_this_page=True)


def test_the_quick_way_out_is_not_offered_to_professionals(suffolk: Partnership) -> None:
    assert 'href="/leave"' not in message(suffolk)


def test_a_back_link_stands_in_a_landmark(suffolk: Partnership) -> None:
    page = message(suffolk, back_href="/adult")
    (nav,) = [element for element in elements(page) if element.tag == "nav"]
    assert nav[0].get("class") == "govuk-back-link"


def test_the_marking_is_on_every_page(suffolk: Partnership) -> None:
    assert "OFFICIAL-SENSITIVE" in message(suffolk)


def test_the_crown_is_on_no_page(suffolk: Partnership) -> None:
    assert "crown" not in message(suffolk).lower()


def test_a_message_lists_what_was_typed_line_by_line(suffolk: Partnership) -> None:
    page = message(suffolk, typed=[{"label": "What happened?", "value": "one\ntwo"}])
    assert "What happened? one two" in words(page)


def test_the_first_page_imports_neither_jinja_nor_a_markdown_parser() -> None:
    code = (
        "import sys; from chalicelib.web.render import Renderer, draw_macro; "
        "draw_macro('input', {'id': 'a', 'name': 'a', 'label': {'text': 'A'}}); "
        "print([m for m in ('jinja2', 'markdown_it', 'boto3', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_brand_is_a_stylesheet_of_its_own(suffolk: Partnership) -> None:
    response = serve(brand_name(suffolk.brand), suffolk)
    assert response is not None
    assert suffolk.brand.colour in response.body


def test_an_asset_is_kept_by_browsers_for_a_year(suffolk: Partnership) -> None:
    response = serve(icon_name(suffolk.brand), suffolk)
    assert response is not None
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_other_colours_have_another_name(suffolk: Partnership) -> None:
    other = replace(suffolk.brand, colour="#000000")
    assert brand_name(other) != brand_name(suffolk.brand)


def test_a_colour_that_is_not_one_is_refused() -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        brand_css(Brand(colour="red}body{", text_colour="#ffffff", accent="#000000"))


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "../render.py",
        "..%2frender.py",
        "app.css\x00.css",
        "/etc/passwd",
        "",
        ".stamp",
        "app-ffffffffffff.css",
    ],
)
def test_nothing_but_a_built_asset_is_served(name: str, suffolk: Partnership) -> None:
    assert serve(name, suffolk) is None
