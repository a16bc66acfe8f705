"""`casereview new`: a third partnership, sound and serving from the first, without any Python."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.bootstrap import in_memory_services
from chalicelib.referrals.partnership import Partnership, load_partnership
from chalicelib.settings import Settings
from chalicelib.use_cases.deliver import deliver
from infra.casereview import new_asking, new_files
from infra.casereview.instances import load_instance
from infra.casereview.new_questions import QUESTIONS
from infra.paths import FORMS, ROOT
from tests.unit.infra.working_copy import NORFOLK, WorkingCopy, working_copy
from tests.unit.use_cases.instance import Instance, MovedClock
from tests.unit.web.conftest import minimum
from tests.visitor import Visitor

# Salford's own: no other partnership published them.
LOCAL = {"local-referral", "local-referral-working-days"}
STREAMS = pytest.mark.parametrize("streams", ["adult,child", "adult", "child"])
FORMS_TAKEN = pytest.mark.parametrize(
    ("streams", "form"),
    [("adult,child", "adult"), ("adult,child", "child"), ("adult", "adult"), ("child", "child")],
)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkingCopy:
    return working_copy(tmp_path, monkeypatch)


def made(copy: WorkingCopy, streams: str = "adult,child", **options: str) -> Partnership:
    other = {"adult": "child", "child": "adult"}.get(streams)
    result = copy.new("norfolk", (f"{other}-concern-url",), streams=streams, **options)
    assert result.exit_code == 0, result.output
    return load_partnership(copy.forms, "norfolk")


def instance(copy: WorkingCopy) -> Instance:
    settings = Settings(partnership="norfolk", forms_dir=copy.forms)
    clock = MovedClock()
    return Instance(in_memory_services(settings, clock), clock)


def without_labels(partnership: Partnership) -> dict[str, Any]:
    """Its rules by id, less what a review is called."""
    return {
        rule.id: {key: value for key, value in vars(rule).items() if key != "label"}
        for rule in partnership.deadlines
    }


@STREAMS
def test_everything_passes_at_once(copy: WorkingCopy, streams: str) -> None:
    made(copy, streams)

    for arguments in (["lint", "norfolk"], ["lint"]):
        result = copy.run(*arguments)
        assert (result.exit_code, "Nothing is wrong" in result.stdout) == (0, True), result.output


@STREAMS
def test_home_has_its_name_its_forms_and_a_picture_of_each_process(
    copy: WorkingCopy, streams: str
) -> None:
    made(copy, streams)

    page = Visitor(instance(copy).services).get("/")

    assert page.status == 200
    assert "Norfolk Safeguarding Partnership" in page.text
    assert "{" not in page.text
    taken = {stream for stream in ("adult", "child") if f"/{stream}" in page.links.values()}
    assert taken == set(streams.split(","))
    assert page.html.count('class="app-process"') == len(taken)


@FORMS_TAKEN
def test_a_form_can_be_begun_finished_and_its_emails_go_out(
    copy: WorkingCopy, streams: str, form: str
) -> None:
    made(copy, streams)
    norfolk = instance(copy)
    visitor = Visitor(norfolk.services)

    visitor.get(visitor.get(f"/{form}").links["Start now"])
    visitor.go_on("check-answers", minimum(form))
    confirmed = visitor.fill()

    assert re.search(r"NOR-[0-9A-Z]{4}-[0-9A-Z]{4}", confirmed.text)
    assert "2 working days" in confirmed.text
    for delivery in list(norfolk.table.deliveries):
        deliver(norfolk.services, delivery)
    sent = {message.subject.partition(" NOR")[0]: message for _, message in norfolk.mailer.sent}
    team, receipt = sent["New case review notification"], sent["We have received your notification"]
    assert team.to == (f"{form}-reviews@norfolk.example",)
    assert f"https://norfolk.example/{form}" in receipt.text


@pytest.mark.parametrize("page", ["privacy", "accessibility", "adult", "child"])
def test_no_page_of_it_has_a_word_that_was_not_filled_in(copy: WorkingCopy, page: str) -> None:
    made(copy)

    shown = Visitor(instance(copy).services).get(f"/{page}")

    assert (shown.status, re.findall(r"\{[a-z_]+\}", shown.text)) == (200, [])


@STREAMS
def test_the_deadlines_of_its_cases_are_computed(copy: WorkingCopy, streams: str) -> None:
    made(copy, streams)

    result = copy.run("deadlines", "norfolk", "--from", "2026-12-18", "--json")

    rows = json.loads(result.stdout)["deadlines"]
    due = {row["rule"]: row["due_on"] for row in rows}
    assert due["acknowledge"] == "2026-12-22"
    assert ("rapid-review" in due) == ("child" in streams)
    assert ("sar-complete" in due) == ("adult" in streams)


def test_its_rules_are_suffolks_as_neither_has_any_of_its_own(copy: WorkingCopy) -> None:
    norfolk, suffolk = made(copy), load_partnership(FORMS, "suffolk")

    assert norfolk.deadlines == suffolk.deadlines
    assert norfolk.dates == suffolk.dates


def test_the_rules_of_one_that_takes_children_are_salfords_less_its_own(copy: WorkingCopy) -> None:
    norfolk, salford = made(copy, "child"), load_partnership(FORMS, "salford")

    expected = {name: rule for name, rule in without_labels(salford).items() if name not in LOCAL}
    assert without_labels(norfolk) == expected
    assert norfolk.dates.keys() == salford.dates.keys()


def test_the_rules_of_one_that_takes_adults_are_suffolks_of_adults(copy: WorkingCopy) -> None:
    norfolk, suffolk = made(copy, "adult"), load_partnership(FORMS, "suffolk")

    expected = [rule.id for rule in suffolk.deadlines if rule.stream != "child"]
    assert [rule.id for rule in norfolk.deadlines] == expected
    assert {rule.stream for rule in norfolk.deadlines} == {"adult"}


def test_its_process_is_told_as_long_as_its_deadlines_are(copy: WorkingCopy) -> None:
    norfolk = made(copy)

    told = (copy.partnership("norfolk") / "process.toml").read_text("utf-8")
    rules = {rule.id: rule.length for rule in norfolk.deadlines}
    assert f"within {rules['acknowledge']} working days" in told
    assert f"within {rules['panel-notification']} working days of learning" in told
    assert f"{rules['rapid-review']} working days" in told
    assert norfolk.timing["consideration_adult"] == f"{rules['panel-considers']} working days"


def test_its_instances_can_be_deployed_as_they_are_but_for_mailboxes(copy: WorkingCopy) -> None:
    made(copy)

    dev, prod = (
        load_instance(f"norfolk-{one}", copy.instances, copy.forms) for one in ("dev", "prod")
    )
    assert prod.parameters()["PublicUrl"] == "https://reviews.norfolk.example"
    assert dev.parameters()["PublicUrl"] == "https://dev.reviews.norfolk.example"
    assert (dev.mail.sender, dev.mail.identity) == (NORFOLK["mail-from"], "norfolk.example")


def test_one_environment_is_one_instance(copy: WorkingCopy) -> None:
    made(copy, environments="dev", dev_public_url="https://try.norfolk.example")

    assert [path.name for path in copy.instances.glob("norfolk*")] == ["norfolk-dev.toml"]


def test_no_phone_is_made_up_and_one_that_is_given_is_shown(copy: WorkingCopy) -> None:
    norfolk = made(copy, adult_concern_phone="0300 000 0000", adult_concern_hours="at any time")

    adult, child = norfolk.live_routes["adult"], norfolk.live_routes["child"]
    assert (adult.phone, adult.hours) == ("0300 000 0000", "at any time")
    assert (child.phone, child.hours, norfolk.contact.help_phone) == (None, None, None)
    text = Visitor(instance(copy).services).get("/adult").text
    assert "0300 000 0000" in text


def test_no_file_that_was_there_is_changed_and_none_is_left_over(copy: WorkingCopy) -> None:
    before = copy.files()

    made(copy)

    after = copy.files()
    assert {name: after[name] for name in before} == before
    folder = "forms/partnerships/norfolk"
    assert sorted(after.keys() - before.keys()) == [
        f"{folder}/home.md",
        f"{folder}/partnership.toml",
        f"{folder}/process.toml",
        "instances/norfolk-dev.toml",
        "instances/norfolk-prod.toml",
    ]


def test_it_says_what_to_do_next(copy: WorkingCopy) -> None:
    said = copy.new("norfolk").stdout

    for step in ("home.md", "casereview lint norfolk", "casereview deploy norfolk-dev"):
        assert step in said


REFUSED = [
    ("suffolk", {}, 1, "is there already"),
    ("Norfolk", {}, 2, "is no id"),
    ("nor--folk", {}, 2, "is no id"),
    ("nor folk", {}, 2, "is no id"),
    ("../norfolk", {}, 2, "is no id"),
    ("n" * 25, {}, 2, "2 to 24 small letters"),
    ("bath-and-north-east-somerset", {}, 2, "as in banes"),
    ("norfolk", {"reference_prefix": "SUF"}, 1, "is the prefix of suffolk"),
    ("norfolk", {"reference_prefix": "nor"}, 2, "--reference-prefix: 'nor' is not two to five"),
    ("norfolk", {"reference_prefix": "NORFOLK"}, 2, "--reference-prefix"),
    ("norfolk", {"streams": "adults"}, 2, "--streams: 'adults' is none of: adult, child"),
    ("norfolk", {"streams": ""}, 2, "--streams: '' is empty"),
    ("norfolk", {"public_url": "http://reviews.norfolk.example"}, 2, "--public-url"),
    ("norfolk", {"mail_from": "notifications"}, 2, "--mail-from: 'notifications' is no email"),
    ("norfolk", {"adult_concern_url": "norfolk.example"}, 2, "--adult-concern-url"),
    ("norfolk", {"adult_concern_phone": "call us"}, 2, "--adult-concern-phone"),
    ("norfolk", {"name": 'Norfolk "Partnership"'}, 2, "--name"),
    ("norfolk", {"name": "Norfolk\nPartnership"}, 2, "--name"),
    ("norfolk", {"colour": "#ffff00"}, 2, "is too light for white text"),
    ("norfolk", {"region": "London"}, 2, "--region"),
    ("norfolk", {"environments": "live"}, 2, "--environments"),
]


@pytest.mark.parametrize(("name", "options", "code", "told"), REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    copy: WorkingCopy, name: str, options: dict[str, str], code: int, told: str
) -> None:
    before = copy.files()

    result = copy.new(name, **options)

    assert result.exit_code == code, result.output
    assert told in result.stderr
    assert copy.files() == before


def test_an_instance_that_is_there_is_not_written_over(copy: WorkingCopy) -> None:
    (copy.instances / "norfolk-prod.toml").write_text("mine")
    before = copy.files()

    result = copy.new("norfolk")

    assert (result.exit_code, copy.files()) == (1, before)


def test_made_once_it_is_refused_the_second_time(copy: WorkingCopy) -> None:
    made(copy)
    before = copy.files()

    result = copy.new("norfolk", reference_prefix="NRF")

    assert (result.exit_code, copy.files()) == (1, before)


def test_where_the_last_file_cannot_be_written_the_others_are_taken_away(
    copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = copy.files()
    openly = Path.open

    def full(path: Path, mode: str = "r", *given: Any, **known: Any) -> Any:
        if path.name == "norfolk-prod.toml" and mode == "x":
            raise OSError(28, "No space left on device", str(path))
        return openly(path, mode, *given, **known)

    monkeypatch.setattr(Path, "open", full)
    result = copy.new("norfolk")

    assert (result.exit_code, "No space left on device" in result.stderr) == (1, True)
    assert copy.files() == before
    assert not copy.partnership("norfolk").exists()


def test_what_would_not_pass_is_not_written(
    copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = new_files.partnership_texts
    monkeypatch.setattr(
        new_files, "partnership_texts", lambda said: {**texts(said), "home.md": "{nobody}"}
    )
    before = copy.files()

    result = copy.new("norfolk")

    assert (result.exit_code, copy.files()) == (1, before)
    assert "home.md:1: {nobody}: is not defined." in result.stderr


def test_where_nobody_can_be_asked_every_option_that_is_needed_is_named(copy: WorkingCopy) -> None:
    result = copy.run("new", "norfolk")

    assert result.exit_code == 2
    named = set(re.findall(r"^  --([a-z-]+)", result.stderr, re.MULTILINE))
    assert named == NORFOLK.keys()


def test_a_route_for_cases_that_it_does_not_take_is_not_needed(copy: WorkingCopy) -> None:
    result = copy.new("norfolk", ("adult-concern-url",), streams="child")

    assert result.exit_code == 0, result.output


def test_a_person_is_asked_for_what_is_not_given_until_the_answer_will_do(
    copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_asking, "can_ask", lambda: True)
    others = [question.key for question in QUESTIONS if question.key != "reference_prefix"]
    given = {
        **{key: "" for key in others if key.endswith(("phone", "hours"))},
        **{
            key: NORFOLK[key.replace("_", "-")]
            for key in others
            if key.replace("_", "-") in NORFOLK
        },
        "short_name": "Norfolk",
        "service_name": "Tell us",
        "panel": "Panel",
        "website_name": "Us",
        "privacy_email": "dpo@norfolk.example",
        "colour": "#26415e",
        "environments": "prod",
        "region": "eu-west-2",
    }
    options = [f"--{key.replace('_', '-')}={value}" for key, value in given.items()]

    result = copy.run("new", "norfolk", *options, answer="suf\nSUF\nNFK\n")

    assert result.exit_code == 0, result.output
    assert "[NOR]" in result.stdout
    assert "'SUF' is the prefix of suffolk" in result.stderr
    assert load_partnership(copy.forms, "norfolk").reference_prefix == "NFK"


def test_every_option_is_a_question_and_the_other_way_round(copy: WorkingCopy) -> None:
    shown = set(re.findall(r"--([a-z-]+)", copy.run("new", "--help").stdout)) - {"help"}

    assert {question.option.removeprefix("--") for question in QUESTIONS} <= shown


def test_no_code_of_the_service_names_a_partnership_but_the_default_of_a_local_run() -> None:
    named = re.compile(r"""["'](suffolk|salford)["']""")
    sources = [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]

    naming = [path.name for path in sources if named.search(path.read_text("utf-8"))]

    assert naming == ["settings.py"]
