"""Shows what CloudFormation does while it does it, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

from infra.casereview.exits import REFUSED, UNREACHED, stop
from infra.deploy.stack_events import Ending, LostSight, NotFollowed, StackEvent, follow

_GOES_ON = "CloudFormation goes on by itself."


def watch_to_the_end(
    cloudformation: Any, out: Console, stack: str, token: str, *, later: str
) -> Ending:
    """How it ended. Exits, saying `later` as what to do, when that was not seen: by Ctrl-C and
    after too long with 1, without an answer with 3."""
    try:
        return watch(cloudformation, out, stack, token)
    except NotFollowed as error:
        code = UNREACHED if isinstance(error, LostSight) else REFUSED
        stop(f"{error} {_GOES_ON} {later}", code)
    except KeyboardInterrupt:
        stop(f"Not followed any more. {_GOES_ON} {later}", REFUSED)


def watch(cloudformation: Any, out: Console, stack: str, token: str) -> Ending:
    """A line for each resource that is done; the one in hand stands below, at a terminal."""
    with _status(out) as update:

        def tell(event: StackEvent) -> None:
            if event.ends_resource and not event.whole_stack:
                style = "bold red" if event.failed else ""
                out.print(Text(f"  {event.status:<16}  {event.resource}", style=style))
            update(f"{event.resource}: {event.status}")

        def no_answer(code: str) -> None:
            out.print(f"  AWS does not answer ({code}). {_GOES_ON} Looking again for ten minutes.")

        return follow(cloudformation, stack, token, tell, no_answer)


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
