"""Packs are made for a purpose, opened until they expire, and both are in the audit trail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.forms.disclosures import KEYWORD
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_work import Conflict, Stage
from chalicelib.referrals.information import Addition
from chalicelib.referrals.staff import NotAllowed, Person, Role
from chalicelib.use_cases.make_pack import (
    PackExpired,
    make_pack,
    open_pack,
    parts_of,
    redaction_for,
)
from chalicelib.use_cases.ports import CaseChanged
from chalicelib.use_cases.read_case import look_again
from chalicelib.use_cases.redact_referral import redaction_of
from tests.unit.referrals.a_worked_case import a_decision
from tests.unit.referrals.test_information import a_request
from tests.unit.use_cases.a_pack import MAKER, RICH, TYPED, a_form, a_pack
from tests.unit.use_cases.instance import Instance, an_instance

MEMBER = Person("p-member", "Pim Member", frozenset({Role.PANEL_MEMBER}))
ADMIN = Person("p-admin", "Ad Admin", frozenset({Role.SYSTEM_ADMIN}))


@pytest.fixture
def instance() -> Instance:
    return an_instance()


@pytest.fixture
def reference(instance: Instance) -> str:
    return instance.submit("adult", **RICH).reference


def trail(instance: Instance) -> list[tuple[str, dict[str, str]]]:
    return [(entry.action, dict(entry.details)) for entry in instance.table.audit]


def bar(instance: Instance, reference: str, person: Person) -> None:
    case = instance.table.cases[reference]
    conflict = Conflict(person.name, "A neighbour", "Mo", instance.clock.now())
    work = replace(case.work, conflicts={person.id: conflict})
    instance.table.cases[reference] = replace(case, work=work)


def test_a_pack_is_kept_with_its_case_and_its_making_is_audited(
    instance: Instance, reference: str
) -> None:
    pack = a_pack(instance, reference, hide=("Molly", " Molly ", ""))

    kept = instance.table.cases[reference].work.packs
    assert kept == (pack,)
    assert (pack.by, pack.name, pack.hide) == (MAKER.id, MAKER.name, ("Molly",))
    action, details = trail(instance)[-1]
    assert action == "made a redacted pack"
    assert details == {"pack": pack.id, "expires": "2026-12-18"}


def test_opening_a_pack_is_audited(instance: Instance, reference: str) -> None:
    pack = a_pack(instance, reference)

    opened = open_pack(instance.services, reference, pack.id, MEMBER)

    assert opened.pack == pack
    assert trail(instance)[-1] == ("opened a redacted pack", {"pack": pack.id})


def test_an_expired_pack_opens_no_more(instance: Instance, reference: str) -> None:
    pack = a_pack(instance, reference)
    instance.clock.move(days=28)
    open_pack(instance.services, reference, pack.id, MAKER)
    instance.clock.move(days=1)

    with pytest.raises(PackExpired):
        open_pack(instance.services, reference, pack.id, MAKER)

    assert trail(instance)[-1] == (
        "refused",
        {"to": "open a redacted pack", "why": "pack expired", "pack": pack.id},
    )


@pytest.mark.parametrize("person", [MAKER, MEMBER, ADMIN], ids=lambda person: person.name)
def test_whoever_is_barred_or_reads_no_cases_opens_none(
    instance: Instance, reference: str, person: Person
) -> None:
    pack = a_pack(instance, reference)
    bar(instance, reference, person)

    with pytest.raises(NotAllowed):
        open_pack(instance.services, reference, pack.id, person)

    assert trail(instance)[-1][0] == "refused"


def test_a_pack_that_there_is_not_is_refused(instance: Instance, reference: str) -> None:
    with pytest.raises(NotAllowed):
        open_pack(instance.services, reference, "0" * 32, MAKER)

    assert trail(instance)[-1] == ("refused", {"to": "open a redacted pack", "why": "no such pack"})


def test_only_who_works_on_cases_makes_one(instance: Instance, reference: str) -> None:
    with pytest.raises(NotAllowed):
        a_pack(instance, reference, MEMBER)

    assert instance.table.cases[reference].work.packs == ()
    assert trail(instance)[-1][0] == "refused"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recipient": "Zenobia Quillfeather"}, "recipient"),
        ({"recipient": "zenobia QUILLFEATHER, at home"}, "recipient"),
        ({"purpose": ""}, "purpose"),
        ({"sections": ("audit",)}, "sections"),
        ({"sections": ("decisions",)}, "sections"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    instance: Instance, reference: str, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotPossible) as refused:
        a_pack(instance, reference, **changes)

    assert [name for name, _ in refused.value.problems] == [field]
    assert instance.table.cases[reference].work.packs == ()


def test_a_pack_drawn_from_an_older_case_is_refused(instance: Instance, reference: str) -> None:
    services, before = instance.services, look_again(instance.services, reference, MAKER)
    first = a_pack(instance, reference)

    with pytest.raises(CaseChanged):
        make_pack(services, before, a_form(instance, reference), MAKER, before.case.version)
    assert instance.table.cases[reference].work.packs == (first,)


def test_a_pack_can_be_made_of_a_closed_case(instance: Instance, reference: str) -> None:
    case = instance.table.cases[reference]
    closed = replace(case.work, stage=Stage.CLOSED, outcome="learning_review")
    instance.table.cases[reference] = replace(case, work=closed)

    assert a_pack(instance, reference).id


def test_only_parts_that_say_something_can_be_chosen(instance: Instance, reference: str) -> None:
    parts = parts_of(instance.services, look_again(instance.services, reference, MAKER))

    assert {"the-adult", "what-happened", "people-involved", "safety-and-evidence"} <= set(parts)
    assert not {"decisions", "information-added", "voice-and-contact"} & set(parts)


def test_what_was_answered_before_questions_were_marked_goes_by_today_s_marks(
    instance: Instance, reference: str
) -> None:
    services = instance.services
    form = services.forms["adult"]
    bare = {
        name: replace(one, schema={k: v for k, v in one.schema.items() if k != KEYWORD})
        for name, one in form.questions.items()
    }
    older = replace(form, questions=bare)
    gone = {name: one for name, one in form.questions.items() if name != "background"}
    today = replace(form, version="newer", questions=gone)
    opened = look_again(services, reference, MAKER)

    redaction = redaction_of(opened.referral, older, today)

    assert "Quillfeather" not in redaction.redactor.text(TYPED)
    assert redaction.withholds("background"), "nobody asks it any more, and nobody marked it"
    assert not redaction.withholds("summary")


def test_without_the_version_that_was_answered_it_goes_by_today_s_form(
    instance: Instance, reference: str
) -> None:
    opened = look_again(instance.services, reference, MAKER)
    instance.table.forms.clear()
    referral = replace(opened.referral, form_version="0" * 16)

    redaction = redaction_for(instance.services, replace(opened, referral=referral))

    assert redaction is not None
    assert redaction.people[("adults", 1)] == "Adult A"


def test_people_have_letters_in_the_order_of_the_form(instance: Instance, reference: str) -> None:
    opened = look_again(instance.services, reference, MAKER)
    redaction = redaction_for(instance.services, opened)

    assert redaction is not None
    assert redaction.people == {("adults", 1): "Adult A", ("network", 1): "Person B"}
    assert redaction.named["referrer_name"] == "Referrer"


def test_in_a_child_s_case_children_are_children(instance: Instance) -> None:
    reference = instance.submit(
        "child",
        children=[{"child_forename": "Ptolemy"}],
        more_to_tell=["siblings", "parents"],
        siblings=[{"sibling_name": "Zenobia"}],
        parents=[{"parent_name": "Osgood"}],
    ).reference

    redaction = redaction_for(instance.services, look_again(instance.services, reference, MAKER))

    assert redaction is not None
    assert redaction.people == {
        ("children", 1): "Child A",
        ("parents", 1): "Person B",
        ("siblings", 1): "Child C",
    }


def test_an_age_is_that_at_the_incident_or_else_at_receipt(instance: Instance) -> None:
    def age(**answers: Any) -> str:
        reference = instance.submit("adult", **RICH, **answers).reference
        opened = look_again(instance.services, reference, MAKER)
        redaction = redaction_for(instance.services, opened)
        assert redaction is not None
        return redaction.age({"year": 1968, "month": 3, "day": 27})

    assert age() == "58 years old when this was received"
    known = {"year": 2026, "month": 3, "day": 1}
    assert age(harm_date_from=known) == "57 years old when it happened"
    assert age(harm_date_from={"year": 2026}) == "58 years old when this was received"


def test_a_town_that_the_partnership_is_named_after_is_not_hidden(instance: Instance) -> None:
    homes = {"adult_address": {"line1": "1 Elm Way", "town": "Suffolk"}}
    reference = instance.submit("adult", adults=[homes]).reference

    redaction = redaction_for(instance.services, look_again(instance.services, reference, MAKER))

    assert redaction is not None
    assert redaction.redactor.text("Suffolk police at 1 Elm Way") == "Suffolk police at [address]"


def test_the_last_day_is_london_s(instance: Instance, reference: str) -> None:
    pack = a_pack(instance, reference)
    instance.clock.instant = instance.clock.instant.replace(hour=23, minute=30) + timedelta(days=28)

    assert open_pack(instance.services, reference, pack.id, MAKER).pack == pack


def test_what_came_after_its_maker_read_it_is_not_in_a_pack(
    instance: Instance, reference: str
) -> None:
    now, case = instance.clock.now(), instance.table.cases[reference]
    early, late = a_decision(at=now), a_decision(id="d-2", supersedes="d-1")
    added = Addition("a-1", reference, "r-1", now, "Jo", "Early")
    instance.table.additions[reference] = [added]
    work = replace(case.work, decisions=(early,), requests=(a_request(),))
    instance.table.cases[reference] = replace(case, work=work)
    pack = a_pack(instance, reference)
    instance.clock.move(minutes=1)
    later = instance.clock.now()
    case = instance.table.cases[reference]
    decisions = (early, replace(late, at=later))
    instance.table.cases[reference] = replace(case, work=replace(case.work, decisions=decisions))
    instance.table.additions[reference].append(replace(added, id="a-2", at=later, text="Late"))

    opened = open_pack(instance.services, reference, pack.id, MAKER)

    assert [one.text for one in opened.opened.additions] == ["Early"]
    assert opened.opened.case.work.decisions == (early,)
    shown = look_again(instance.services, reference, MAKER)
    assert len(shown.additions) == len(shown.case.work.decisions) == 2
