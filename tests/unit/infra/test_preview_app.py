from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.settings import Settings
from chalicelib.use_cases.keep_draft import new_token, open_draft, start_draft
from infra.local.preview_app import PreviewApp, failed, keep_drafts, take_drafts


@pytest.fixture
def services() -> Services:
    return in_memory_services(Settings())


def ask(application: Any, path: str) -> tuple[str, str]:
    seen: list[str] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.input": io.BytesIO()}
    content = b"".join(application(environ, lambda status, headers: seen.append(status)))
    return seen[0], content.decode()


def test_drafts_outlive_a_reload_and_move_to_the_form_as_it_is_now(
    services: Services, tmp_path: Path
) -> None:
    token = new_token()
    start_draft(services, services.forms["adult"], {"summary": "kept"}, frozenset(), token=token)
    keep_drafts(services, tmp_path / "drafts")
    after = in_memory_services(Settings())

    take_drafts(after, tmp_path / "drafts")

    draft = open_draft(after, token)
    assert draft
    assert draft.answers == {"summary": "kept"}
    assert draft.form_version == after.forms["adult"].version


def test_a_first_start_has_no_drafts_to_take(services: Services, tmp_path: Path) -> None:
    take_drafts(services, tmp_path / "none")

    assert ask(PreviewApp(services), "/")[0].startswith("200")


def test_a_form_that_cannot_be_loaded_is_shown_as_a_page() -> None:
    status, page = ask(failed(ValueError("adult.json: <pages> is missing")), "/adult")

    assert status.startswith("500")
    assert "adult.json: &lt;pages&gt; is missing" in page
    assert "reload.js" in page
