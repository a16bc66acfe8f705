"""A form compiled when the artifact was packaged is the form."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.forms.load import compile_form, load_form

FORMS = Path(__file__).parents[3] / "forms"


@pytest.mark.parametrize(
    ("name", "partnership"), [("adult", "suffolk"), ("child", "suffolk"), ("child", "salford")]
)
def test_a_compiled_form_is_the_form_it_was_compiled_from(
    tmp_path: Path, name: str, partnership: str
) -> None:
    compile_form(FORMS, name, partnership, tmp_path)

    compiled = load_form(tmp_path, name, partnership)
    source = load_form(FORMS, name, partnership)
    assert compiled.version == source.version
    assert compiled.document == source.document
    assert compiled.submission_schema == source.submission_schema


def test_the_source_tree_holds_no_compiled_form_that_could_go_stale() -> None:
    assert not (FORMS / "compiled").exists()
