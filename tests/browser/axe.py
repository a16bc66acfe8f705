"""axe-core, run in the page that is open."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page

from infra.paths import NODE_MODULES

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async standards => {
  const options = { runOnly: { type: 'tag', values: standards }, resultTypes: ['violations'] }
  const { violations } = await window.axe.run(document, options)
  return violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 200)}`))
}"""


@cache
def _source() -> str:
    return (NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Every element that breaks a rule of WCAG 2.2 AA or of good practice, by rule."""
    # A page that was sent may not be there yet, though axe, which comes before it, is.
    page.wait_for_load_state("load")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
        # The window's next pages bring it along, which costs a third of handing it over again.
        page.context.add_init_script(_source())
    found: list[str] = page.evaluate(RUN, STANDARDS)
    return found


def overflow(page: Page) -> int:
    """By how many CSS pixels the page is wider than its window."""
    wider: int = page.evaluate(
        "() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"
    )
    return wider
