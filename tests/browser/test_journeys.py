"""Every persona walks a whole form in Chromium and finds its answers stored as typed."""

from __future__ import annotations

from itertools import product

import pytest

from chalicelib.forms.definition import Form
from chalicelib.forms.journey import walk
from tests.browser.chromium import Browsing
from tests.browser.personas import Persona, all_personas, persona
from tests.browser.serving import Site
from tests.browser.walker import Walker

DESK, PHONE = 1280, 320
SCRIPTED_AT_DESK, PLAIN_ON_PHONE = (True, DESK), (False, PHONE)
# The shortest way through each form in every combination, the others at both ends of the scale.
SHORTEST = ("adult-minimal", "child-minimal")
WALKS = [
    (who.name, *how)
    for who in all_personas()
    for how in (
        product((True, False), (DESK, PHONE))
        if who.name in SHORTEST
        else (SCRIPTED_AT_DESK, PLAIN_ON_PHONE)
    )
]


def told(walk: tuple[str, bool, int]) -> str:
    name, scripts, width = walk
    return f"{name} {'with' if scripts else 'without'} JavaScript at {width} px"


@pytest.mark.parametrize("walk", WALKS, ids=told)
def test_what_a_person_types_is_what_is_stored(
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
    reference = walker.send()
    assert site.referral(reference).answers == walker.document


@pytest.mark.parametrize("name", ["adult-relative", "child-member-of-public"])
def test_the_pages_come_in_the_order_of_the_definition(
    name: str, sites: dict[str, Site], browsing: Browsing
) -> None:
    who = persona(name)
    site = sites[who.partnership]
    form = site.form(who.form)
    walker = Walker(browsing.person(site), site, form, who.document(form))
    walker.begin()
    walker.to_check_answers()
    expected = [place.url for place in walk(form, walker.document).places]
    # A list is seen after each of its items: where it was left counts.
    last_seen = list(dict.fromkeys(reversed(walker.visited)))[::-1]
    assert last_seen == expected


@pytest.mark.parametrize("name", ["adult", "child"])
def test_every_page_of_the_form_is_on_a_personas_way(name: str, suffolk: Site) -> None:
    form = suffolk.form(name)
    walked = {page for who in all_personas() if who.form == name for page in _pages(who, form)}
    assert {page.id for page, _ in form.pages()} - walked == set()


def _pages(who: Persona, form: Form) -> set[str]:
    return {place.page for place in walk(form, who.document(form)).places}
