"""The questions that are counted: asked, and answered in a way that can be counted."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.forms.assemble import Assembly
from chalicelib.forms.definition import Finding
from chalicelib.forms.shapes import nearest

# What an age band is made of. Everything else is counted by the options that were chosen.
_KINDS = {
    "born": ("a date", frozenset({"approximate_date", "date"})),
    "age": ("a number", frozenset({"number"})),
    "unborn": ("yes, no or not known", frozenset({"yes_no_not_known", "yes_no"})),
}
_CHOSEN = frozenset({"radios", "select", "checkboxes", "yes_no", "yes_no_not_known"})


def statistic_findings(assembly: Assembly) -> Iterator[Finding]:
    """What is wrong with the block `statistics`: name of a count -> question."""
    for name, node in assembly.form.at("statistics").members():
        if node.value not in assembly.asked:
            message = f'the count "{name}" leads to no question that is asked'
            yield node.finding(message, nearest(node.value, assembly.asked))
            continue
        if node.value not in assembly.core:
            continue  # its schema is wrong, and that is found elsewhere
        kind, _ = assembly.core[node.value]
        what, kinds = _KINDS.get(name, ("answered by choosing", _CHOSEN))
        if kind not in kinds:
            message = f'the count "{name}" must be of a question that is {what}, not {kind}'
            yield node.finding(message, "Name another question, or remove the count")
