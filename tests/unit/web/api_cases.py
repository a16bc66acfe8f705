"""What the API's tests share: a small form with a question of every kind, and a way to ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.forms.definition import Form
from chalicelib.forms.load import load_form
from chalicelib.settings import Settings
from chalicelib.web import api
from chalicelib.web.http import Request, Response

JSON_HEADERS = {"content-type": "application/json"}

NAMES = {
    "outcome_status": "whether the person died",
    "died_on": "the date of death",
    "summary": "what happened",
    "children": "how many children there are",
    "abuse_types": "the types of abuse",
    "abuse_other": "the other type of abuse",
    "reply_to": "your email address",
    "happened": "when it happened",
    "home": "the home address",
    "nhs": "the NHS number",
    "seen_at": "the time of the last visit",
    "person_name": "the person’s name",
    "person_kin": "whether the person is next of kin",
    "person_kin_how": "how the person is related",
    "agree": "that this is accurate",
}
OPTIONS = {
    "outcome_status": {"died": "Yes", "alive": "No", "not_known": "Not known"},
    "abuse_types": {"physical": "Physical", "other": "Other", "none": "None of these"},
    "agree": {"yes": "It is accurate"},
}
DEFINITION: dict[str, Any] = {
    "form": "visit",
    "stream": "adult",
    "roles": {"outcome": "outcome_status", "referrer_email": "reply_to"},
    "schema": {
        "type": "object",
        "properties": {
            "outcome_status": {"type": "string", "enum": list(OPTIONS["outcome_status"])},
            "died_on": {"$ref": "#/$defs/date", "x-not-future": True},
            "summary": {"type": "string", "maxLength": 400},
            "children": {"type": "integer", "minimum": 0, "maximum": 20},
            "abuse_types": {
                "type": "array",
                "items": {"type": "string", "enum": list(OPTIONS["abuse_types"])},
                "uniqueItems": True,
                "x-exclusive": ["none"],
            },
            "abuse_other": {"type": "string", "maxLength": 50},
            "reply_to": {"$ref": "#/$defs/email"},
            "happened": {"$ref": "#/$defs/approximate_date"},
            "home": {"$ref": "#/$defs/address"},
            "nhs": {"$ref": "#/$defs/nhs_number"},
            "seen_at": {"$ref": "#/$defs/time"},
            "people": {
                "type": "array",
                "maxItems": 3,
                "items": {
                    "type": "object",
                    "properties": {
                        "person_name": {"type": "string", "maxLength": 100},
                        "person_kin": {"$ref": "#/$defs/yes_no_not_known"},
                        "person_kin_how": {"type": "string", "maxLength": 100},
                    },
                },
            },
            "agree": {"$ref": "#/$defs/declaration"},
        },
    },
    "pages": [
        {"id": "outcome", "section": "what", "ask": ["outcome_status"]},
        {
            "id": "death",
            "section": "what",
            "ask": ["died_on"],
            "if_known": True,
            "when": {"outcome_status": "died"},
        },
        {
            "id": "story",
            "section": "what",
            "ask": ["summary", "children", "abuse_types", "abuse_other"],
            "optional": ["children", "abuse_types", "abuse_other"],
            "reveal": {"abuse_other": {"abuse_types": "other"}},
        },
        {
            "id": "more",
            "section": "what",
            "ask": ["reply_to", "happened", "home", "nhs", "seen_at"],
            "optional": True,
        },
        {
            "id": "people",
            "section": "who",
            "each": "people",
            "ask": ["person_name", "person_kin", "person_kin_how"],
            "if_known": ["person_kin", "person_kin_how"],
            "reveal": {"person_kin_how": {"person_kin": "yes"}},
        },
        {"id": "send", "section": "who", "ask": ["agree"]},
    ],
    "text": {
        "en": {
            "form": {"name": "A visit"},
            "sections": {"what": "What happened", "who": "Who was there"},
            "pages": {
                page: {"title": f"About the {page}", "guidance": "Ask {partnership} for help."}
                for page in ("outcome", "death", "story", "more", "send")
            },
            "groups": {
                "people": {
                    "title": "People",
                    "item": "Person",
                    "item_name": ["person_name"],
                    "add": "Was another person there?",
                    "empty": "You have not added anyone yet.",
                }
            },
            "questions": {
                name: {
                    "question": f"What is {noun}?",
                    "noun": noun,
                    **({"options": OPTIONS[name]} if name in OPTIONS else {}),
                }
                for name, noun in NAMES.items()
            },
        }
    },
}
ANSWERS: dict[str, Any] = {
    "outcome_status": "died",
    "died_on": "2026-01-31",
    "summary": "What is known so far.",
    "abuse_types": ["physical", "other"],
    "abuse_other": "Another kind",
    "people": [{"person_name": "A neighbour", "person_kin": "no"}],
    "agree": True,
}


@cache
def visit_form() -> Form:
    """The small form, with the texts that every shipped form shares."""
    common = (Settings().forms_dir / "common.json").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        forms_dir = Path(folder)
        (forms_dir / "common.json").write_text(common, encoding="utf-8")
        (forms_dir / "visit.json").write_text(json.dumps(DEFINITION), encoding="utf-8")
        return load_form(forms_dir, "visit")


def visit_services(partnership: str = "suffolk") -> Services:
    """A partnership whose only form is the small one."""
    services = in_memory_services(Settings(partnership=partnership))
    return replace(services, forms={"visit": visit_form()})


@dataclass
class Agency:
    """An agency's own system."""

    services: Services = field(default_factory=visit_services)
    base_url: str = ""

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        return self.ask("GET", path, headers=headers)

    def send(
        self,
        answers: Any = None,
        *,
        form: str = "visit",
        key: str | None = None,
        **envelope: Any,
    ) -> Response:
        body = {"answers": ANSWERS if answers is None else answers, **envelope}
        return self.post(json.dumps(body).encode(), form=form, key=key)

    def post(
        self,
        body: bytes,
        *,
        form: str = "visit",
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        given = {**JSON_HEADERS, "idempotency-key": key or str(uuid4()), **(headers or {})}
        return self.ask("POST", f"/api/forms/{form}/referrals", headers=given, body=body)

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Response:
        request = Request(
            method=method, path=path, headers=headers or {}, body=body, base_url=self.base_url
        )
        return api.handle(request, self.services)


def told(response: Response) -> Any:
    return json.loads(response.body)


def refused_at(response: Response) -> set[tuple[str, str]]:
    """Pointer and rule of every problem."""
    return {(entry["pointer"], entry["rule"]) for entry in told(response)["problems"]}
