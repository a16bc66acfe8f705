"""`casereview smoke`: each fault of a service is seen from outside."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chalicelib.bootstrap import in_memory_services
from chalicelib.settings import load_settings
from chalicelib.web.http import Request, Response
from chalicelib.web.routes import respond
from infra.casereview.__main__ import app
from infra.casereview.smoke import _as_deployed as as_deployed
from infra.deploy.artifact import Artifact
from infra.deploy.stacks import StackState
from infra.smoke.certificate import certificate_fault
from infra.smoke.checks import CHECKS, Look, verdict
from infra.smoke.links import where_links_lead
from infra.smoke.trial import MARK, marked
from infra.smoke.versions import versions_served
from infra.smoke.visit import Answer, NotReached, Site, address

Change = Callable[[Request, Response], Response]


class OwnSite(Site):
    """The pages in this process, as they are or with a fault."""

    def __init__(self, change: Change) -> None:
        super().__init__("http://localhost:1")
        self.services = in_memory_services(load_settings({"PARTNERSHIP": "suffolk"}))
        self._change = change

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        given = {name.lower(): value for name, value in (headers or {}).items()}
        request = Request(method=method, path=path, headers=given, cookies={}, body=body or b"")
        response = self._change(request, respond(request, self.services))
        message = Message()
        for name, value in {"Content-Type": response.content_type, **response.headers}.items():
            message[name] = value
        return Answer(response.status, message, str(response.body).encode())


def as_it_is(_: Request, response: Response) -> Response:
    return response


def failed(change: Change, partnership: str | None = None) -> set[str]:
    return {one.check for one in Look(OwnSite(change), partnership).run() if not one.good}


def test_a_sound_service_has_no_fault() -> None:
    assert failed(as_it_is, "suffolk") == set()


def test_looking_stores_nothing() -> None:
    site = OwnSite(as_it_is)
    list(Look(site).run())

    table = site.services.referrals._table  # type: ignore[attr-defined]
    assert [table.drafts, table.referrals, table.cases, table.deliveries] == [{}, {}, {}, {}]


def at(path: str, **changes: object) -> Change:
    def change(request: Request, response: Response) -> Response:
        matches = request.path.startswith(path) if path != "/" else request.path == "/"
        return replace(response, **changes) if matches else response  # type: ignore[arg-type]

    return change


def without_header(name: str) -> Change:
    def change(_: Request, response: Response) -> Response:
        kept = {key: value for key, value in response.headers.items() if key != name}
        return replace(response, headers=kept)

    return change


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (at("/health", status=500), "health"),
        (at("/health", body="{}"), "health"),
        (at("/health", body='{"status": "ok"}'), "health"),
        (at("/health", body='{"status": "ok", "partnership": 1, "forms": []}'), "health"),
        (at("/health", body="[]"), "health"),
        (at("/api/forms", body='{"partnership": "Suffolk"}'), "home page"),
        (at("/api/forms", body="{}"), "home page"),
        (at("/", body="<h1>Another</h1>"), "home page"),
        (without_header("Content-Security-Policy"), "headers"),
        (without_header("X-Frame-Options"), "headers"),
        (without_header("Cache-Control"), "headers"),
        (at("/adult", status=404), "forms"),
        (at("/assets", status=404), "asset"),
        (at("/no-such-page", content_type="application/json"), "unknown page"),
        (at("/resume", status=500), "resume page"),
        (at("/adult", status=200), "redirect"),
        (at("/api/openapi.json", body="<html>"), "API description"),
        (at("/api/forms/adult/referrals", status=201), "API refusal"),
        (at("/api/forms/adult/referrals", content_type="text/html"), "API refusal"),
    ],
)
def test_a_fault_is_seen(change: Change, check: str) -> None:
    assert check in failed(change)


def test_another_partnerships_service_is_not_taken_for_ours() -> None:
    assert "health" in failed(as_it_is, "salford")


def test_no_answer_is_told_by_every_check_and_none_of_them_raises() -> None:
    class Silent(Site):
        def ask(self, *_: object, **__: object) -> Answer:
            raise NotReached("no answer: refused")

    verdicts = list(Look(Silent("http://localhost:1")).run())

    assert len(verdicts) == len(CHECKS)
    assert {one.check for one in verdicts if one.good} == {"certificate"}


@pytest.mark.parametrize(
    ("base", "good"),
    [
        ("http://localhost:1", True),
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://localhost.suffolk.test", False),
        ("http://notifications.suffolk.test", False),
    ],
)
def test_an_address_without_tls_is_only_good_on_this_machine(base: str, good: bool) -> None:
    class Silent(Site):
        def ask(self, *_: object, **__: object) -> Answer:
            raise NotReached("no answer: refused")

    told = {one.check: one for one in Look(Silent(base)).run()}

    assert told["certificate"].good is good
    assert good or "not https" in told["certificate"].said


@pytest.mark.parametrize(
    "text",
    [
        "https://[",
        "https://",
        "https:///adult",
        f"https://{'a' * 64}.test",
        "https://suffolk..test",
        "https://suffolk.test:99999",
        "https://suffolk.test:port",
        "https://somebody@suffolk.test",
        "https://suffolk.test/?page=1",
        "https://suffolk.test/a b",
        "ftp://suffolk.test",
        "//suffolk.test",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    said = CliRunner().invoke(app, ["smoke", text], env={"COLUMNS": "300", "TERM": "dumb"})

    assert said.exit_code == 2, said.output
    assert "is no address of a site. Write it as in https://" in said.stderr


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("https://suffolk.test/", "https://suffolk.test"),
        ("HTTPS://suffolk.test", "https://suffolk.test"),
        ("https://api.test:8443/live/", "https://api.test:8443/live"),
        (f"https://{'a' * 63}.test", f"https://{'a' * 63}.test"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_asked_as_it_is_given_without_its_last_slash(text: str, asked: str) -> None:
    assert address(text) == asked


def test_a_name_that_cannot_be_written_is_not_reached() -> None:
    site = Site(f"https://{'a' * 64}.test")

    with pytest.raises(NotReached):
        site.get("/health")
    assert certificate_fault(site.base)[0] is not None


SERVED = '{"status": "ok", "partnership": "suffolk", "forms": {"adult": "1"}}'


@pytest.mark.parametrize(
    ("public", "domain", "there", "said"),
    [
        ("https://api.suffolk.test/live", "", None, ""),
        ("https://proxy.suffolk.test", "", SERVED, ""),
        ("https://proxy.suffolk.test", "", SERVED.replace("suffolk", "salford"), "'salford'"),
        ("https://proxy.suffolk.test", "", '{"status": "ok"}', "it does not name"),
        ("https://proxy.suffolk.test", "", None, "no answer: refused"),
        ("https://proxy.suffolk.test", "api.suffolk.test", SERVED, "not the domain of its own"),
        ("https://[", "", None, "is no address"),
    ],
)
def test_links_that_lead_elsewhere_are_told(
    monkeypatch: pytest.MonkeyPatch, public: str, domain: str, there: str | None, said: str
) -> None:
    class Elsewhere(Site):
        def ask(self, *_: object, **__: object) -> Answer:
            if there is None:
                raise NotReached("no answer: refused")
            return Answer(200, Message(), there.encode())

    monkeypatch.setattr("infra.smoke.links.Site", Elsewhere)
    look = Look(Site("https://api.suffolk.test/live"), "suffolk")
    parameters = {"PublicUrl": public, "DomainName": domain}

    told = verdict("links", lambda: where_links_lead(look, parameters))

    assert told.good is (said == "")
    assert said in told.said
    assert told.good or "web.public_url" in told.said


@pytest.mark.parametrize(
    ("served", "differ"),
    [
        ({"adult": "1", "child": "2"}, ""),
        ({"adult": "1", "child": "3"}, "child"),
        ({"adult": "1"}, "child"),
        ({"adult": "1", "child": "2", "other": "1"}, "other"),
        ({}, "not looked at"),
    ],
)
def test_forms_that_are_not_those_of_the_package_are_told(
    tmp_path: Path, served: dict[str, str], differ: str
) -> None:
    code = tmp_path / "deployment.zip"
    with zipfile.ZipFile(code, "w") as package:
        for name, version in (
            ("suffolk/adult", "1"),
            ("suffolk/child", "2"),
            ("salford/child", "9"),
        ):
            text = json.dumps({"version": version, "document": {}})
            package.writestr(f"forms/compiled/{name}.json", text)

    look = Look(Site("https://suffolk.test"), "suffolk", served)
    told = verdict("form versions", lambda: versions_served(look, code))

    assert told.good is (differ == "")
    assert differ in told.said


def test_an_instances_links_and_forms_are_compared_with_what_was_deployed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    artifact = Artifact(tmp_path / "deployment.zip", "", {}, "the-digest")
    look = Look(Site("https://suffolk.test"), "suffolk")

    def checks(**tags: str) -> list[str]:
        parameters = {"PublicUrl": "https://suffolk.test"}
        state = StackState("s", "id", "READY", datetime.now(UTC), parameters, tags)
        return [one.check for one in as_deployed(look, state, artifact)]

    assert checks(digest="the-digest") == ["links", "form versions"]
    assert checks(digest="of-another-package") == ["links"]


def test_a_test_notification_says_that_it_is_one() -> None:
    answers = marked({"summary": "Example of what happened", "kind": "died", "known": True})

    assert answers == {"summary": f"{MARK} what happened", "kind": "died", "known": True}
