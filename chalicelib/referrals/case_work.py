"""What staff have done with a case besides its dates: stage, who works on it, what was decided.

The stages and their order are the partnership process of the design's domain notes (2D).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.referrals.case_links import EndedLink, Link
from chalicelib.referrals.disposal import Approval, Hold
from chalicelib.referrals.information import InformationRequest
from chalicelib.referrals.redacted_pack import Pack
from chalicelib.referrals.redirection import Redirection

RECOMMENDATION, DECISION = "recommendation", "decision"


class Stage(StrEnum):
    """Where a case is on its way from receipt to its closing."""

    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    INFO_REQUESTED = "info_requested"
    SCOPING = "scoping"
    PANEL_LISTED = "panel_listed"
    RECOMMENDED = "recommended"
    DECIDED = "decided"
    RAPID_REVIEW = "rapid_review"
    PARTNER_DECISION = "partner_decision"
    REVIEW_RUNNING = "review_running"
    REPORT_AGREED = "report_agreed"
    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"
    ACTIONS_TRACKING = "actions_tracking"
    CLOSED = "closed"


# The way onward. A case is closed by its outcome (`case_steps.py`), never by a move.
_ONWARD: dict[Stage, tuple[Stage, ...]] = {
    Stage.SUBMITTED: (Stage.ACKNOWLEDGED,),
    Stage.ACKNOWLEDGED: (Stage.INFO_REQUESTED, Stage.SCOPING),
    Stage.INFO_REQUESTED: (Stage.SCOPING,),
    Stage.SCOPING: (Stage.PANEL_LISTED,),
    Stage.PANEL_LISTED: (Stage.RECOMMENDED,),
    Stage.RECOMMENDED: (Stage.DECIDED,),
    Stage.DECIDED: (Stage.RAPID_REVIEW, Stage.REVIEW_RUNNING),
    Stage.RAPID_REVIEW: (Stage.PARTNER_DECISION,),
    Stage.PARTNER_DECISION: (Stage.REVIEW_RUNNING,),
    Stage.REVIEW_RUNNING: (Stage.REPORT_AGREED,),
    Stage.REPORT_AGREED: (Stage.PUBLISHED, Stage.NOT_PUBLISHED),
    Stage.PUBLISHED: (Stage.ACTIONS_TRACKING,),
    Stage.NOT_PUBLISHED: (Stage.ACTIONS_TRACKING,),
    Stage.ACTIONS_TRACKING: (),
    Stage.CLOSED: (),
}
# A stage that says that something was decided is reached by recording it.
RECORDED: dict[Stage, str] = {
    Stage.RECOMMENDED: RECOMMENDATION,
    Stage.DECIDED: DECISION,
    Stage.PARTNER_DECISION: DECISION,
}


@dataclass(frozen=True)
class Decision:
    """A recommendation or a decision, as it was recorded. It is never changed, only superseded.

    `criteria` are the ids of the criteria considered met, `partner_views` what each partner said,
    `notes` what else is to be remembered of it, by its heading.
    `decider` is who decided (a board's chair may never sign in), `by` the id and `name` the name of
    who recorded it.
    """

    id: str
    kind: str
    outcome: str
    criteria: tuple[str, ...]
    reasons: str
    alternative: str
    partner_views: Mapping[str, str]
    decided_on: date
    review_on: date | None
    decider: str
    by: str
    name: str
    at: datetime
    supersedes: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """A change of stage: who made it, when, and why if it was not the way onward.

    `outcome` is that of a closing.
    """

    at: datetime
    by: str
    name: str
    before: Stage
    after: Stage
    reason: str = ""
    outcome: str | None = None


@dataclass(frozen=True)
class Conflict:
    """Why somebody may not open a case: `name` is theirs, `by` the name of who said so."""

    name: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class EndedConflict:
    """A conflict that keeps nobody out any more: why not, and `by` the name of who said so.

    `person` is the id of whose it was.
    """

    person: str
    conflict: Conflict
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class CaseWork:
    """What staff have done with one case. `conflicts` is by the person's id, and in force.

    `closed_on` is a London date, `outcome` that of the closing; a case that is open has neither.
    """

    stage: Stage = Stage.SUBMITTED
    assignee: str = ""
    assignee_name: str = ""
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    ended_conflicts: tuple[EndedConflict, ...] = ()
    decisions: tuple[Decision, ...] = ()
    moves: tuple[Move, ...] = ()
    outcome: str | None = None
    closed_on: date | None = None
    links: tuple[Link, ...] = ()
    ended_links: tuple[EndedLink, ...] = ()
    redirections: tuple[Redirection, ...] = ()
    requests: tuple[InformationRequest, ...] = ()
    holds: tuple[Hold, ...] = ()
    approvals: tuple[Approval, ...] = ()
    packs: tuple[Pack, ...] = ()

    @property
    def barred(self) -> frozenset[str]:
        """The ids of those who may neither open the case nor act in it."""
        return frozenset(self.conflicts)

    @property
    def is_closed(self) -> bool:
        """Whether it is over, until it is reopened."""
        return self.stage is Stage.CLOSED

    @property
    def standing_holds(self) -> tuple[Hold, ...]:
        """The legal holds that were not released."""
        return tuple(hold for hold in self.holds if hold.released is None)

    def link(self, link_id: str) -> Link | None:
        """The link with this id, unless it was ended."""
        return next((one for one in self.links if one.id == link_id), None)

    def pack(self, pack_id: str) -> Pack | None:
        """The redacted pack with this id, expired or not."""
        return next((one for one in self.packs if one.id == pack_id), None)

    def decision(self, decision_id: str) -> Decision | None:
        """The decision with this id, superseded or not."""
        return next((one for one in self.decisions if one.id == decision_id), None)

    def superseding(self, decision_id: str) -> Decision | None:
        """The decision that took another's place."""
        return next((one for one in self.decisions if one.supersedes == decision_id), None)

    def in_force(self, kind: str) -> Decision | None:
        """The last of a kind that none has superseded."""
        standing = (one for one in reversed(self.decisions) if self.superseding(one.id) is None)
        return next((one for one in standing if one.kind == kind), None)

    def has_recorded(self, stage: Stage) -> bool:
        """Whether what a stage says was decided has been recorded. Of other stages: always."""
        kind = RECORDED.get(stage)
        if kind is None:
            return True
        last = self.in_force(kind)
        if last is None or stage is not Stage.PARTNER_DECISION:
            return last is not None
        # What was decided before the rapid review is not what the partners decided on it.
        begun = [move.at for move in self.moves if move.after is Stage.RAPID_REVIEW]
        return not begun or last.at >= begun[-1]


def onward(work: CaseWork) -> tuple[Stage, ...]:
    """The stages that a case may be moved to next, without a reason."""
    return tuple(stage for stage in _ONWARD[work.stage] if work.has_recorded(stage))


def follows(stage: Stage, before: Stage) -> bool:
    """Whether one stage is the way onward from another."""
    return stage in _ONWARD[before]


def elsewhere(work: CaseWork) -> tuple[Stage, ...]:
    """The stages that a manager may move a case to with a reason: back, or past some."""
    if work.is_closed:
        return ()
    taken = (work.stage, Stage.CLOSED, *onward(work))
    return tuple(stage for stage in Stage if stage not in taken and work.has_recorded(stage))
