"""What the check of a partnership's file reads of the forms."""

import json
from pathlib import Path

from chalicelib.forms.load import load_form
from chalicelib.referrals.form_roles import read_roles
from tests.unit.referrals.conftest import FORMS


def test_the_options_of_a_role_are_those_of_its_question() -> None:
    for stream, roles in read_roles(FORMS).items():
        form = load_form(FORMS, stream)
        for role, options in roles.items():
            question = form.questions.get(form.roles[role])
            offered = {option.value for option in question.options} if question else set()
            assert options == offered, role


def test_every_form_of_every_stream_is_read() -> None:
    assert {stream: set(roles) for stream, roles in read_roles(FORMS).items()} == {
        stream: set(load_form(FORMS, stream).roles) for stream in ("adult", "child")
    }


def test_a_file_that_is_no_form_has_no_roles(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text(json.dumps(["no form"]))
    (tmp_path / "broken.json").write_text("{")

    assert read_roles(tmp_path) == {}
