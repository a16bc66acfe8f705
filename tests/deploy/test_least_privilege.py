"""Each right of a function's role is needed: without it, some of its work is not done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from chalicelib.use_cases.ports import StoreBusy
from tests.deploy.instances import DeployedInstance
from tests.deploy.roles import FUNCTIONS, Right, Roles, checked_rights
from tests.deploy.work import WORK, NotDone, Referral

pytestmark = [pytest.mark.emulator, pytest.mark.deploy]
# How it shows that a function may not: AWS's refusal is raised, or its work is left undone.
FAILURES = (AssertionError, ClientError, NotDone, StoreBusy)


@pytest.fixture(scope="module")
def referral(instances: dict[str, DeployedInstance]) -> Iterator[Referral]:
    """Makes referrals, which are left to the test: the stream starts nothing meanwhile."""
    suffolk = instances["suffolk"]
    functions = suffolk.aws("lambda")
    mapping = suffolk.resource("DeliverDeliverDynamodbEventSource")
    functions.update_event_source_mapping(UUID=mapping, Enabled=False)
    yield suffolk.submit
    functions.update_event_source_mapping(UUID=mapping, Enabled=True)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_every_right_that_its_work_needs(
    roles: Roles, referral: Referral, name: str
) -> None:
    WORK[name](roles(name), referral)


@pytest.mark.parametrize("right", checked_rights(), ids=str)
def test_no_right_can_be_taken_away(roles: Roles, referral: Referral, right: Right) -> None:
    role = roles(right.role)

    with role.without(right), pytest.raises(FAILURES):
        WORK[right.role](role, referral)
