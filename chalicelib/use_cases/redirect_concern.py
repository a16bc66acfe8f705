"""Record that a live concern in a referral was passed to the live route."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_redirecting import redirected
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.partnership import LiveRoute, Partnership
from chalicelib.referrals.redirection import Redirection
from chalicelib.referrals.staff import Person
from chalicelib.use_cases.change_case import acting, change_case
from chalicelib.use_cases.ports import Services


@dataclass(frozen=True)
class PassedOn:
    """Whom somebody told of a live concern, when, and what they were given to find it again."""

    told: str
    told_at: datetime
    their_reference: str
    decision_needed: bool


def redirect_concern(
    deps: Services, reference: str, passed: PassedOn, person: Person, version: int
) -> Case:
    """A live concern was passed on. The case closes unless a decision is still needed.

    Raises `NotPossible`, `NotAllowed`, `CaseChanged` when another person changed the case since
    `version`, `StoreBusy`.
    """
    who = acting(deps, person)

    def passed_on(case: Case, _: Clocks) -> Case:
        redirection = Redirection(
            route=route_words(live_route(deps.partnership, case.stream)),
            told=passed.told.strip(),
            told_at=passed.told_at,
            their_reference=passed.their_reference.strip(),
            decision_needed=passed.decision_needed,
            by=person.id,
            name=person.name,
            at=who.at,
        )
        return replace(case, work=redirected(case, redirection, person))

    action, details = "passed a live concern on", {"changed": "redirections"}
    return change_case(deps, reference, who, action, passed_on, details, version)


def live_route(partnership: Partnership, stream: str) -> LiveRoute:
    """Where a live concern of a stream goes, also of one that is not taken any more."""
    routes = partnership.live_routes
    return routes[stream] if stream in routes else next(iter(routes.values()))


def route_words(route: LiveRoute) -> str:
    """A live route in one line: what it is called, its telephone number and hours."""
    called = ", ".join(part for part in (route.phone, route.hours) if part)
    return f"{route.link_text} ({called})" if called else route.link_text
