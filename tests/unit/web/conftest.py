"""A service with nothing outside the process, and a visitor on its start page."""

from __future__ import annotations

import pytest

from chalicelib.bootstrap import Services, in_memory_services
from chalicelib.settings import load_settings
from tests.visitor import Answer, Visitor

MINIMUM: dict[str, Answer] = {
    "immediate_danger": "no",
    "live_concern": "no",
    "submitter_type": "professional",
    "referrer_name": "Sam Okafor",
    "referrer_email": "sam.okafor@agency.example",
    "referrer_agency": "North Trust",
    "summary": "What happened, in short.",
    "declaration": "yes",
}
OUTCOMES = {"adult": "died", "child": "death"}


def minimum(form: str) -> dict[str, Answer]:
    """What a professional must answer, and nothing more."""
    return {**MINIMUM, "outcome_status": OUTCOMES[form]}


@pytest.fixture
def services() -> Services:
    return in_memory_services(load_settings({"PARTNERSHIP": "suffolk"}))


@pytest.fixture
def visitor(services: Services) -> Visitor:
    return Visitor(services)


@pytest.fixture(params=["adult", "child"])
def form(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name
