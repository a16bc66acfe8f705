"""A case is deleted with the rights of what carries it out, and with no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from chalicelib.bootstrap import Services
from chalicelib.referrals.staff import Role as StaffRole
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.keep_or_dispose import approve_disposal
from chalicelib.use_cases.work_on_case import close_case
from tests.deploy.instances import DeployedInstance
from tests.deploy.roles import Clock, Roles
from tests.staff import a_person

pytestmark = [pytest.mark.emulator, pytest.mark.deploy]
MANAGER = a_person(StaffRole.BUSINESS_MANAGER)


def approved(services: Services, reference: str) -> str:
    """The case is closed today, and its disposal approved when its time is over: the approval."""
    case = services.cases.find(reference)
    assert case is not None
    case = close_case(services, reference, "duplicate_merged", "Twice", MANAGER, case.version)
    then = replace(services, clock=Clock(datetime.now(UTC) + timedelta(days=13_200)))
    case = approve_disposal(then, reference, MANAGER, case.version)
    return case.work.approvals[-1].id


def test_pages_may_approve_a_disposal_and_only_the_stream_s_function_carries_it_out(
    suffolk: DeployedInstance, roles: Roles
) -> None:
    reference = suffolk.submit()
    pages, stream = roles("ApiHandlerRole"), roles("DeliverRole")
    approval = approved(pages.services, reference)
    stream.clock.at = datetime.now(UTC) + timedelta(days=13_202)
    try:
        outcome = deliver(stream.services, approval)
    finally:
        stream.clock.at = None

    assert outcome is Outcome.SENT
    proof = pages.services.disposals.find(reference)
    assert proof is not None
    assert proof.done_at is not None
    assert proof.rows["LIST"] > 0
    assert pages.services.disposals.rows_left(reference) == {}
    # The emulator knows no leading keys: tests/unit/infra/test_rights.py says who writes no proof.
    with pytest.raises(ClientError, match="AccessDenied"):
        pages.services.disposals.delete_rows(suffolk.submit())
