"""Authors' Markdown: dressed as GOV.UK dresses text, and harmless."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.forms.markdown import to_html


def test_text_has_the_classes_of_the_design_system() -> None:
    html = to_html(
        "# Title\n\nSome **text**.\n\n- one\n- two\n\n1. first\n\n[us](https://a.example)"
    )

    assert html.split("\n") == [
        '<h2 class="govuk-heading-m">Title</h2>',
        '<p class="govuk-body">Some <strong>text</strong>.</p>',
        '<ul class="govuk-list govuk-list--bullet">',
        "<li>one</li>",
        "<li>two</li>",
        "</ul>",
        '<ol class="govuk-list govuk-list--number">',
        "<li>first</li>",
        "</ol>",
        '<p class="govuk-body"><a href="https://a.example" class="govuk-link">us</a></p>',
    ]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a <b onclick=x>b</b>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,xxxx)",
    "[x](vbscript:x)",
    "[x](//elsewhere.example)",
    "![x](https://elsewhere.example/pixel.png)",
    "<javascript:alert(1)>",
]


@pytest.mark.parametrize("markdown", HOSTILE)
def test_nothing_written_can_run_or_load_anything(markdown: str) -> None:
    html = to_html(markdown)

    for harmful in (
        "<script",
        "<img",
        "<b ",
        'href="javascript',
        'href="data',
        'href="vb',
        'href="//',
    ):
        assert harmful not in html.lower()


@pytest.mark.parametrize("link", ["/privacy", "#top", "mailto:a@example.org", "tel:+441632960001"])
def test_links_that_people_need_are_made(link: str) -> None:
    assert f'href="{link}"' in to_html(f"[x]({link})")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>[]()!&\"'#*`_~\\ \n-ajs:/x1.", max_size=60))
def test_only_the_tags_of_text_ever_come_out(markdown: str) -> None:
    import re

    tags = set(re.findall(r"</?([a-zA-Z0-9]+)", to_html(markdown)))

    assert tags <= {
        *("p", "ul", "ol", "li", "a", "h2", "h3", "strong", "em"),
        *("code", "pre", "hr", "br", "blockquote"),
    }
