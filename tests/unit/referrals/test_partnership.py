"""The partnerships as shipped, and what the checker says of a wrong file."""

import re
from pathlib import Path

import pytest

from chalicelib.referrals.partnership import (
    Partnership,
    PartnershipError,
    load_partnership,
    partnership_file,
)
from chalicelib.referrals.partnership_check import (
    PartnershipFinding,
    check_partnership,
    load_checked,
    partnership_ids,
)
from tests.unit.referrals.conftest import FORMS, Change

SHIPPED = partnership_ids(FORMS)


@pytest.fixture(params=SHIPPED)
def shipped(request: pytest.FixtureRequest) -> Partnership:
    return load_partnership(FORMS, request.param)


def test_suffolk_and_salford_are_shipped() -> None:
    assert {"suffolk", "salford"} <= set(SHIPPED)


@pytest.mark.parametrize("partnership_id", SHIPPED)
def test_a_shipped_partnership_is_sound(partnership_id: str) -> None:
    assert check_partnership(FORMS, partnership_id) == ()


@pytest.mark.parametrize("partnership_id", SHIPPED)
def test_no_real_mailbox_is_shipped(partnership_id: str) -> None:
    text = partnership_file(FORMS, partnership_id).read_text(encoding="utf-8")

    addresses = set(re.findall(r"[\w.+-]+@[\w.-]+\w", text))

    # What it publishes itself, for questions about the form and the data.
    partnership = load_partnership(FORMS, partnership_id)
    published = {partnership.contact.help_email, partnership.privacy.contact_email}
    assert {one for one in addresses if not one.endswith(".example")} <= published


def test_suffolk_takes_both_forms_and_salford_the_childs() -> None:
    assert load_partnership(FORMS, "suffolk").forms == ("adult", "child")
    assert load_partnership(FORMS, "salford").forms == ("child",)


def test_every_form_is_acknowledged_in_time(shipped: Partnership) -> None:
    for form in shipped.forms:
        rules = {rule.id: rule for rule in shipped.rules(form)}

        assert rules["acknowledge"].trigger == "received"
        assert rules["acknowledge"].remind_before


def test_what_the_referrer_is_told_is_what_the_rule_says(shipped: Partnership) -> None:
    rules = {rule.id: rule for rule in shipped.deadlines}

    length = rules["acknowledge"].length
    assert shipped.timing["acknowledgement"] == f"{length} working days"
    if "consideration_adult" in shipped.timing:
        considers = rules["panel-considers"].length
        assert shipped.timing["consideration_adult"] == f"{considers} working days"


@pytest.mark.parametrize("partnership_id", ["suffolk", "salford"])
def test_no_phone_number_is_invented(partnership_id: str) -> None:
    shipped = load_partnership(FORMS, partnership_id)

    assert shipped.contact.help_phone is None
    assert {route.phone for route in shipped.live_routes.values()} == {None}


def test_an_unknown_partnership_is_named_with_what_to_do() -> None:
    with pytest.raises(PartnershipError, match="PARTNERSHIP"):
        load_partnership(FORMS, "nowhere")


def only_finding(forms_dir: Path) -> PartnershipFinding:
    (finding,) = check_partnership(forms_dir, "suffolk")
    return finding


def line_in(forms_dir: Path, finding: PartnershipFinding) -> str:
    text = partnership_file(forms_dir, "suffolk").read_text(encoding="utf-8")
    return text.splitlines()[finding.line - 1]


WRONG = [
    ('id = "suffolk"', 'id = "norfolk"', "id"),
    ('area = "Suffolk"', 'area = "Suffolk"\nregion = "East"', "region"),
    ('reference_prefix = "SUF"', 'reference_prefix = "suffolk"', "reference_prefix"),
    ('colour = "#14505c"', 'colour = "teal"', "brand.colour"),
    ('adult = ["adult-reviews@suffolk.example"]', "adult = []", "mail.team.adult"),
    ("adult-reviews@suffolk.example", "reviews@suffolk.gov.uk", "mail.team.adult"),
    ("notifications@suffolk.example", "reviews@suffolk.gov.uk", "mail.from_address"),
    ("length = 2", 'length = "two"', "deadlines.acknowledge.length"),
    ("length = 2", 'length = "2"', "deadlines.acknowledge.length"),
    ("length = 2", "length = -2", "deadlines.acknowledge.length"),
    ('unit = "working_days"', 'unit = "days"', "deadlines.acknowledge.unit"),
    ('count_from = "next_day"', 'count_from = "today"', "calendar.count_from"),
    ("extra_holidays = []", 'extra_holidays = ["soon"]', "calendar.extra_holidays.0"),
    ("extra_holidays = []", 'extra_holidays = ["2027-05-10"]', "calendar.extra_holidays.0"),
    ("planned = true", 'planned = "yes"', "dates.publication_planned_on.planned"),
]


