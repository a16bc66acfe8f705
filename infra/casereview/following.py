"""Shows what CloudFormation does while it does it, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

from infra.deploy.stack_events import Ending, StackEvent, follow


def watch(cloudformation: Any, out: Console, stack: str, token: str) -> Ending:
    """A line for each resource that is done; the one in hand stands below, at a terminal."""
    with _status(out) as update:

        def tell(event: StackEvent) -> None:
            if event.ends_resource and not event.whole_stack:
                style = "bold red" if event.failed else ""
                out.print(Text(f"  {event.status:<16}  {event.resource}", style=style))
            update(f"{event.resource}: {event.status}")

        return follow(cloudformation, stack, token, tell)


def told_failure(ending: Ending, stack: str) -> str:
    """What failed first and why, and what that leaves."""
    lines = [f"The stack {stack} is {ending.status}."]
    if ending.failure is not None:
        failure = ending.failure
        lines.append(f"First failure: {failure.resource} ({failure.type}): {failure.reason}")
    return "\n".join(lines)


@contextmanager
def _status(out: Console) -> Iterator[Any]:
    if not out.is_terminal:
        yield lambda _said: None
        return
    with out.status("") as status:
        yield lambda said: status.update(Text(said))
