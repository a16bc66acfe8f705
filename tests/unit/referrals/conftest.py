"""A forms folder with one thing wrong in a partnership's file."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.referrals.partnership import partnership_file

FORMS = Path(__file__).resolve().parents[3] / "forms"
Change = Callable[[str, str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """Gives a forms folder whose Suffolk file has one text replaced by another."""
    for form in FORMS.glob("*.json"):
        shutil.copy(form, tmp_path)
    path = partnership_file(tmp_path, "suffolk")
    path.parent.mkdir(parents=True)
    shutil.copy(partnership_file(FORMS, "suffolk"), path)

    def change(old: str, new: str) -> Path:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return change