@pytest.mark.parametrize(("old", "new", "key"), WRONG)
def test_a_wrong_value_is_named_by_its_key(changed: Change, old: str, new: str, key: str) -> None:
    assert only_finding(changed(old, new)).key == key


@pytest.mark.parametrize(("old", "new", "key"), WRONG)
def test_a_wrong_value_is_found_by_its_line(changed: Change, old: str, new: str, key: str) -> None:
    forms_dir = changed(old, new)

    assert new.splitlines()[-1] in line_in(forms_dir, only_finding(forms_dir))


@pytest.mark.parametrize(
    ("taken_out", "key", "table"),
    [
        ('acknowledgement = "2 working days"', "timing.acknowledgement", "[timing]"),
        ('child = ["child-reviews@suffolk.example"]', "mail.team.child", "[mail.team]"),
        ('label = "Acknowledge the referral"', "deadlines.acknowledge.label", "[[deadlines]]"),
    ],
)
def test_a_missing_key_is_found_at_the_table_that_lacks_it(
    changed: Change, taken_out: str, key: str, table: str
) -> None:
    forms_dir = changed(taken_out, "")

    finding = only_finding(forms_dir)

    assert (finding.key, line_in(forms_dir, finding)) == (key, table)


def test_a_form_without_a_live_route_is_found(changed: Change) -> None:
    forms_dir = changed("[live_routes.child]", "[live_routes.infant]")

    assert only_finding(forms_dir).key == "live_routes.child"


def test_a_finding_says_file_line_key_fault_and_remedy(changed: Change) -> None:
    forms_dir = changed('area = "Suffolk"', "")

    path = partnership_file(forms_dir, "suffolk")
    assert str(only_finding(forms_dir)) == f"{path}:1: area: Field required. Add the key."


def test_findings_come_in_the_order_of_the_file(changed: Change) -> None:
    changed('colour = "#14505c"', 'colour = "teal"')
    forms_dir = changed("length = 2", "length = -2")

    keys = [finding.key for finding in check_partnership(forms_dir, "suffolk")]

    assert keys == ["brand.colour", "deadlines.acknowledge.length"]


def test_a_file_that_is_no_toml_is_one_finding_at_its_line(changed: Change) -> None:
    forms_dir = changed('id = "suffolk"', "id = suffolk")

    finding = only_finding(forms_dir)

    assert "not valid TOML" in finding.message
    assert line_in(forms_dir, finding) == "id = suffolk"


def test_a_file_that_is_not_there_is_one_finding(tmp_path: Path) -> None:
    (finding,) = check_partnership(tmp_path, "suffolk")

    assert finding.message == "there is no such partnership"


def test_a_partnership_is_loaded_checked_with_every_finding_or_not_at_all(changed: Change) -> None:
    changed('colour = "#14505c"', 'colour = "teal"')
    forms_dir = changed("length = 2", "length = -2")

    with pytest.raises(PartnershipError, match=r"brand\.colour.*\n.*acknowledge\.length"):
        load_checked(forms_dir, "suffolk")


def test_a_sound_partnership_is_loaded_as_the_service_loads_it(shipped: Partnership) -> None:
    assert load_checked(FORMS, shipped.id) == shipped


def test_a_service_does_not_start_on_an_unknown_key(changed: Change) -> None:
    forms_dir = changed('area = "Suffolk"', 'area = "Suffolk"\nregion = "East"')

    with pytest.raises(PartnershipError, match="region"):
        load_partnership(forms_dir, "suffolk")
