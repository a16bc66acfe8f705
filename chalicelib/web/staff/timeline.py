"""What was done to a case, newest first, from the case itself: everybody who may read it sees it.

What was corrected since is in it as it was. Who opened the case is in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.referrals.case import Case, Settled
from chalicelib.referrals.case_links import LinkKind
from chalicelib.referrals.case_work import Stage
from chalicelib.referrals.explain import trigger_label
from chalicelib.referrals.information import Ending
from chalicelib.referrals.partnership import Partnership
from chalicelib.referrals.times import say_date, say_time
from chalicelib.web.staff.case_words import outcome_words, stage_words

_SETTLED = {
    Settled.MET: "Deadline marked as done",
    Settled.CHECKED: "Deadline marked as done",
    Settled.WITHDRAWN: "Deadline withdrawn",
    Settled.NOT_APPLICABLE: "Deadline set aside",
    Settled.IN_FORCE: "Deadline put in force",
}

_LINKED = {
    LinkKind.RELATED: "Linked to a related case",
    LinkKind.DUPLICATE_OF: "Merged into another case",
    LinkKind.ALSO_NOTIFIED_AS: "Took in a duplicate",
}


@dataclass(frozen=True)
class Happened:
    """One thing that was done."""

    at: datetime
    what: str
    name: str
    why: str = ""

    def row(self) -> dict[str, object]:
        """As staff/entries.html shows it."""
        why = [{"key": "Reason", "value": self.why}] if self.why else []
        return {"action": self.what, "at": say_time(self.at), "name": self.name, "details": why}


def timeline(case: Case, partnership: Partnership) -> list[Happened]:
    """Everything that the case tells of, newest first."""
    happened = [
        Happened(case.received_at, "Notification received", "the referrer"),
        *_moves(case),
        *_requests(case),
        *_decisions(case),
        *_links(case),
        *_redirections(case),
        *(Happened(one.at, "Redacted pack made", one.name) for one in case.work.packs),
        *_keeping(case),
        *_dates(case, partnership),
        *_settled(case),
    ]
    return sorted(happened, key=lambda one: one.at, reverse=True)


def changes_since(case: Case, partnership: Partnership) -> str:
    """The last thing that was done, in one line."""
    last = timeline(case, partnership)[0]
    return f"{last.what}, by {last.name} on {say_time(last.at)}"


def _moves(case: Case) -> Iterator[Happened]:
    for move in case.work.moves:
        if move.after is Stage.CLOSED:
            what = f"Closed: {outcome_words(move.outcome)}"
        elif move.before is Stage.CLOSED:
            what = f"Reopened: {stage_words(move.after)}"
        else:
            what = f"Moved to: {stage_words(move.after)}"
        yield Happened(move.at, what, move.name, move.reason)


def _requests(case: Case) -> Iterator[Happened]:
    for request in case.work.requests:
        yield Happened(request.at, "Referrer asked for information", request.name)
        ended = request.ended
        if ended is None:
            continue
        answered = ended.how is Ending.ANSWERED
        what = "Information added" if answered else "Request for information withdrawn"
        # Whoever has the code may call themselves what they like.
        name = f"{ended.by} (referrer)" if answered else ended.by
        yield Happened(ended.at, what, name, ended.reason)


def _links(case: Case) -> Iterator[Happened]:
    # Which other case, and why, is not for everybody who may read this one.
    for link in (*case.work.links, *(one.link for one in case.work.ended_links)):
        yield Happened(link.at, _LINKED[link.kind], link.name)
    for one in case.work.ended_links:
        yield Happened(one.at, "Link to another case ended", one.by)


def _redirections(case: Case) -> Iterator[Happened]:
    for one in case.work.redirections:
        yield Happened(one.at, "Live concern passed on", one.name)


def _keeping(case: Case) -> Iterator[Happened]:
    for hold in case.work.holds:
        yield Happened(hold.at, "Legal hold placed", hold.name, hold.reason)
        if hold.released is not None:
            ended = hold.released
            yield Happened(ended.at, "Legal hold released", ended.name, ended.reason)
    for approval in case.work.approvals:
        yield Happened(approval.at, "Disposal approved", approval.name)
        if approval.taken_back is not None:
            ended = approval.taken_back
            yield Happened(ended.at, "Disposal taken back", ended.name, ended.reason)


def _decisions(case: Case) -> Iterator[Happened]:
    for one in case.work.decisions:
        kind = one.kind.capitalize()
        done = "corrected" if one.supersedes else "recorded"
        yield Happened(one.at, f"{kind} {done}: {outcome_words(one.outcome)}", one.name)


def _dates(case: Case, partnership: Partnership) -> Iterator[Happened]:
    superseded = ((one.name, one.recorded) for one in case.superseded_dates)
    for name, recorded in (*superseded, *case.recorded.items()):
        label = trigger_label(name, partnership.dates)
        said = say_date(recorded.on) if recorded.on else "not known"
        yield Happened(recorded.at, f"Date recorded: {label}, {said}", recorded.actor)


def _settled(case: Case) -> Iterator[Happened]:
    superseded = ((one.act, one.settlement) for one in case.superseded_settlements)
    for act, settlement in (*superseded, *case.settled.items()):
        label = next((one.label for one in case.deadlines if one.act == act), act)
        what = f"{_SETTLED[settlement.kind]}: {label}"
        yield Happened(settlement.at, what, settlement.actor, settlement.reason)
