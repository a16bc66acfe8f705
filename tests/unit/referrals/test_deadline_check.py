"""What is wrong with a deadline rule is said at the line where it is wrong."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from chalicelib.referrals.partnership import partnership_file
from chalicelib.referrals.partnership_check import PartnershipFinding, check_partnership
from tests.unit.referrals.conftest import Change

SOUND = {
    "id": '"planted"',
    "stream": '"child"',
    "label": '"A planted rule"',
    "trigger": '"received"',
    "met_by": '"decided_on"',
    "length": "5",
    "unit": '"working_days"',
    "responsible": '"team"',
    "status": '"local"',
    "source": '"A test"',
    "remind_before": '["1 working day"]',
}
YEARLY = {"scope": '"partnership"', "trigger": '"year_end"', "met_by": '""', "repeats_months": "12"}
BEFORE = {"trigger": '"publication_planned_on"', "counted": '"before"'}


def rule(**keys: str) -> str:
    lines = [f"{key} = {value}" for key, value in {**SOUND, **keys}.items()]
    return "\n".join(["[[deadlines]]", *lines, ""])


def plant(changed: Change, *rules: str, dates: str = "") -> Path:
    """The forms folder with rules (and tables of dates) put after those of the file."""
    forms_dir = changed("[dates.incident_on]", f"{dates}[dates.incident_on]")
    path = partnership_file(forms_dir, "suffolk")
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join([text, *rules]), encoding="utf-8")
    return forms_dir


def said(forms_dir: Path) -> list[tuple[str, str]]:
    """The key of each finding, and the line that it points to."""
    lines = partnership_file(forms_dir, "suffolk").read_text(encoding="utf-8").splitlines()
    findings = check_partnership(forms_dir, "suffolk")
    return [(finding.key, lines[finding.line - 1]) for finding in findings]


def only_finding(forms_dir: Path) -> PartnershipFinding:
    (finding,) = check_partnership(forms_dir, "suffolk")
    return finding


@pytest.mark.parametrize(
    "keys",
    [
        {},
        YEARLY,
        BEFORE,
        {"kind": '"prompt"'},
        {"window_from": "0"},
        {"repeats_months": "1"},
        {"when": '{ looked_after = ["now", "not_known"] }'},
        {"stream": '"both"', "when": '{ outcome = ["died", "death"] }'},
        {"met_by": '"received"', "trigger": '"incident_on"'},
        {"id": f'"{"a" * 32}"'},
    ],
)
def test_a_sound_rule_is_taken(changed: Change, keys: dict[str, str]) -> None:
    assert check_partnership(plant(changed, rule(**keys)), "suffolk") == ()


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [
        ({"trigger": '"arrival"'}, "trigger"),
        ({"trigger": '"answer:la_told_on"'}, "trigger"),
        ({"trigger": '"year_end"'}, "trigger"),
        ({**YEARLY, "trigger": '"received"'}, "trigger"),
        ({**YEARLY, "trigger": '"decided_on"'}, "trigger"),
        ({**BEFORE, "trigger": '"received"'}, "trigger"),
        ({**BEFORE, "trigger": '"incident_on"'}, "trigger"),
        ({"met_by": '"done_on"'}, "met_by"),
        ({"met_by": '"received"'}, "met_by"),
        ({"met_by": '"publication_planned_on"'}, "met_by"),
        ({**YEARLY, "met_by": '"decided_on"'}, "met_by"),
        ({"length": "-1"}, "length"),
        ({"window_from": "-1"}, "window_from"),
        ({"window_from": "5"}, "window_from"),
        ({**BEFORE, "window_from": "2"}, "window_from"),
        ({"repeats_months": "0"}, "repeats_months"),
        ({**BEFORE, "repeats_months": "1"}, "repeats_months"),
        ({"remind_before": '["tomorrow"]'}, "remind_before"),
        ({"remind_before": '["1 year"]'}, "remind_before"),
        ({"kind": '"prompt"', "remind_before": '["1 month", "1 week"]'}, "remind_before"),
        ({"id": '"Not an id"'}, "id"),
        ({"id": f'"{"a" * 33}"'}, "id"),
        ({"id": '"acknowledge"', "met_by": '"acknowledged_on"'}, "id"),
        ({"label": '" "'}, "label"),
        ({"responsible": '""'}, "responsible"),
        ({"source": '""'}, "source"),
        ({"when": '{ shoe_size = ["9"] }'}, "when.shoe_size"),
        ({"when": "{ outcome = [] }"}, "when.outcome"),
        ({"when": '{ outcome = ["deaths"] }'}, "when.outcome"),
        ({"when": '{ summary = ["not_known"] }'}, "when.summary"),
        ({**YEARLY, "when": '{ outcome = ["death"] }'}, "when"),
        ({"stream": '"both"', "when": '{ looked_after = ["now"] }'}, "when.looked_after"),
    ],
)
def test_a_wrong_key_of_a_rule_is_the_one_finding_at_its_line(
    changed: Change, keys: dict[str, str], wrong: str
) -> None:
    forms_dir = plant(changed, rule(**keys))

    name = {**SOUND, **keys}["id"].strip('"')
    top = wrong.partition(".")[0]
    assert said(forms_dir) == [(f"deadlines.{name}.{wrong}", f"{top} = {keys[top]}")]


def test_a_yearly_rule_that_never_comes_round_is_found_at_its_table(changed: Change) -> None:
    once: Mapping[str, str] = {key: YEARLY[key] for key in YEARLY if key != "repeats_months"}

    forms_dir = plant(changed, rule(**once))

    assert said(forms_dir) == [("deadlines.planted.repeats_months", "[[deadlines]]")]


def test_two_rules_of_the_year_have_ids_of_their_own(changed: Change) -> None:
    forms_dir = plant(changed, rule(**YEARLY, id='"annual-report"'))

    assert said(forms_dir) == [("deadlines.annual-report.id", 'id = "annual-report"')]


def test_the_year_has_a_shorter_reference_so_its_rules_may_have_longer_ids(changed: Change) -> None:
    longest = f'"{"a" * 37}"'

    assert check_partnership(plant(changed, rule(**YEARLY, id=longest)), "suffolk") == ()


def test_an_id_too_long_for_a_schedule_of_the_year_is_found(changed: Change) -> None:
    too_long = f'"{"a" * 38}"'

    assert only_finding(plant(changed, rule(**YEARLY, id=too_long))).message == (
        "cannot name a schedule"
    )


def test_the_clocks_of_one_duty_are_met_by_one_date(changed: Change) -> None:
    clocks = [rule(duty='"act"'), rule(duty='"act"', id='"second"', met_by='"recommended_on"')]

    forms_dir = plant(changed, *clocks)

    assert said(forms_dir) == [("deadlines.second.met_by", 'met_by = "recommended_on"')]


def test_a_rule_of_a_form_that_the_partnership_does_not_take_is_found(changed: Change) -> None:
    forms_dir = changed('forms = ["adult", "child"]', 'forms = ["child"]')

    keys = {finding.key for finding in check_partnership(forms_dir, "suffolk")}
    assert {key for key in keys if key.endswith(".stream")} == {
        f"deadlines.{name}.stream"
        for name in (
            "panel-considers",
            "agency-returns",
            "chair-decides",
            "tell-referrer",
            "sar-complete",
            "annual-report",
        )
    }


@pytest.mark.parametrize("name", ["Done_on", '"done on"', "done-on", "received", "year_end"])
def test_a_date_has_a_name_of_its_own_that_code_can_read(changed: Change, name: str) -> None:
    forms_dir = plant(changed, dates=f'[dates.{name}]\nlabel = "Done"\n')

    assert said(forms_dir) == [(f"dates.{name.strip(chr(34))}", f"[dates.{name}]")]


def test_a_date_has_a_label(changed: Change) -> None:
    forms_dir = plant(changed, dates='[dates.done_on]\nlabel = ""\n')

    assert said(forms_dir) == [("dates.done_on.label", 'label = ""')]


def test_some_deadline_that_starts_at_receipt_is_reminded(changed: Change) -> None:
    for leads in ('["1 working day", "0 working days"]', '["10 working days", "5 working days"]'):
        forms_dir = changed(f"remind_before = {leads}", "remind_before = []")

    assert only_finding(forms_dir).message == (
        "no adult deadline that starts at receipt is reminded"
    )


def lead_times(count: int) -> str:
    return "[" + ", ".join(f'"{days} working days"' for days in range(count)) + "]"


def test_more_reminders_than_one_submission_stores_are_found(changed: Change) -> None:
    triggers = ("decided_on", "recommended_on", "acknowledged_on", "referrer_told_on")
    many = [
        rule(stream='"adult"', id=f'"many-{name[:3]}"', trigger=f'"{name}"', met_by='""',
             remind_before=lead_times(17))
        for name in triggers
    ]  # fmt: skip

    assert only_finding(plant(changed, *many)).message == (
        "adult rules make 109 rows; 99 can be stored at once"
    )


def test_as_many_reminders_as_one_submission_stores_are_taken(changed: Change) -> None:
    triggers = ("decided_on", "recommended_on", "acknowledged_on", "referrer_told_on")
    many = [
        rule(stream='"adult"', id=f'"many-{name[:3]}"', trigger=f'"{name}"', met_by='""',
             remind_before=lead_times(times))
        for name, times in zip(triggers, (15, 15, 15, 13), strict=True)
    ]  # fmt: skip

    assert check_partnership(plant(changed, *many), "suffolk") == ()


@pytest.mark.parametrize("key", ["trigger", "met_by"])
def test_more_reminders_than_one_changed_date_replaces_are_found(changed: Change, key: str) -> None:
    other = {"trigger": "met_by", "met_by": "trigger"}[key]
    many = rule(
        stream='"adult"',
        remind_before=lead_times(45),
        **{key: '"died_on"', other: '"sar_completed_on"' if other == "trigger" else '""'},
    )

    forms_dir = plant(changed, many)

    assert ("dates.died_on", "[dates.died_on]") in said(forms_dir)
