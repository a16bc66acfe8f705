"""Holding a case and having it disposed of, in a browser: accessible, and as narrow as a phone."""

from __future__ import annotations

from chalicelib.use_cases.reconcile import reconcile
from tests.browser.chromium import Browsing
from tests.browser.serving import serving
from tests.browser.test_staff_pages import MANAGER, Office, faults, send
from tests.unit.use_cases.disposing import a_closed_case, let_years_pass
from tests.unit.use_cases.instance import Instance, MovedClock


def test_a_manager_disposes_of_a_case_and_keeps_the_proof(assets: None, browsing: Browsing) -> None:
    clock = MovedClock()
    with serving("suffolk", clock=clock) as site:
        instance = Instance(site.services, clock)
        goes, held = (a_closed_case(instance) for _ in range(2))
        let_years_pass(instance)
        page = Office(site, clock, [goes, held]).open_as(browsing)
        found: list[str] = []
        page.goto(f"/staff/cases/{held}/hold")
        found += faults(page, "hold")
        page.get_by_label("Reason").fill("An inquest was opened")
        send(page)
        page.goto(f"/staff/cases/{held}/hold/released")
        found += faults(page, "release")
        page.goto("/staff/disposal")
        found += faults(page, "list")
        page.get_by_role("link", name=f"Approve the disposal of {goes}").click()
        send(page)
        found += faults(page, "approve, refused")
        page.get_by_label("Type the reference of the case").fill(goes)
        page.get_by_label("I have checked that nothing requires").check()
        send(page)
        found += faults(page, "the case, approved")
        page.get_by_role("link", name="Take the approval back").click()
        found += faults(page, "take back")

        clock.move(hours=24)
        carry_out(instance)
        # The session is over by then.
        page = Office(site, clock, []).open_as(browsing, MANAGER)
        page.goto("/staff/cases")
        page.get_by_label("Reference").fill(goes)
        page.get_by_role("button", name="Find").click()

        assert page.url.endswith(f"/staff/disposal/{goes}")
        assert "nothing was found" in page.locator("main").inner_text()
        found += faults(page, "proof")
        page.goto("/staff/disposed")
        found += faults(page, "proofs")
        assert goes in page.locator("main").inner_text()
    assert found == []


def carry_out(instance: Instance) -> None:
    reconcile(instance.services, lambda *_: None)
