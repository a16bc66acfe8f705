"""An instance's file: what it means to a deployment, and what is said of a wrong one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from infra.casereview.findings import Finding
from infra.casereview.instance_check import LOG_DAYS, LONGEST_ID, LONGEST_STACK, RANGES
from infra.casereview.instances import (
    InstanceError,
    InstanceFile,
    Limits,
    check_instance,
    instance_ids,
    load_instance,
)
from infra.paths import FORMS, INSTANCES, ROOT
from infra.stack.merge import stack_document

SUFFOLK = (INSTANCES / "suffolk-prod.toml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, SUFFOLK)
    return tmp_path


def write(folder: Path, text: str, name: str = "suffolk-prod.toml") -> None:
    (folder / name).write_text(text, "utf-8")


def with_private(folder: Path, text: str) -> InstanceFile:
    write(folder, text, "suffolk-prod.private.toml")
    return load_instance("suffolk-prod", folder)


def finding_in(folder: Path, old: str, new: str) -> Finding:
    assert old in SUFFOLK
    write(folder, SUFFOLK.replace(old, new, 1))
    (finding,) = check_instance("suffolk-prod", folder)
    return finding


def test_dev_and_prod_of_suffolk_and_salford_are_shipped() -> None:
    shipped = {f"{name}-{where}" for name in ("suffolk", "salford") for where in ("dev", "prod")}

    assert shipped <= set(instance_ids())


@pytest.mark.parametrize("instance_id", instance_ids())
def test_a_shipped_instance_is_sound_and_its_stack_is_named_after_it(instance_id: str) -> None:
    assert load_instance(instance_id).stack_name == f"casereview-{instance_id}"


@pytest.mark.parametrize("instance_id", instance_ids())
def test_a_parameter_is_one_that_the_template_takes_and_in_a_form_that_it_takes(
    instance_id: str,
) -> None:
    known = stack_document()["Parameters"]

    for name, value in load_instance(instance_id).parameters().items():
        assert re.fullmatch(known[name].get("AllowedPattern", ".*"), value), name
        allowed = known[name].get("AllowedValues", [value])
        assert value in map(str, allowed), name


def test_a_deployment_is_given_what_the_file_says(folder: Path) -> None:
    given = load_instance("suffolk-prod", folder).parameters()

    assert given == {
        "Partnership": "suffolk",
        "PartnershipName": "Suffolk Safeguarding Partnership",
        "BrandColour": "#14505c",
        "BrandTextColour": "#ffffff",
        "Environment": "prod",
        "PublicUrl": "https://notifications.suffolk.example",
        "MailFrom": "notifications@suffolk.example",
        "MailIdentity": "suffolk.example",
        "ManageMailIdentity": "false",
    }


def test_what_the_file_does_not_write_is_left_as_it_is_deployed_and_what_it_writes_is_not(
    folder: Path,
) -> None:
    write(folder, f"{SUFFOLK}\n[limits]\nmemory = 1024\n")

    given = load_instance("suffolk-prod", folder).parameters()

    assert given["FunctionMemory"] == "1024"
    assert not {"RequestsPerSecond", "RequestBurst", "LogRetentionInDays"} & given.keys()


def test_what_is_left_out_of_a_file_is_at_first_the_templates_default() -> None:
    known = stack_document()["Parameters"]
    names = ("RequestsPerSecond", "RequestBurst", "FunctionMemory", "LogRetentionInDays")
    limits = Limits()

    assert [known[name]["Default"] for name in names] == [
        limits.requests_per_second,
        limits.burst,
        limits.memory,
        limits.log_days,
    ]
    assert known["ManageMailIdentity"]["Default"] == "false"
    assert (known["DomainName"]["Default"], known["CertificateArn"]["Default"]) == ("", "")


def test_mailboxes_come_from_the_private_file_and_the_rest_from_the_other(folder: Path) -> None:
    instance = with_private(
        folder,
        '[mail]\nteam_child = ["a@team.test", "b@team.test"]\n[alarms]\nemail = "ops@team.test"\n',
    )

    given = instance.parameters()
    assert given["TeamMailboxChild"] == "a@team.test,b@team.test"
    assert given["AlarmEmail"] == "ops@team.test"
    assert given["MailFrom"] == "notifications@suffolk.example"


def test_a_mailbox_that_no_file_gives_is_no_parameter_so_that_an_update_keeps_it(
    folder: Path,
) -> None:
    given = load_instance("suffolk-prod", folder).parameters()

    assert not {"TeamMailboxAdult", "TeamMailboxChild", "AlarmEmail"} & given.keys()


def test_a_custom_domain_goes_with_its_certificate(folder: Path) -> None:
    arn = "arn:aws:acm:eu-west-2:123456789012:certificate/0a1b2c3d"
    domain = f'domain = "notifications.suffolk.example"\ncertificate_arn = "{arn}"\n'
    write(folder, SUFFOLK.replace("\n[mail]", f"{domain}\n[mail]"))

    given = load_instance("suffolk-prod", folder).parameters()

    assert (given["DomainName"], given["CertificateArn"]) == ("notifications.suffolk.example", arn)


def test_an_example_in_place_of_an_address_is_told(folder: Path) -> None:
    assert load_instance("suffolk-prod", folder).placeholders() == (
        "web.public_url",
        "mail.from",
        "mail.identity",
    )


@pytest.mark.parametrize(
    ("address", "example"),
    [
        ("https://suffolk.example:8443", True),
        ("https://suffolk.example/notify", True),
        ("https://suffolk.example.org", False),
        ("https://suffolk.examples", False),
        ("https://suffolk.test/a.example.b", False),
    ],
)
def test_an_example_is_known_with_a_port_and_a_path(
    folder: Path, address: str, example: bool
) -> None:
    write(folder, SUFFOLK.replace("https://notifications.suffolk.example", address))

    assert ("web.public_url" in load_instance("suffolk-prod", folder).placeholders()) is example


URL = 'public_url = "https://notifications.suffolk.example"'
ARN = "arn:aws:acm:{}:123456789012:certificate/0a1b2c3d"
HOST = 'domain = "notifications.suffolk.example"'


def web(domain: str, region: str) -> str:
    return f'{URL}\n{domain}\ncertificate_arn = "{ARN.format(region)}"'


WRONG = [
    ('region = "eu-west-2"', 'region = "London"', "region", "eu-west-2"),
    ('region = "eu-west-2"', "region = 2", "region", "in quotes"),
    ('region = "eu-west-2"', "", "region", "Add the key"),
    ('region = "eu-west-2"', 'regoin = "eu-west-2"\nregion = "eu-west-2"', "regoin", "spelling"),
    ('environment = "prod"', 'environment = "live"', "environment", "dev or prod"),
    ('environment = "prod"', 'environment = "dev"', "partnership", "Make them agree"),
    ('partnership = "suffolk"', 'partnership = "rutland"', "partnership", "casereview lint"),
    (URL, URL.replace("https", "http"), "web.public_url", "https://"),
    (URL, URL.replace(".example", ".example/"), "web.public_url", "without a slash"),
    (URL, f'{URL}\ndomain = "notifications.suffolk.example"', "web.certificate_arn", "domain"),
    (URL, web("", "eu-west-2"), "web.domain", "remove certificate_arn"),
    (URL, web('domain = "other.suffolk.example"', "eu-west-2"), "web.domain", "agree"),
    (URL, web(HOST, "us-east-1"), "web.certificate_arn", "Request one in eu-west-2"),
    ("notifications@suffolk.example", "notifications", "mail.from", "notifications@your.domain"),
    ('identity = "suffolk.example"', 'identity = "kent.example"', "mail.identity", "from"),
    ("manage_identity = false", 'manage_identity = "false"', "mail.manage_identity", "true or"),
    ("manage_identity = false", 'team_adult = ["a@b.test"]', "mail.team_adult", "private.toml"),
    ("manage_identity = false", "[limits]\nburst = 0", "limits.burst", "1 to 5000"),
    ("manage_identity = false", "[limits]\nmemory = 128", "limits.memory", "512 to 3008 MB"),
    ("manage_identity = false", "[limits]\nlog_days = 100", "limits.log_days", "90, 120"),
    ("manage_identity = false", "manage_identity = no", "(file)", "Correct the file"),
]


@pytest.mark.parametrize(("old", "new", "key", "remedy"), WRONG)
def test_a_fault_is_told_by_its_key_and_what_to_do(
    folder: Path, old: str, new: str, key: str, remedy: str
) -> None:
    finding = finding_in(folder, old, new)

    assert finding.key == key
    assert remedy in finding.remedy


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('environment = "prod"', 'environment = "live"', 'environment = "live"'),
        ('environment = "prod"', 'environment = "dev"', 'partnership = "suffolk"'),
        (URL, URL.replace("https", "http"), URL.replace("https", "http")),
        (URL, "", "[web]"),
        (URL, web("", "eu-west-2"), "[web]"),
        (URL, web(HOST, "us-east-1"), f'certificate_arn = "{ARN.format("us-east-1")}"'),
        ("manage_identity = false", "manage_identity = no", "manage_identity = no"),
    ],
)
def test_a_fault_is_found_by_its_line(folder: Path, old: str, new: str, line: str) -> None:
    finding = finding_in(folder, old, new)

    text = (folder / "suffolk-prod.toml").read_text("utf-8")
    assert text.splitlines()[finding.line - 1] == line


def test_the_limits_are_those_of_the_template() -> None:
    known = stack_document()["Parameters"]

    assert list(LOG_DAYS) == known["LogRetentionInDays"]["AllowedValues"]
    memory = known["FunctionMemory"]
    assert RANGES["memory"][:2] == (memory["MinValue"], memory["MaxValue"])


def test_the_edges_of_the_limits_are_within_them(folder: Path) -> None:
    for line in ("burst = 1", "burst = 5000", "memory = 512", "log_days = 3653"):
        write(folder, f"{SUFFOLK}\n[limits]\n{line}\n")
        assert check_instance("suffolk-prod", folder) == ()


def test_a_team_of_cases_that_the_partnership_does_not_take_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, (INSTANCES / "salford-prod.toml").read_text("utf-8"), "salford-prod.toml")
    write(tmp_path, '[mail]\nteam_adult = ["a@team.test"]\n', "salford-prod.private.toml")

    (finding,) = check_instance("salford-prod", tmp_path)

    assert (finding.key, finding.message) == (
        "mail.team_adult",
        "the partnership has no adult form",
    )
    assert (finding.file.name, finding.line) == ("salford-prod.private.toml", 2)


def test_a_fault_of_the_private_file_is_told_without_the_address(folder: Path) -> None:
    with pytest.raises(InstanceError) as refusal:
        with_private(folder, '\n[mail]\nteam_child = ["someone at team.test"]\n')

    told = "suffolk-prod.private.toml:3: mail.team_child: entry 1 is no email address"
    assert told in str(refusal.value)
    assert "someone" not in str(refusal.value)


def test_every_fault_is_told_at_once_in_the_order_of_the_file(folder: Path) -> None:
    write(folder, SUFFOLK.replace("eu-west-2", "London").replace("https", "http"))

    with pytest.raises(InstanceError) as refusal:
        load_instance("suffolk-prod", folder)

    told = str(refusal.value).splitlines()
    assert ["region" in told[0], "web.public_url" in told[1], len(told)] == [True, True, 2]


def test_an_unknown_instance_is_refused_with_those_that_there_are(folder: Path) -> None:
    with pytest.raises(InstanceError, match=r"There are: suffolk-prod\. Add one: casereview new"):
        load_instance("kent-prod", folder)


def test_every_key_is_documented() -> None:
    documented = (ROOT / "docs" / "instances.md").read_text("utf-8")
    keys = (
        "partnership environment region public_url domain certificate_arn from identity"
        " manage_identity team_adult team_child email requests_per_second burst memory log_days"
    )

    assert [key for key in keys.split() if f"`{key}`" not in documented] == []


def test_a_restored_instance_names_the_stack_that_is_live(folder: Path) -> None:
    write(folder, f'stack = "casereview-suffolk-again"\n{SUFFOLK}')

    assert load_instance("suffolk-prod", folder).stack_name == "casereview-suffolk-again"


@pytest.mark.parametrize("name", ["9lives", "case_review", "Suffolk", "a" * 41, "naïve"])
def test_a_name_that_no_stack_can_have_is_a_fault(folder: Path, name: str) -> None:
    write(folder, f'stack = "{name}"\n{SUFFOLK}')

    (finding,) = check_instance("suffolk-prod", folder)

    assert "is no name of a stack" in str(finding)


def test_the_longest_name_of_a_stack_leaves_room_for_every_functions_own(folder: Path) -> None:
    """CloudFormation adds two hyphens and twelve letters, and cuts what is over 64."""
    functions = [
        name
        for name, resource in stack_document()["Resources"].items()
        if resource.get("Type") == "AWS::Serverless::Function"
    ]
    longest = max(len(name) for name in [*functions, "APIHandler"])  # Chalice's own
    write(folder, f'stack = "{"a" * LONGEST_STACK}"\n{SUFFOLK}')

    assert LONGEST_STACK + longest + 14 <= 64
    assert check_instance("suffolk-prod", folder) == ()


@pytest.mark.parametrize(("length", "sound"), [(LONGEST_ID, True), (LONGEST_ID + 1, False)])
def test_an_id_that_makes_too_long_a_stacks_name_is_a_fault(
    tmp_path: Path, length: int, sound: bool
) -> None:
    found = long_id(tmp_path, "a" * length)

    assert [one.key for one in found] == ([] if sound else ["partnership"])


def test_who_has_a_long_id_is_told_a_shorter_one_and_may_name_the_stack_otherwise(
    tmp_path: Path,
) -> None:
    long = "bath-and-north-east-somerset"
    (finding,) = long_id(tmp_path / "long", long)

    assert "an id of at most 24, such as banes" in finding.remedy
    assert 'stack = "casereview-banes-prod"' in finding.remedy
    assert long_id(tmp_path / "named", long, 'stack = "casereview-banes-prod"\n') == ()


def long_id(folder: Path, partnership: str, more: str = "") -> tuple[Finding, ...]:
    """What is found in the file of a partnership of this id."""
    folder.mkdir(exist_ok=True)
    forms = folder / "forms"
    shutil.copytree(FORMS, forms)
    shutil.move(forms / "partnerships" / "suffolk", forms / "partnerships" / partnership)
    file = forms / "partnerships" / partnership / "partnership.toml"
    file.write_text(file.read_text("utf-8").replace('id = "suffolk"', f'id = "{partnership}"', 1))
    text = SUFFOLK.replace('partnership = "suffolk"', f'partnership = "{partnership}"')
    write(folder, more + text, f"{partnership}-prod.toml")
    return check_instance(f"{partnership}-prod", folder, forms)
