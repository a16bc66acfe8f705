"""Take open deadlines out of the service as entries for a diary. It is audited."""

from collections.abc import Iterator

from chalicelib.referrals.calendar_file import Entry
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_listing import Chosen
from chalicelib.referrals.partnership import Partnership
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.change_case import opened
from chalicelib.use_cases.list_cases import STREAMS
from chalicelib.use_cases.ports import Services

# What a function makes a file of within a few seconds.
MOST_ENTRIES = 1_000
_READ = 100
_ACTION = "exported deadlines"
# What an email calls a deadline whose rule has gone: its own name may tell what happened.
_NAMELESS = "Deadline"


def export_calendar(deps: Services, person: Person, *, mine: bool) -> tuple[Entry, ...]:
    """The open deadlines of all open cases, or of those assigned to the person, by due date.

    Cases that they are barred from are left out. Raises `NotAllowed`, `NotPossible` for more than
    one file takes, `StoreBusy`.
    """
    if not person.may(Right.READ_CASES):
        note(deps, person, "refused", "", {"to": "export deadlines", "why": "wrong role"})
        raise NotAllowed("wrong role")
    found: list[Entry] = []
    for case in _open(deps, Chosen(assignee=person.id if mine else None)):
        if person.id not in case.work.barred:
            found += _entries(deps.partnership, case)
        if len(found) > MOST_ENTRIES:
            raise NotPossible(
                f"There are more than {MOST_ENTRIES:,} open deadlines, and one file holds no more. "
                "Take those of the cases assigned to you, or of one case from its own page."
            )
    note(deps, person, _ACTION, "", {"of": "my cases" if mine else "all cases"})
    return tuple(sorted(found, key=lambda one: (one.due_on, one.reference, one.rule)))


def export_case_calendar(
    deps: Services, reference: str, person: Person
) -> tuple[str, tuple[Entry, ...]]:
    """The reference of a case, and its open deadlines by due date.

    Raises `NotAllowed`, also when there is no such case; `StoreBusy`.
    """
    case = opened(deps, deps.cases.find(reference), reference, person, "export deadlines")
    note(deps, person, _ACTION, case.reference, {"of": "a case"})
    entries = _entries(deps.partnership, case)
    return case.reference, tuple(sorted(entries, key=lambda one: (one.due_on, one.rule)))


def _open(deps: Services, chosen: Chosen) -> Iterator[Case]:
    after: str | None = None
    while True:
        page, after = deps.cases.listed(STREAMS, chosen, after=after, limit=_READ)
        yield from page
        if after is None:
            return


def _entries(partnership: Partnership, case: Case) -> Iterator[Entry]:
    told = {rule.id: rule.told_as for rule in partnership.deadlines}
    for one in case.deadlines:
        if one.is_open:
            label = told.get(one.rule, _NAMELESS)
            yield Entry(case.reference, one.rule, label, one.due_on, one.act_by)
