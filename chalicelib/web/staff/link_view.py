"""The cases that a case is linked to, and what of it was passed to the live route, as parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_links import Link, LinkKind
from chalicelib.referrals.staff import Person
from chalicelib.referrals.times import say_time
from chalicelib.use_cases.link_cases import SeenLinks
from chalicelib.web.http import Request
from chalicelib.web.staff.case_status import case_address
from chalicelib.web.staff.case_words import link_words
from chalicelib.web.staff.link_forms import gone_words, may_end


def link_parts(
    request: Request, case: Case, seen: SeenLinks, person: Person, base: str
) -> dict[str, Any]:
    """What staff/case_links.html shows. `base` is the case's address; empty on paper."""
    ended = [
        _part(request, one.link, f"The link ended on {say_time(one.at)}: {one.reason} ({one.by})")
        for one in seen.ended
    ]
    can_end = base and any(may_end(link, person) for link in (*seen.standing, *seen.gone))
    return {
        "merged": [_merged(request, link) for link in seen.standing if link.kind.merges],
        "links": [_part(request, link) for link in seen.standing],
        "gone_links": [gone_words(link) for link in seen.gone],
        "ended_links": ended,
        "end_link_href": f"{base}/links/ended" if can_end else None,
        "redirections": [list(_redirection(case, place)) for place in _places(case)],
    }


def _merged(request: Request, link: Link) -> dict[str, str]:
    """One line at the top of the page, so that nobody works on the wrong one of two."""
    goes_on = link.kind is LinkKind.DUPLICATE_OF
    return {
        "before": "This case is a duplicate of" if goes_on else "Also notified as",
        "reference": link.other,
        "href": case_address(request, link.other),
        "after": ", which goes on instead." if goes_on else ", which was merged into this case.",
    }


def _part(request: Request, link: Link, ended: str = "") -> dict[str, Any]:
    said = [link.reason, f"Linked by {link.name} on {say_time(link.at)}"]
    return {
        "what": link_words(link.kind),
        "reference": link.other,
        "href": case_address(request, link.other),
        "lines": [*said, ended] if ended else said,
    }


def _places(case: Case) -> range:
    """The last first."""
    return range(len(case.work.redirections) - 1, -1, -1)


def _redirection(case: Case, place: int) -> Iterator[dict[str, Any]]:
    one = case.work.redirections[place]
    needed = "Yes" if one.decision_needed else "No: the case was closed"
    rows = {
        "Told": f"{one.told}, on {say_time(one.told_at)}",
        "Live route": one.route,
        "Their reference": one.their_reference,
        "Still to be considered": needed,
        "Recorded": f"by {one.name} on {say_time(one.at)}",
    }
    for key, value in rows.items():
        if value:
            yield {"key": key, "value_lines": [value]}
