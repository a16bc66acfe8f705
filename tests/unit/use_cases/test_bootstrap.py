"""Settings, and the wiring of a deployed instance."""

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.bootstrap import LazyForms, in_memory_services, services
from chalicelib.referrals.partnership import PartnershipError
from chalicelib.settings import Settings, load_settings
from tests.unit.use_cases.instance import FORMS_DIR

PROJECT = Path(__file__).resolve().parents[3]


def test_an_empty_environment_gives_suffolk_on_this_machine() -> None:
    assert load_settings({}) == Settings()


def test_every_setting_comes_from_its_variable() -> None:
    settings = load_settings(
        {
            "PARTNERSHIP": "salford",
            "ENVIRONMENT": "live",
            "TABLE_NAME": "table",
            "SCHEDULE_GROUP": "group",
            "SCHEDULE_ROLE_ARN": "role",
            "REMIND_FUNCTION_ARN": "function",
            "REMINDER_DLQ_ARN": "queue",
            "CONFIGURATION_SET": "set",
            "MAIL_FROM": "from@a.example",
            "TEAM_MAILBOX_ADULT": "adult@a.example",
            "TEAM_MAILBOX_CHILD": "one@a.example, ,two@a.example",
            "PUBLIC_URL": "https://a.example/",
            "STAFF_URL": "https://staff.example",
            "FORMS_DIR": "elsewhere",
        }
    )

    assert settings == Settings(
        partnership="salford",
        environment="live",
        table_name="table",
        schedule_group="group",
        schedule_role_arn="role",
        remind_function_arn="function",
        reminder_dlq_arn="queue",
        configuration_set="set",
        mail_from="from@a.example",
        team_mailbox_adult="adult@a.example",
        team_mailbox_child="one@a.example, ,two@a.example",
        public_url="https://a.example",
        staff_url="https://staff.example",
        forms_dir=Path("elsewhere"),
    )
    assert settings.team_mailbox("child") == ("one@a.example", "two@a.example")


def test_staff_sign_in_under_the_public_address_unless_told_otherwise() -> None:
    assert load_settings({"PUBLIC_URL": "https://a.example"}).staff_url == "https://a.example/staff"


def test_an_instance_of_an_unknown_partnership_does_not_start() -> None:
    with pytest.raises(PartnershipError):
        services(Settings(partnership="nowhere", forms_dir=FORMS_DIR))


def test_only_the_partnerships_own_forms_are_offered() -> None:
    forms = in_memory_services(Settings(partnership="salford", forms_dir=FORMS_DIR)).forms

    assert list(forms) == ["child"]
    assert "adult" not in forms
    assert forms.get("adult") is None


def test_a_form_is_compiled_when_first_asked_for_and_only_then() -> None:
    forms = in_memory_services(Settings(forms_dir=FORMS_DIR)).forms
    assert isinstance(forms, LazyForms)
    assert forms._loaded == {}

    assert forms["child"] is forms["child"]


def test_wiring_imports_nothing_that_the_first_page_does_not_need() -> None:
    program = (
        "import sys; from chalicelib import bootstrap, settings;"
        "bootstrap.services(settings.load_settings({}));"
        "print([name for name in ('boto3', 'botocore', 'pydantic', 'requests', 'jsonschema_rs',"
        " 'aws_lambda_powertools', 'govuk_bank_holidays') if name in sys.modules])"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert ran.stdout.strip() == "[]"
