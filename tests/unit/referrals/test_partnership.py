"""The partnerships as shipped, and what the checker says of a wrong file."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.referrals.partnership import (
    Partnership,
    PartnershipError,
    load_partnership,
    partnership_file,
)
from chalicelib.referrals.partnership_check import check_partnership

FORMS = Path(__file__).resolve().parents[3] / "forms"
SHIPPED = sorted(path.parent.name for path in FORMS.glob("partnerships/*/partnership.toml"))
# Addresses that the partnerships publish themselves, for questions about the form.
PUBLISHED = {"enquiries@suffolksp.org.uk", "SSCP@salford.gov.uk"}


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

    assert {one for one in addresses if not one.endswith(".example")} <= PUBLISHED


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


def test_salford_shows_its_five_days_to_staff_and_reminds_nobody() -> None:
    rules = {rule.id: rule for rule in load_partnership(FORMS, "salford").deadlines}

    rule = rules["local-referral"]

    assert (rule.trigger, rule.length, rule.remind_before) == ("answer:incident_on", 5, ())


def test_the_two_clocks_of_the_rapid_review_are_never_one_rule() -> None:
    rules = {rule.id: rule for rule in load_partnership(FORMS, "suffolk").deadlines}

    assert rules["rapid-review"].trigger == "answer:sin_sent_on"
    assert rules["rapid-review-cautious"].trigger == "answer:la_told_on"


def test_no_phone_number_is_invented(shipped: Partnership) -> None:
    assert shipped.contact.help_phone is None
    assert {route.phone for route in shipped.live_routes.values()} == {None}


def test_an_unknown_partnership_is_named_with_what_to_do() -> None:
    with pytest.raises(PartnershipError, match="PARTNERSHIP"):
        load_partnership(FORMS, "nowhere")


Change = Callable[[str, str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """Gives a forms folder whose Suffolk file has one text replaced by another."""
    folder = tmp_path / "partnerships" / "suffolk"
    folder.mkdir(parents=True)
    shutil.copy(partnership_file(FORMS, "suffolk"), folder)

    def change(old: str, new: str) -> Path:
        path = folder / "partnership.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return change


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "suffolk"', 'id = "norfolk"', "id"),
        ('area = "Suffolk"', "", "area"),
        ('area = "Suffolk"', 'area = "Suffolk"\nregion = "East"', "region"),
        ('reference_prefix = "SUF"', 'reference_prefix = "suffolk"', "reference_prefix"),
        ('colour = "#14505c"', 'colour = "teal"', "brand.colour"),
        ('adult = ["adult-reviews@suffolk.example"]', "adult = []", "mail.team.adult"),
        ("adult-reviews@suffolk.example", "reviews@suffolk.gov.uk", "mail"),
        ("[live_routes.child]", "[live_routes.infant]", "live_routes.child"),
        ('acknowledgement = "2 working days"', "", "timing.acknowledgement"),
        ("length = 2", 'length = "two"', "deadlines.0.length"),
        ("length = 2", "length = -2", "deadlines.acknowledge.length"),
        ('unit = "working_days"', 'unit = "days"', "deadlines.0.unit"),
        ('trigger = "received"', 'trigger = "arrival"', "deadlines.acknowledge.trigger"),
        ('"1 working day", "0', '"tomorrow", "0', "deadlines.acknowledge.remind_before"),
        ('id = "acknowledge"', 'id = "Acknowledge it!"', "deadlines.Acknowledge it!"),
        ('id = "panel-considers"', 'id = "acknowledge"', "deadlines.acknowledge"),
        ('count_from = "next_day"', 'count_from = "today"', "calendar.count_from"),
        ("extra_holidays = []", 'extra_holidays = ["soon"]', "calendar.extra_holidays.0"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(changed: Change, old: str, new: str, key: str) -> None:
    findings = check_partnership(changed(old, new), "suffolk")

    assert key in {finding.key for finding in findings}


def test_a_finding_says_file_key_fault_and_remedy(changed: Change) -> None:
    forms_dir = changed('area = "Suffolk"', "")

    (finding,) = check_partnership(forms_dir, "suffolk")

    path = partnership_file(forms_dir, "suffolk")
    assert str(finding) == f"{path}: area: Field required. Add the key."


def test_a_file_that_is_no_toml_is_one_finding(changed: Change) -> None:
    (finding,) = check_partnership(changed('id = "suffolk"', "id = suffolk"), "suffolk")

    assert "not valid TOML" in finding.message


def test_a_service_does_not_start_on_an_unknown_key(changed: Change) -> None:
    forms_dir = changed('area = "Suffolk"', 'area = "Suffolk"\nregion = "East"')

    with pytest.raises(PartnershipError, match="region"):
        load_partnership(forms_dir, "suffolk")


def test_more_reminders_than_one_transaction_holds_are_found(changed: Change) -> None:
    many = ", ".join(f'"{days} working days"' for days in range(50))
    old = 'remind_before = ["1 working day", "0 working days"]'

    findings = check_partnership(changed(old, f"remind_before = [{many}]"), "suffolk")

    assert any("a submission stores" in finding.message for finding in findings)
