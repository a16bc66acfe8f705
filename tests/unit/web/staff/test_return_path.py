"""After signing in, a browser goes to a page of the staff's and nowhere else."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.http import Request
from chalicelib.web.staff.return_path import asked_for, safe_return

PAGES = [
    "/staff",
    "/staff/",
    "/staff/cases",
    "/staff/cases/SUF-BCDF-3479/decision",
    "/staff/cases?stream=adult&stage=&after=a-b_c.d~e%3D",
]
OTHERS = [
    "",
    "/",
    "/adult",
    "/staffs",
    "/staff//evil.example",
    "//evil.example/staff",
    "/\\evil.example",
    "/staff/\\evil.example",
    "https://evil.example/staff",
    "javascript:alert(1)",
    "/staff/../adult",
    "/staff/./x",
    "/staff/cases#x",
    "/staff/cases\r\nSet-Cookie: a=b",
    "/staff/cases\n",
    "/staff/%2F%2Fevil.example",
    "/staff/cases/é",
    "/staff/sign-in",
    "/staff/sign-out",
    "/staff/sign-in?return=/staff",
    "/staff/signed-in?code=1",
    "/staff/signed-out/",
    "/staff/" + "x" * 500,
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_staff_s_is_come_back_to(page: str) -> None:
    assert safe_return(page) == page


@pytest.mark.parametrize("other", OTHERS)
def test_anything_else_leads_to_the_start(other: str) -> None:
    assert safe_return(other) == "/staff"


@given(st.text(alphabet="/staffcase.:\\?#%&=@ \t\r\n-~2Fx", max_size=40))
def test_no_text_leads_a_browser_to_another_site(tail: str) -> None:
    for text in (tail, f"/staff{tail}", f"/staff/{tail}"):
        place = urlsplit(urljoin("https://here.example/", safe_return(text)))

        assert (place.scheme, place.netloc) == ("https", "here.example")
        assert place.path == "/staff" or place.path.startswith("/staff/")


def test_a_query_that_a_person_typed_is_written_anew() -> None:
    asked = Request("GET", "/staff/cases", query={"stream": "a b&c=d", "x": "é//"})

    assert asked_for(asked) == "/staff/cases?stream=a+b%26c%3Dd&x=%C3%A9%2F%2F"


@pytest.mark.parametrize(
    ("file", "page"),
    [
        ("/staff/cases/SUF-B3KT-9WXM/case.csv", "/staff/cases/SUF-B3KT-9WXM/export"),
        ("/staff/cases/SUF-B3KT-9WXM/case.json", "/staff/cases/SUF-B3KT-9WXM/export"),
        ("/staff/cases/SUF-B3KT-9WXM/calendar.ics", "/staff/cases/SUF-B3KT-9WXM/export"),
        ("/staff/calendar.ics", "/staff/export"),
        ("/staff/export/register", "/staff/export"),
        ("/staff/export/audit", "/staff/export"),
        ("/staff/statistics.csv", "/staff/statistics"),
    ],
)
def test_who_asked_for_a_file_comes_back_to_the_page_that_offers_it(file: str, page: str) -> None:
    asked = Request("GET", file, query={"from-year": "2026"})

    assert asked_for(asked) == page
