"""The figures of a year: tables with charts, and the same as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.csv_file import csv_text
from chalicelib.referrals.financial_year import offered, start_of
from chalicelib.referrals.staff import NotAllowed, Person
from chalicelib.referrals.statistics import Figures
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.read_statistics import read_statistics
from chalicelib.web.http import Request, Response
from chalicelib.web.staff import access, statistics_view
from chalicelib.web.staff.case_words import STREAMS
from chalicelib.web.staff.download import CSV, a_file
from chalicelib.web.staff.drawing import staff_page
from chalicelib.web.staff.fields import Choice, Field
from chalicelib.web.staff.statistics_words import year_words

PATH = "/staff/statistics"


@dataclass(frozen=True)
class Asked:
    """What is to be counted, as it was asked for; `year` is -1 for what is no year."""

    stream: str
    year: int

    @property
    def query(self) -> dict[str, str]:
        return {"stream": self.stream, "year": str(self.year)}


def statistics(request: Request, services: Services, person: Person) -> Response:
    """The figures; of this financial year without a choice."""
    asked = _asked(request.query, services)
    figures: Figures | None = None
    problems: dict[str, str] = {}
    try:
        figures = read_statistics(services, person, asked.stream, asked.year)
    except NotAllowed:
        return access.not_allowed(request, services, person)
    except NotPossible as impossible:
        problems = dict(impossible.problems)
    return _page(request, services, person, asked, figures, problems)


def statistics_csv(request: Request, services: Services, person: Person) -> Response:
    """The same as a file; the page with what is wrong when there is none."""
    asked = _asked(request.query, services)
    try:
        figures = read_statistics(services, person, asked.stream, asked.year, to_save=True)
    except NotAllowed:
        return access.not_allowed(request, services, person)
    except NotPossible as impossible:
        return _page(request, services, person, asked, None, dict(impossible.problems))
    rows = statistics_view.csv_rows(figures, services.forms.get(asked.stream))
    name = "-".join(["statistics", *asked.query.values()])
    return a_file(name, CSV, csv_text(statistics_view.HEADER, rows))


def _asked(query: Mapping[str, str], services: Services) -> Asked:
    year = query.get("year") or str(start_of(_today(services)))
    known = len(year) == 4 and year.isascii() and year.isdecimal()
    return Asked(query.get("stream") or services.partnership.forms[0], int(year) if known else -1)


def _page(
    request: Request,
    services: Services,
    person: Person,
    asked: Asked,
    figures: Figures | None,
    problems: Mapping[str, str],
) -> Response:
    home = request.base_url + PATH
    typed = {name: [value] for name, value in asked.query.items()}
    return staff_page(
        request,
        services,
        person,
        "staff/statistics.html",
        title="Statistics",
        status=422 if problems else 200,
        error=bool(problems),
        error_summary=[{"text": text, "href": f"#{name}"} for name, text in problems.items()],
        action=home,
        fields_html=[
            field.draw(typed, problems.get(field.name, "")) for field in _fields(services)
        ],
        presets=_presets(home, services, asked),
        **(_shown(home, services, asked, figures) if figures else {}),
    )


def _shown(home: str, services: Services, asked: Asked, figures: Figures) -> dict[str, Any]:
    form = services.forms.get(asked.stream)
    return {
        "caption": f"{STREAMS.get(asked.stream, asked.stream)} cases, {year_words(asked.year)}",
        "unfinished": figures.period.last >= _today(services),
        "sections": statistics_view.sections(figures, form),
        "times": statistics_view.times(figures),
        "deadlines": statistics_view.deadlines(figures),
        "unknown": statistics_view.unknown(figures),
        "csv_href": f"{home}.csv?{urlencode(asked.query)}",
        "export_href": f"{home.removesuffix(PATH)}/staff/export",
    }


def _fields(services: Services) -> list[Field]:
    years = tuple(Choice(str(one), year_words(one)) for one in offered(_today(services)))
    fields = [Field("year", "select", "Financial year", choices=years)]
    streams = tuple(Choice(one, STREAMS.get(one, one)) for one in services.partnership.forms)
    if len(streams) > 1:
        fields.insert(0, Field("stream", "select", "About", choices=streams))
    return fields


def _presets(home: str, services: Services, asked: Asked) -> list[dict[str, Any]]:
    """Links to the years that are asked for most."""
    present = start_of(_today(services))
    years = {"This financial year": present, "Last financial year": present - 1}
    stream = asked.stream if asked.stream in services.partnership.forms else ""
    return [
        {
            "text": text,
            "href": f"{home}?{urlencode(Asked(stream, year).query)}",
            "current": asked.year == year,
        }
        for text, year in years.items()
    ]


def _today(services: Services) -> date:
    return local_date(services.clock.now())
