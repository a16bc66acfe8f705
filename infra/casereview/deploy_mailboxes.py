"""Who must be told before an instance may begin: a notification that reaches nobody is lost."""

from __future__ import annotations

from collections.abc import Mapping

from infra.casereview.exits import REFUSED, stop
from infra.casereview.instance_check import ADDRESS
from infra.casereview.targets import Target

NO_MAILBOX = "--no-mailbox"
ALARMS = "AlarmEmail"
_OF_STREAM = {"adult": "TeamMailboxAdult", "child": "TeamMailboxChild"}
_KEYS = {
    "TeamMailboxAdult": "team_adult below [mail]",
    "TeamMailboxChild": "team_child below [mail]",
    ALARMS: "email below [alarms]",
}


def require_mailboxes(
    target: Target, wanted: Mapping[str, str], *, new: bool, waived: bool
) -> None:
    """Exits with 1 unless a new stack is told a mailbox for each form, and one for its alarms, and
    an update takes none away. Who tries dev out may waive it. Names no address."""
    needed = [*(_OF_STREAM[stream] for stream in target.streams), ALARMS]
    _refuse_misspelt({name: wanted[name] for name in _KEYS if wanted.get(name)})
    missing = [name for name in needed if not wanted.get(name) and (new or name in wanted)]
    if not missing or (waived and target.environment != "prod"):
        return
    keys = ", ".join(_KEYS[name] for name in missing)
    given = " ".join(f"--parameter {name}=..." for name in missing)
    told = (
        f"{target.id} would tell nobody: it has no {', '.join(missing)}. Write {keys} in"
        f" infra/instances/{target.id}.private.toml (docs/instances.md), or give: {given}"
    )
    if target.environment == "prod":
        stop(f"{told}{f' {NO_MAILBOX} is not for prod.' if waived else ''}", REFUSED)
    stop(f"{told} To try it out with emails that reach nobody: {NO_MAILBOX}", REFUSED)


def _refuse_misspelt(given: Mapping[str, str]) -> None:
    for name, value in given.items():
        if not all(ADDRESS.fullmatch(one.strip()) for one in value.split(",")):
            many = "" if name == ALARMS else "s, with commas between"
            stop(f"{name} takes an email address{many}. Correct it.", REFUSED)
