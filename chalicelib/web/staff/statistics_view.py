"""The figures of a period as tables and charts, and as the lines of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.forms.definition import Form
from chalicelib.referrals.counted_case import LATE, NOT_DONE, ON_TIME
from chalicelib.referrals.statistics import (
    BY_MONTH,
    BY_QUARTER,
    CLOSED,
    CONCLUDED,
    ONGOING,
    REFUSED,
    SIN,
    UNKNOWN,
    Figures,
    OnTime,
)
from chalicelib.referrals.suppression import Shown, ShownTable
from chalicelib.web.staff.bar_chart import bar_chart
from chalicelib.web.staff.statistics_words import (
    NOT_SHOWN,
    TIMES,
    TOO_FEW,
    counted_words,
    line_words,
    lines_of,
    number_words,
    title_of,
)

HEADER = ("About", "First day", "Last day", "Figure", "Counted", "Line", "Number")
# Of a longer list only the lines are shown that anything is in.
MOST_LINES = 12
_SEVERAL = "One case or person may be in several lines."
_LEFT_OUT = "Lines with nothing in them are left out."
_NONE = "None."
_TOO_FEW = "Not shown: there are too few to show them apart."
_DONE = (ON_TIME, LATE, NOT_DONE)
_SECTIONS = (
    ("received", "Cases received", "received."),
    ("sin", "Serious Incident Notifications sent", f"{SIN}."),
    ("ended", "Cases closed and reviews", ""),
)


def sections(figures: Figures, form: Form | None) -> list[dict[str, Any]]:
    """[{id, title, totals: [{text, number}], tables: [{id, title, note, empty, total, rows:
    [{text, number}], chart}]}]."""
    found = []
    for name, title, prefix in _SECTIONS:
        tables = [one for one in figures.tables if _is_in(one.name, prefix)]
        if tables:
            totals = list(dict.fromkeys(table.of for table in tables))
            totals += [] if prefix else [CONCLUDED, ONGOING]
            found.append(
                {
                    "id": name,
                    "title": title,
                    "totals": [_total(figures, of) for of in totals],
                    "tables": [_drawn(table, figures, form) for table in tables],
                }
            )
    return found


def times(figures: Figures) -> list[dict[str, str]]:
    """[{text, number, days}]: how long things took."""
    return [
        {
            "text": TIMES[time.name],
            "number": TOO_FEW if time.number is None else number_words(time.number),
            "days": NOT_SHOWN if time.days is None else _days(time.days),
        }
        for time in figures.times
    ]


def deadlines(figures: Figures) -> list[dict[str, str]]:
    """[{text, number, on_time, late, not_done, percent}]: how each deadline was kept."""
    return [
        {
            "text": one.label,
            "number": number_words(one.table.total),
            "percent": _percent(one.percent),
            **_kept(one),
        }
        for one in figures.deadlines
    ]


def unknown(figures: Figures) -> list[dict[str, str]]:
    """[{text, percent}]: how often it is not known what the annual report asks."""
    return [
        {"text": title_of(share.name), "percent": _percent(share.percent)}
        for share in figures.unknown
    ]


def csv_rows(figures: Figures, form: Form | None) -> Iterator[Sequence[str]]:
    """The lines of the file under `HEADER`: the same as the page shows, and no more."""
    about = (figures.stream, figures.period.first.isoformat(), figures.period.last.isoformat())
    for section in sections(figures, form):
        for total in section["totals"]:
            yield (*about, section["title"], total["text"], "All", total["number"])
        for table in section["tables"]:
            head = (*about, table["title"], table["counted"])
            if not table["rows"]:
                yield (*head, "", "0" if table["empty"] == _NONE else NOT_SHOWN)
            yield from ((*head, row["text"], row["number"]) for row in table["rows"])
    for row in times(figures):
        yield (
            *about,
            "Calendar days, half of them in at most",
            row["number"],
            row["text"],
            row["days"],
        )
    for row in deadlines(figures):
        for name in (*_DONE, "percent"):
            words = "Kept on time" if name == "percent" else line_words(name, {})
            yield (*about, f"Deadline: {row['text']}", row["number"], words, row[name])
    for row in unknown(figures):
        yield (*about, "Not known or not answered", "", row["text"], row["percent"])


def _is_in(name: str, prefix: str) -> bool:
    return name.startswith(prefix) if prefix else name in (CLOSED, REFUSED)


def _total(figures: Figures, of: str) -> dict[str, str]:
    return {
        "text": counted_words(of, figures.stream),
        "number": number_words(figures.totals[of]),
    }


def _drawn(table: ShownTable, figures: Figures, form: Form | None) -> dict[str, Any]:
    count = table.name.partition(".")[2] or table.name
    rows = _rows(table, lines_of(count, form, figures.stream, figures.period), count)
    question = form.questions.get(form.statistics.get(count, "")) if form else None
    several = question is not None and question.type == "checkboxes"
    notes = [_SEVERAL] if several and rows else []
    notes += (
        [_LEFT_OUT]
        if rows and _is_long(lines_of(count, form, figures.stream, figures.period), count)
        else []
    )
    return {
        "id": table.name.replace(".", "-").replace("_", "-"),
        "title": title_of(count),
        "note": " ".join(notes),
        "empty": _NONE if table.total.number == 0 else _TOO_FEW,
        "counted": counted_words(table.of, figures.stream),
        "total": number_words(table.total),
        "rows": [{"text": text, "number": number_words(number)} for text, number in rows],
        "chart": bar_chart(rows) if len(rows) > 1 else None,
    }


def _rows(table: ShownTable, known: Mapping[str, str], count: str) -> list[tuple[str, Shown]]:
    """The lines in the order of the form, what is not known last."""
    if table.rows is None:
        return []
    given = dict(table.rows)
    every = {} if _is_long(known, count) else dict.fromkeys(known, Shown(0))
    ordered = [code for code in known if code in every or code in given]
    ordered += [code for code in given if code not in known and code != UNKNOWN]
    ordered += [UNKNOWN] if UNKNOWN in given else []
    return [(line_words(code, known), given.get(code, Shown(0))) for code in ordered]


def _is_long(known: Mapping[str, str], count: str) -> bool:
    return len(known) > MOST_LINES and count not in (BY_MONTH, BY_QUARTER)


def _kept(one: OnTime) -> dict[str, str]:
    if one.table.rows is None:
        return dict.fromkeys(_DONE, NOT_SHOWN)
    given = dict(one.table.rows)
    return {name: number_words(given.get(name, Shown(0))) for name in _DONE}


def _percent(percent: int | None) -> str:
    return NOT_SHOWN if percent is None else f"{percent}%"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
