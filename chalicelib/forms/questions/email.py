"""An email address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.forms.definition import Question
from chalicelib.forms.questions.base import Component, Errors, Fault, Posted, SingleBox

# One @, no quoted local part, a domain with a dot: what mail systems of agencies accept. The same
# expression is published in the schema, so it uses only what every JSON Schema regex engine knows.
PATTERN = (
    r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$"
)
MOST = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
EMAIL_PROBLEM = "Enter an email address in the correct format, like name@example.com"
"""For pages outside a form that ask for an address."""

PERSONAL_DOMAINS = frozenset(
    {
        "aol.com",
        "btinternet.com",
        "gmail.com",
        "googlemail.com",
        "hotmail.co.uk",
        "hotmail.com",
        "icloud.com",
        "live.co.uk",
        "live.com",
        "mac.com",
        "me.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "sky.com",
        "talktalk.net",
        "virginmedia.com",
        "yahoo.co.uk",
        "yahoo.com",
        "ymail.com",
    }
)


def is_email(text: str) -> bool:
    """Could mail be sent to this?"""
    return len(text) <= MOST and re.fullmatch(PATTERN, text) is not None


class Email(SingleBox):
    """An address; `x-warn-personal-domain` asks for a second look at a personal one."""

    base_schema: Mapping[str, Any] = {
        "type": "string",
        "minLength": 1,
        "maxLength": MOST,
        "pattern": PATTERN,
    }
    own_rules = frozenset({"characters", "format"})
    keywords: Mapping[str, str] = {"minLength": "required", "pattern": "format"}

    def check(self, question: Question, value: Any, today: date) -> list[Fault]:
        faults = super().check(question, value, today)
        return faults or ([] if is_email(value) else [Fault("format")])

    def warn(self, question: Question, value: Any) -> list[Fault]:
        personal = value.rpartition("@")[2].lower() in PERSONAL_DOMAINS
        asked = question.schema.get("x-warn-personal-domain")
        return [Fault("personal_domain")] if asked and personal else []

    def warning_rules(self, question: Question) -> frozenset[str]:
        asked = question.schema.get("x-warn-personal-domain")
        return super().warning_rules(question) | ({"personal_domain"} if asked else set())

    def show(
        self, question: Question, posted: Posted, errors: Errors, *, heading: bool, optional: bool
    ) -> Component:
        shown = super().show(question, posted, errors, heading=heading, optional=optional)
        shown.params.update({"type": "email", "spellcheck": False})
        return shown


TYPE = Email()
