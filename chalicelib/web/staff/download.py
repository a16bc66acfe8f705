"""A file that a browser saves: never shown, never kept on the way."""

from __future__ import annotations

from chalicelib.referrals.json_file import carried, plain
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Response

CSV, JSON, CALENDAR = "csv", "json", "ics"
_TYPES = {
    CSV: "text/csv; charset=utf-8",
    JSON: "application/json; charset=utf-8",
    CALENDAR: "text/calendar; charset=utf-8",
}
# A function's answer holds 6 MB, headers and all.
MOST_BYTES = 4_000_000


def file_facts(services: Services, person: Person) -> dict[str, object]:
    """What stands at the top of a JSON file."""
    return {
        "marking": services.partnership.classification,
        "made_at": plain(services.clock.now(), {}),
        "made_by": person.name,
    }


class TooLarge(Exception):
    """The file is larger than what can be sent at once."""


def a_file(name: str, kind: str, text: str) -> Response:
    """The response. `name` holds a reference, a kind or a day only. Raises `TooLarge`."""
    if carried(text) > MOST_BYTES:
        raise TooLarge
    return Response(
        status=200,
        body=text,
        content_type=_TYPES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{name.replace(" ", "-")}.{kind}"',
            "Cache-Control": "no-store",
        },
    )
