"""A third partnership is files only: made, checked, packaged and deployed beside the other two."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from infra.casereview import targets
from infra.casereview.instances import load_instance
from infra.package import build_package
from infra.paths import ROOT
from tests.deploy.conftest import Instances
from tests.deploy.instances import DeployedInstance, write_manifest
from tests.integration.local_run import waited_for
from tests.unit.infra.working_copy import WorkingCopy, working_copy
from tests.unit.web.conftest import minimum

pytestmark = [pytest.mark.emulator, pytest.mark.deploy]
ADDRESSES = {
    "public_url": "https://norfolk.test",
    "dev_public_url": "https://dev.norfolk.test",
    "mail_from": "notifications@norfolk.test",
}
# The program as it is: what is packaged is this, and the copy's forms.
PROGRAM = ("app.py", "chalicelib", ".chalice")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkingCopy:
    """What people edit, beside the program as it is."""
    tree = tmp_path / "tree"
    tree.mkdir()
    made = working_copy(tree, monkeypatch)
    for name in PROGRAM:
        (tree / name).symlink_to(ROOT / name)
    read = partial(load_instance, folder=made.instances, forms_dir=made.forms)
    monkeypatch.setattr(targets, "load_instance", read)
    return made


@pytest.fixture
def norfolk(copy: WorkingCopy, tmp_path: Path, instances: Instances) -> DeployedInstance:
    """Made by the command alone; deployed once the other two are."""
    before = set(copy.files())
    said = copy.new("norfolk", **ADDRESSES)
    assert said.exit_code == 0, said.output
    assert {Path(name).suffix for name in set(copy.files()) - before} == {".md", ".toml"}
    said = copy.run("lint")
    assert said.exit_code == 0, said.output
    package = build_package("local", tmp_path / "package", tree=copy.forms.parent).code.parent
    write_manifest(package)
    endpoint = instances["suffolk"].endpoint
    made = DeployedInstance("norfolk", endpoint, package, forms=copy.forms)
    said = made.deploy_first(ManageMailIdentity="true")
    assert said.exit_code == 0, said.output
    return made


def test_a_partnership_that_is_files_only_is_deployed_beside_the_others_and_serves(
    norfolk: DeployedInstance, instances: Instances
) -> None:
    visitor = norfolk.visitor()
    home = visitor.get("/")
    visitor.get("/adult")
    visitor.post("/adult", {})
    visitor.go_on("check-answers", minimum("adult"))
    confirmed = visitor.fill()

    assert "Norfolk Safeguarding Partnership" in home.text
    assert confirmed.path.endswith("confirmation"), confirmed.text
    reference = norfolk.submit("child")
    assert reference.startswith("NOR-")
    (email,) = waited_for(lambda: norfolk.emails_to_team(reference))
    assert "child@team.norfolk.test" in str(email)
    assert {one.output("TableName") for one in instances.values()}.isdisjoint(
        {norfolk.output("TableName")}
    )
    for name, prefix in (("suffolk", "SUF-"), ("salford", "SAL-")):
        assert instances[name].submit().startswith(prefix)
