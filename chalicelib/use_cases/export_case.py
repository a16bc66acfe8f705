"""Take one case out of the service, whole. Each export is audited."""

from dataclasses import replace

from chalicelib.referrals.case import Case
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.link_cases import links_of
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.read_case import OpenedCase, look_again


def export_case(deps: Services, reference: str, person: Person, kind: str) -> OpenedCase:
    """Everything that is stored of a case, but links to cases that the person is barred from.

    `kind` is the kind of file, for the audit trail. Raises `NotAllowed`, also when there is no such
    case; `StoreBusy`. Nothing leaves whose export could not be recorded.
    """
    opened = look_again(deps, reference, person)
    if not person.may(Right.EXPORT):
        note(deps, person, "refused", reference, {"to": "export a case", "why": "wrong role"})
        raise NotAllowed("wrong role")
    note(deps, person, "exported a case", reference, {"as": kind})
    return replace(opened, case=_without_barred(deps, opened.case, person))


def _without_barred(deps: Services, case: Case, person: Person) -> Case:
    seen = links_of(deps, case, person)
    return replace(case, work=replace(case.work, links=seen.standing, ended_links=seen.ended))
