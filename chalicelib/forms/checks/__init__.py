"""What a definition must be before it is compiled: every rule that an author can break."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.forms.assemble import Assembly
from chalicelib.forms.checks.conditions import condition_findings
from chalicelib.forms.checks.overlay import overlay_findings
from chalicelib.forms.checks.pages import page_findings
from chalicelib.forms.checks.questions import question_findings
from chalicelib.forms.checks.statistics import statistic_findings
from chalicelib.forms.checks.texts import text_findings
from chalicelib.forms.definition import Finding


def findings_of(assembly: Assembly) -> Iterator[Finding]:
    """Everything that is wrong with one form under one overlay."""
    yield from page_findings(assembly)
    yield from question_findings(assembly)
    yield from statistic_findings(assembly)
    yield from condition_findings(assembly)
    yield from overlay_findings(assembly)
    yield from text_findings(assembly)
