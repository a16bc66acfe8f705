"""`casereview status`: what of an instance needs a person, and what a table looks like."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from functools import partial
from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError
from typer.testing import CliRunner, Result

from chalicelib.referrals.partnership import PartnershipError
from chalicelib.use_cases.ports import StoreBusy
from infra.casereview.__main__ import app
from infra.casereview.instance import Unreached
from infra.casereview.instances import InstanceError, load_instance
from infra.casereview.vital_signs import NOT_ASKED, NOT_DEPLOYED, VitalSigns, nobody_told
from infra.casereview.vital_signs import _health as health_of
from infra.deploy.stacks import StackState
from infra.smoke.visit import Answer, Site

_NO_STACK = Unreached("no such stack")
WELL = VitalSigns(
    id="suffolk-prod",
    stack="UPDATE_COMPLETE",
    deployed_at=datetime(2026, 11, 20, 14, 30, tzinfo=UTC),
    commit="0123456789abcdef",
    digest="fedcba9876543210",
    health="ok",
    forms={"adult": "1"},
    heartbeat=timedelta(minutes=3),
)


@pytest.mark.parametrize(
    ("signs", "said"),
    [
        (WELL, ()),
        (replace(WELL, suspended=True), ()),
        (replace(WELL, heartbeat=None), ("no heartbeat",)),
        (replace(WELL, heartbeat=None, young=True), ()),
        (
            replace(WELL, stack="UPDATE_IN_PROGRESS", health=NOT_ASKED),
            ("the stack is UPDATE_IN_PROGRESS",),
        ),
        (replace(WELL, nobody=("set AlarmEmail",)), ("set AlarmEmail",)),
        (VitalSigns("suffolk-prod", "not known", faults=("a fault",)), ("a fault",)),
        (replace(WELL, stack="CREATE_COMPLETE"), ()),
        (VitalSigns("suffolk-prod", NOT_DEPLOYED), ()),
        (
            replace(WELL, stack="UPDATE_ROLLBACK_COMPLETE"),
            ("the stack is UPDATE_ROLLBACK_COMPLETE",),
        ),
        (replace(WELL, health="no answer"), ("it does not serve: no answer",)),
        (replace(WELL, alarms=("NeedsPerson",)), ("alarms: NeedsPerson",)),
        (replace(WELL, deliveries=2), ("deliveries: 2",)),
        (replace(WELL, dead_letters=1), ("dead letters: 1",)),
        (replace(WELL, heartbeat=timedelta(minutes=45)), ()),
        (replace(WELL, heartbeat=timedelta(minutes=46)), ("no heartbeat",)),
    ],
)
def test_what_needs_a_person_is_told(signs: VitalSigns, said: tuple[str, ...]) -> None:
    assert signs.for_a_person() == said


@pytest.mark.parametrize(
    ("parameters", "streams", "said"),
    [
        ({"TeamMailboxAdult": "a@b", "TeamMailboxChild": "c@d", "AlarmEmail": "e@f"}, "both", []),
        ({"TeamMailboxChild": "c@d", "AlarmEmail": "e@f"}, "child", []),
        ({"TeamMailboxChild": "c@d", "AlarmEmail": "e@f"}, "both", ["TeamMailboxAdult"]),
        ({"TeamMailboxAdult": "", "AlarmEmail": "e@f"}, "adult", ["TeamMailboxAdult"]),
        ({"TeamMailboxChild": "c@d", "AlarmEmail": ""}, "child", ["AlarmEmail"]),
        ({}, "both", ["TeamMailboxAdult", "TeamMailboxChild", "AlarmEmail"]),
    ],
)
def test_news_that_reach_nobody_are_told_by_the_parameter_to_set(
    parameters: dict[str, str], streams: str, said: list[str]
) -> None:
    taken = ("adult", "child") if streams == "both" else (streams,)

    told = list(nobody_told(parameters, taken))

    assert [one.rpartition("set ")[2] for one in told] == said
    assert "@" not in "".join(told)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, '{"status": "ok", "partnership": "suffolk", "forms": {"adult": "1"}}', "ok"),
        (200, '{"status": "ok"}', "it does not name its partnership and forms"),
        (200, '{"status": "ok", "partnership": "suffolk"}', "it does not name"),
        (200, '{"status": "ok", "partnership": "suffolk", "forms": []}', "it does not name"),
        (200, '["ok"]', "it is JSON of another shape"),
        (200, "<html>", "it is not JSON"),
        (200, '{"status": "late"}', "its status is 'late'"),
        (502, "", "health answers 502"),
        (
            200,
            '{"status": "ok", "partnership": "salford", "forms": {"child": "1"}}',
            "it serves another partnership",
        ),
    ],
)
def test_whatever_health_answers_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, status: int, body: str, said: str
) -> None:
    class Answering(Site):
        def ask(self, *_: object, **__: object) -> Answer:
            return Answer(status, Message(), body.encode())

    monkeypatch.setattr("infra.casereview.vital_signs.Site", Answering)
    outputs = {"EndpointURL": "https://api.suffolk.test/live"}
    state = StackState("s", "id", "CREATE_COMPLETE", datetime.now(UTC), outputs=outputs)

    assert health_of(state, "suffolk")[0].startswith(said)


def status(
    monkeypatch: pytest.MonkeyPatch,
    found: dict[str, VitalSigns],
    *more: str,
    failure: Exception = _NO_STACK,
) -> Result:
    def signs(instance: str) -> VitalSigns:
        if instance not in found:
            raise failure
        return found[instance]

    for name in ("target_named", "read_target"):
        monkeypatch.setattr(f"infra.casereview.status.{name}", lambda name: name)
    monkeypatch.setattr("infra.casereview.status.vital_signs", signs)
    monkeypatch.setattr("infra.casereview.status.instance_ids", lambda: ("suffolk-prod", "b-prod"))
    return CliRunner().invoke(app, ["status", *more], env={"COLUMNS": "120", "TERM": "dumb"})


def test_one_that_is_well_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    said = status(monkeypatch, {"suffolk-prod": WELL}, "suffolk-prod")

    assert said.exit_code == 0
    assert "01234567 fedcba98" in said.output
    assert "3 min ago" in said.output


def test_one_that_cannot_be_reached_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = status(monkeypatch, {"suffolk-prod": WELL}, "--all", "--json")

    assert said.exit_code == 1
    first, second = json.loads(said.output)
    assert first["needs_person"] == []
    assert second["stack"] == "not reached"
    assert second["needs_person"] == ["no such stack"]


@pytest.mark.parametrize(
    ("failure", "stack", "said"),
    [
        (InstanceError("b.toml:3: a fault\nb.toml:5: another"), "not known", "b.toml:3: a fault"),
        (PartnershipError("no such partnership"), "not reached", "no such partnership"),
        (StoreBusy(), "not reached", "the store does not answer: try again"),
        (NoCredentialsError(), "not reached", "not reached: NoCredentialsError"),
    ],
)
def test_each_way_to_fail_has_its_row_beside_the_others(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, stack: str, said: str
) -> None:
    found = status(monkeypatch, {"suffolk-prod": WELL}, "--all", "--json", failure=failure)

    assert found.exit_code == 1, found.output
    first, second = json.loads(found.stdout)
    assert first["needs_person"] == []
    assert second["stack"] == stack
    assert second["needs_person"][0] == said


def test_a_faulty_file_has_a_row_with_each_of_its_faults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "b-prod.toml").write_text("partnership = ")
    read = partial(load_instance, folder=tmp_path)
    monkeypatch.setattr("infra.casereview.targets.load_instance", read)
    monkeypatch.setattr("infra.casereview.status.instance_ids", lambda: ("b-prod",))

    said = CliRunner().invoke(app, ["status", "--all", "--json"])

    assert said.exit_code == 1
    (row,) = json.loads(said.stdout)
    assert (row["id"], row["stack"]) == ("b-prod", "not known")
    assert "b-prod.toml" in row["needs_person"][0]


def test_who_is_not_signed_in_is_told_once_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    said = status(monkeypatch, {}, "--all", failure=NoCredentialsError())

    assert said.exit_code == 1
    assert said.stderr == "You are not signed in to AWS. Sign in, or set AWS_PROFILE.\n"
    assert said.stdout.count("NoCredentialsError") == 2


def test_an_instance_that_was_never_heard_of_says_for_how_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = replace(WELL, heartbeat=None)

    said = status(monkeypatch, {"suffolk-prod": silent}, "suffolk-prod")

    assert said.exit_code == 1
    assert "none for 6 hours" in " ".join(said.output.split())


def test_a_single_one_that_cannot_be_reached_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    assert status(monkeypatch, {}, "suffolk-prod").exit_code == 3


@pytest.mark.parametrize("arguments", [(), ("suffolk-prod", "--all")])
def test_which_instance_must_be_said(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    assert status(monkeypatch, {"suffolk-prod": WELL}, *arguments).exit_code == 2
