"""A whole case as lines of a table: section, question, answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.clocks import clocks_of
from chalicelib.referrals.referral import Referral
from chalicelib.referrals.staff import Person
from chalicelib.referrals.times import local_date, say_date, say_time
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.read_case import OpenedCase
from chalicelib.web.staff.case_clocks import date_rows
from chalicelib.web.staff.case_status import status_facts
from chalicelib.web.staff.case_words import deadline_words, email_name, email_words, link_words
from chalicelib.web.staff.decision_view import decision_parts
from chalicelib.web.staff.information_view import information_parts
from chalicelib.web.staff.notification import notification
from chalicelib.web.staff.timeline import timeline

HEADER = ("Section", "Question", "Answer")
Line = tuple[str, str, str]


def case_lines(services: Services, opened: OpenedCase, person: Person) -> Iterator[Line]:
    """Who took it and when, what was notified, where it stands, what was done."""
    case = opened.case
    now = services.clock.now()
    yield "This file", "Marking", services.partnership.classification
    yield "This file", "Made by", f"{person.name} on {say_time(now)}"
    yield "The case", "Reference", case.reference
    yield from _facts(services, case)
    yield from _answers(services, opened.referral)
    yield from _information(services, opened)
    yield from _clocks(services, case)
    for part in decision_parts(services, case, person, ""):
        title = f"{part['title']}, superseded" if part["superseded"] else str(part["title"])
        yield from _rows(title, part["rows"])
    yield from _links(case)
    yield from _packs(case)
    yield from _conflicts(case)
    for one in opened.deliveries:
        name = f"{email_name(one)}: {one.label}" if one.label else email_name(one)
        yield "Emails", name, email_words(one, now)
    for done in timeline(case, services.partnership):
        said = f"{done.what}. Reason: {done.why}" if done.why else done.what
        yield "What was done", f"{say_time(done.at)}, {done.name}", said


def _facts(services: Services, case: Case) -> Iterator[Line]:
    for fact in status_facts(case, services):
        more = f": {fact['more']}" if fact.get("more") else ""
        yield "The case", fact["key"], f"{fact['value']}{more}"


def _answers(services: Services, referral: Referral) -> Iterator[Line]:
    for section in notification(services, referral, folded=False)["sections"]:
        yield from _rows(section["title"], section["rows"])
        for group in section["groups"]:
            for item in group["items"]:
                yield from _rows(f"{section['title']}, {item['title']}", item["rows"])


def _information(services: Services, opened: OpenedCase) -> Iterator[Line]:
    today = local_date(services.clock.now())
    for part in information_parts(opened.case, opened.additions, today, ""):
        section = f"Information from the referrer. {part['title']}"
        yield section, "State", part["tag"]
        yield from _rows(section, part["rows"])


def _clocks(services: Services, case: Case) -> Iterator[Line]:
    now, partnership = services.clock.now(), services.partnership
    clocks = clocks_of(partnership, case.reference, case.stream)
    yield from _rows("Dates", date_rows(partnership, clocks, case, ""))
    for one in case.deadlines:
        done = f", on {say_date(one.closed_on)}" if one.closed_on else ""
        said = f"Due {say_date(one.due_on)}. {deadline_words(one, now).capitalize()}{done}."
        settled = case.settled.get(one.act)
        reason = f" Reason: {settled.reason}" if settled and settled.reason else ""
        yield "Deadlines", one.label, f"{said}{reason}"


def _links(case: Case) -> Iterator[Line]:
    for link in case.work.links:
        what = f"{link_words(link.kind)} {link.other}"
        yield "Linked cases", what, f"{link.reason} ({link.name})"
    for ended in case.work.ended_links:
        what = f"{link_words(ended.link.kind)} {ended.link.other}, until {say_time(ended.at)}"
        said = f"{ended.link.reason} ({ended.link.name}). Ended: {ended.reason} ({ended.by})"
        yield "Linked cases", what, said
    for told in case.work.redirections:
        section = f"Passed to the live route on {say_time(told.told_at)}"
        yield section, "Route", told.route
        yield section, "Who was told", told.told
        yield section, "Their reference", told.their_reference or "None"
        needed = "Yes" if told.decision_needed else "No: the case was closed"
        yield section, "Still to be considered", needed


def _packs(case: Case) -> Iterator[Line]:
    for one in case.work.packs:
        section = f"Redacted pack made on {say_time(one.at)} by {one.name}"
        yield section, "For", one.recipient
        yield section, "Purpose", one.purpose
        yield section, "Opens until", say_date(one.expires_on)


def _conflicts(case: Case) -> Iterator[Line]:
    for one in case.work.conflicts.values():
        yield "Conflicts of interest", one.name, f"{one.reason} ({one.by})"
    for past in case.work.ended_conflicts:
        said = f"{past.conflict.reason} ({past.conflict.by}). Ended: {past.reason} ({past.by})"
        yield "Conflicts of interest", f"{past.conflict.name}, until {say_time(past.at)}", said


def _rows(section: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    for row in rows:
        yield section, str(row["key"]), "\n".join(map(str, row["value_lines"]))
