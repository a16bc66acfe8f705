"""Every persona walks a whole form in Chromium and finds its answers stored as typed."""

from __future__ import annotations

import pytest

from chalicelib.forms.definition import Form
from chalicelib.forms.journey import walk as places_of
from tests.browser.chromium import Browsing
from tests.browser.personas import Persona, all_personas, persona
from tests.browser.serving import Site
from tests.browser.walker import Walker

DESK, PHONE = 1280, 320
SCRIPTED_AT_DESK, PLAIN_ON_PHONE = (True, DESK), (False, PHONE)
SCRIPTED_ON_PHONE, PLAIN_AT_DESK = (True, PHONE), (False, DESK)
# Every persona goes one of the four ways, so that each way is gone by somebody on each form:
# tests/integration/test_whole_life.py has the shortest go two more, and on to the end of the case.
WAYS = {
    "adult-full": SCRIPTED_ON_PHONE,
    "child-full": PLAIN_AT_DESK,
    "adult-minimal": PLAIN_AT_DESK,
    "child-minimal": SCRIPTED_ON_PHONE,
    "adult-relative": PLAIN_ON_PHONE,
    "child-member-of-public": PLAIN_ON_PHONE,
}
WALKS = [(who.name, *WAYS.get(who.name, SCRIPTED_AT_DESK)) for who in all_personas()]


def told(walk: tuple[str, bool, int]) -> str:
    name, scripts, width = walk
    return f"{name} {'with' if scripts else 'without'} JavaScript at {width} px"


@pytest.mark.parametrize("walk", WALKS, ids=told)
def test_the_pages_come_in_order_and_what_a_person_types_is_stored(
    walk: tuple[str, bool, int], sites: dict[str, Site], browsing: Browsing
) -> None:
    name, scripts, width = walk
    who = persona(name)
    site = sites[who.partnership]
    form = site.form(who.form)
    page = browsing.person(site, scripts=scripts, width=width)
    walker = Walker(page, site, form, who.document(form))
    walker.begin()
    walker.to_check_answers()
    assert last_seen(walker) == [place.url for place in places_of(form, walker.document).places]
    reference = walker.send()
    assert site.referral(reference).answers == walker.document


def last_seen(walker: Walker) -> list[str]:
    """The pages in order. A list is seen after each of its items: where it was left counts."""
    return list(dict.fromkeys(reversed(walker.visited)))[::-1]


@pytest.mark.parametrize("name", ["adult", "child"])
def test_every_page_of_the_form_is_on_a_personas_way(name: str, suffolk: Site) -> None:
    form = suffolk.form(name)
    walked = {page for who in all_personas() if who.form == name for page in _pages(who, form)}
    assert {page.id for page, _ in form.pages()} - walked == set()


def _pages(who: Persona, form: Form) -> set[str]:
    return {place.page for place in places_of(form, who.document(form)).places}
