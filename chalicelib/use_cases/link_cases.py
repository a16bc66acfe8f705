"""Link two cases, merge a duplicate, part them again; and the links that a person may know of.

The trail of each case names a link by its id, never the other case: somebody who is barred from one
of two cases learns nothing of it from the other.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.referrals import case_linking
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_links import EndedLink, Link
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.change_case import acting, change_case, ensure_seen, found_case
from chalicelib.use_cases.change_several_cases import NO_SUCH_CASE, Pair, PairAct, change_both
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.list_cases import as_stored
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.work_on_case import typed


@dataclass(frozen=True)
class SeenLinks:
    """The links of a case to others that a person may open, and those that were ended.

    `gone` lead to cases that were disposed of: nothing more may be told of these.
    """

    standing: tuple[Link, ...] = ()
    ended: tuple[EndedLink, ...] = ()
    gone: tuple[Link, ...] = ()


def links_of(deps: Services, case: Case, person: Person) -> SeenLinks:
    """The case's links less those to cases that this person may not open, or that are not kept.

    One read for each case that it is or was linked to.
    """
    work = case.work
    linked = {link.other for link in work.links} | {one.link.other for one in work.ended_links}
    found = {reference: deps.cases.find(reference) for reference in sorted(linked)}
    known = {name for name, one in found.items() if one and person.id not in one.work.barred}
    lost = [link for link in work.links if found[link.other] is None]
    return SeenLinks(
        tuple(link for link in work.links if link.other in known),
        tuple(one for one in work.ended_links if one.link.other in known),
        tuple(link for link in lost if _was_disposed_of(deps, link.other, person)),
    )


def link_related(
    deps: Services, reference: str, other: str, reason: str, person: Person, version: int
) -> Case:
    """Two cases have to do with each other. `other` is a reference as somebody typed it.

    Raises `NotPossible`, also when they may not open the other; `NotAllowed`; `CaseChanged` when
    another person changed the case since `version`; `StoreBusy`.
    """
    act = ("linked two cases", "linked two cases")
    return _linked(deps, case_linking.related, act, reference, other, reason, person, version)


def merge_duplicate(
    deps: Services, reference: str, other: str, reason: str, person: Person, version: int
) -> Case:
    """The case is a duplicate of another: it is closed, and the other goes on. Raises as above."""
    act = ("merged a duplicate into another case", "took in a duplicate")
    step = case_linking.merged
    return _linked(deps, step, act, reference, other, reason, person, version, merges=True)


def end_link(
    deps: Services, reference: str, link_id: str, reason: str, person: Person, version: int
) -> Case:
    """A link holds no more, in either case. Raises as above."""
    who, why, action = acting(deps, person), typed(reason), "ended a link of two cases"
    case = found_case(deps, reference, who, action)
    ensure_seen(case, version)
    link = case.work.link(link_id)
    if link is None:
        raise NotPossible(case_linking.ENDED, "link")
    details = {"link": link_id, "changed": "links, reason"}

    def parted_alone(this: Case, _: object) -> Case:
        return case_linking.unlinked_alone(this, link_id, why, person, who.at)

    if deps.cases.find(link.other) is None and _was_disposed_of(deps, link.other, person):
        return change_case(deps, reference, who, action, parted_alone, details, version)

    def parted(this: Case, other: Case) -> Pair:
        return case_linking.unlinked(this, other, link_id, why, person, who.at)

    act = PairAct((action, action), parted, details)
    return change_both(deps, reference, link.other, who, act, version)


def _was_disposed_of(deps: Services, reference: str, person: Person) -> bool:
    """Whether there is a proof of that, and this person is none of those barred from the case."""
    proof = deps.disposals.find(reference)
    return proof is not None and person.id not in proof.barred


def _linked(
    deps: Services,
    step: Callable[..., Pair],
    actions: tuple[str, str],
    reference: str,
    other: str,
    reason: str,
    person: Person,
    version: int,
    *,
    merges: bool = False,
) -> Case:
    meant = as_stored(other, deps.partnership.reference_prefix)
    if meant is None:
        raise NotPossible(NO_SUCH_CASE, "other")
    who, link_id, why = acting(deps, person), random_id(), typed(reason)

    def linked(this: Case, that: Case) -> Pair:
        return step(this, that, link_id, why, person, who.at)

    act = PairAct(actions, linked, {"link": link_id, "changed": "links, reason"}, merges)
    return change_both(deps, reference, meant, who, act, version)
