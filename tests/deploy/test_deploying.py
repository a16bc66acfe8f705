"""`casereview deploy` on an emulator that checks rights: two partnerships side by side."""

from __future__ import annotations

import json

import pytest

from infra.deploy.artifacts_bucket import bucket_name
from infra.local.aws import ACCOUNT, REGION
from tests.deploy.conftest import Instances
from tests.deploy.instances import DeployedInstance, casereview
from tests.integration.local_run import waited_for
from tests.unit.web.conftest import minimum

pytestmark = [pytest.mark.emulator, pytest.mark.deploy]


def test_what_was_deployed_stands_every_look_from_outside(suffolk: DeployedInstance) -> None:
    said = casereview("smoke", suffolk.id)

    assert said.exit_code == 0, said.output
    assert "Good: 11 checks." in said.output


@pytest.mark.parametrize(
    ("partnership", "form", "prefix"),
    [("suffolk", "adult", "SUF-"), ("suffolk", "child", "SUF-"), ("salford", "child", "SAL-")],
)
def test_a_referral_of_an_agencys_own_system_reaches_the_partnerships_own_team(
    instances: Instances, partnership: str, form: str, prefix: str
) -> None:
    instance = instances[partnership]

    reference = instance.submit(form)

    assert reference.startswith(prefix)
    (email,) = waited_for(lambda: instance.emails_to_team(reference))
    assert f"{form}@team.{partnership}.test" in str(email)


@pytest.mark.parametrize("partnership", ["suffolk", "salford"])
def test_a_referral_can_be_made_from_a_partnerships_own_pages(
    instances: Instances, partnership: str
) -> None:
    visitor = instances[partnership].visitor()

    visitor.get("/child")
    visitor.post("/child", {})
    visitor.go_on("check-answers", minimum("child"))
    page = visitor.fill()

    assert page.path.endswith("confirmation"), page.text


def test_the_bucket_of_artifacts_is_closed_and_the_same_code_is_uploaded_once(
    suffolk: DeployedInstance,
) -> None:
    s3, bucket = suffolk.aws("s3"), bucket_name(ACCOUNT, REGION)

    closed = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert all(closed.values())
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    (refused,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert (refused["Effect"], refused["Action"]) == ("Deny", "s3:*")
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    versions = s3.list_object_versions(Bucket=bucket, Prefix="code/")["Versions"]
    assert len({one["Key"] for one in versions}) == len(versions)
