"""The page of figures and its file: the same numbers in both, and none that is small."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from chalicelib.referrals.suppression import Shown
from chalicelib.web.staff.bar_chart import bar_chart
from tests.counted import RECEIVED_ON, a_counted_case, keep
from tests.unit.web.staff.conftest import ADMIN, AUDITOR, MEMBER, Office
from tests.unit.web.staff.exported import take

PAGE = "/staff/statistics"
SAVE = "Save these figures as a file for a spreadsheet (CSV)"
DAY = timedelta(days=1)


def received(office: Office, number: int = 23) -> None:
    counted = [
        {"sex": ("female" if n % 8 else "male",), "setting": ("care_home",)} for n in range(number)
    ]
    keep(
        office.instance.table,
        *(a_counted_case(n, RECEIVED_ON + n * DAY, counted=one) for n, one in enumerate(counted)),
    )


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_page_shows_this_year_at_first(office: Office) -> None:
    received(office)

    page = office.at_desk(MEMBER).get(PAGE)

    assert page.status == 200
    assert "Adult cases, April 2026 to March 2027" in page.text
    assert "This year is not over yet" in page.text
    assert "fewer than 5" in page.text


def test_a_year_that_is_over_says_no_more_of_that(office: Office) -> None:
    page = office.at_desk().get(f"{PAGE}?stream=adult&year=2025")

    assert "April 2025 to March 2026" in page.text
    assert "not over yet" not in page.text


def test_a_chart_has_a_title_and_says_where_the_same_is_in_words(office: Office) -> None:
    received(office)

    page = office.at_desk().get(PAGE).html

    charts = re.findall(r"<svg.*?</svg>", page, re.S)
    assert charts
    for chart in charts:
        named = re.search(r'aria-labelledby="(\S+) (\S+)"', chart)
        assert named
        assert all(f'id="{one}"' in chart for one in named.groups())
    assert not re.search(r'<svg[^>]*style=|<style|\sstyle="', page)


@pytest.mark.parametrize(
    "query",
    [
        "year=2040", "year=1066", "year=", "year=20266", "year=٢٠٢٦", "year=2026-04-01", "year=-1",
        "stream=adults", "stream=adult&year=%00", "stream=%3Cscript%3E", "year=1e3", "year=x",
    ],
)  # fmt: skip
def test_an_odd_year_or_kind_says_what_to_choose(office: Office, query: str) -> None:
    for path in (PAGE, f"{PAGE}.csv"):
        page = office.at_desk().get(f"{path}?{query}")

        if query == "year=":
            assert page.status == 200
            continue
        assert page.status == 422
        assert "Choose" in page.text
        assert "<script>" not in page.html
        assert "Cases received" not in page.text


def test_the_file_says_what_the_page_says(office: Office) -> None:
    received(office)

    page = office.at_desk().get(PAGE)
    answer = take(office, page.links[SAVE])

    assert answer.headers["Cache-Control"] == "no-store"
    assert 'filename="statistics-adult-2026.csv"' in answer.headers["Content-Disposition"]
    rows = read(answer.body)
    assert all(row["Line"] in page.text and row["Figure"] for row in rows if row["Line"] != "All")
    sexes = {row["Line"]: row["Number"] for row in rows if row["Figure"] == "Sex"}
    assert sexes == {
        "Female": "20", "Male": "fewer than 5", "Prefer not to say": "0",
    }  # fmt: skip


@pytest.mark.parametrize("number", [0, 1, 4, 5, 9, 10, 23, 60])
def test_no_number_of_1_to_4_is_on_the_page_or_in_the_file(office: Office, number: int) -> None:
    received(office, number)

    page = office.at_desk().get(PAGE).html
    cells = re.findall(r"<td[^>]*>(?:<span.*?</span>|<strong>)?([^<]*)", page)
    cells += [row["Number"] for row in read(take(office, f"{PAGE}.csv").body)]

    assert cells
    for cell in cells:
        if cell.isdecimal():
            assert int(cell) % 5 == 0


def test_one_case_says_only_that_there_are_fewer_than_5(office: Office) -> None:
    received(office, 1)

    page = office.at_desk().get(PAGE)

    assert "Female" not in page.text
    assert "Care home" not in page.text
    assert "Not shown: there are too few" in page.text


def test_a_case_received_a_day_later_cannot_be_seen_by_choosing_other_days(office: Office) -> None:
    """Periods that share a day would tell a number by their difference."""
    received(office, 12)
    whole = office.at_desk().get(f"{PAGE}?year=2026").text

    for odd in ("from=2026-04-01", "to=2026-06-30", "from=2026-05-04&to=2026-05-05"):
        assert office.at_desk().get(f"{PAGE}?year=2026&{odd}").text == whole


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}.csv"])
def test_the_figures_are_for_who_may_read_cases(office: Office, path: str) -> None:
    assert take(office, path, AUDITOR).status == 200
    assert take(office, path, ADMIN).status == 403


def test_reading_and_saving_are_recorded(office: Office) -> None:
    office.at_desk().get(PAGE)
    take(office, f"{PAGE}.csv")

    assert office.actions()[-2:] == ["read statistics", "saved statistics"]


def test_a_bar_of_fewer_than_5_is_as_long_whatever_its_number() -> None:
    # It is made of what is shown, which has no number: here only that it is drawn apart.
    (few, many, none) = bar_chart([("a", Shown(None)), ("b", Shown(40)), ("c", Shown(0))])["bars"]

    assert (few["hidden"], many["hidden"], none["hidden"]) == (True, False, False)
    assert 0 < few["width"] < many["width"] / 8
    assert none["width"] == 0


def test_children_have_figures_of_the_national_notifications(office: Office) -> None:
    sent = {"sin_sent_on": RECEIVED_ON + 9 * DAY}
    keep(
        office.instance.table,
        *(
            a_counted_case(n, stream="child", dates=sent, counted={"nature": ("death",)})
            for n in range(12)
        ),
    )

    page = office.at_desk().get(f"{PAGE}?stream=child")

    assert "Cases with a Serious Incident Notification sent10" in page.text
    assert "April to June 2026" in page.text
