"""One person's way through a form, as its pages."""

from __future__ import annotations

import re

import pytest

from chalicelib.bootstrap import Services
from chalicelib.web.site_texts import UnknownWord, partnership_text
from tests.unit.web.conftest import minimum
from tests.visitor import Visitor


def first_page(visitor: Visitor, form: str) -> None:
    start = visitor.get(f"/{form}")
    visitor.get(start.links["Start now"])


def at(visitor: Visitor, form: str, page: str) -> None:
    """The visitor, come as far as `page` with the least that must be answered."""
    first_page(visitor, form)
    visitor.go_on(page, minimum(form))


def sent(visitor: Visitor, form: str) -> str:
    """The reference shown after sending the least that must be answered."""
    at(visitor, form, "check-answers")
    page = visitor.fill()
    assert page.path.endswith("/confirmation")
    return visitor.services.referrals.find(reference_on(page.text)).reference  # type: ignore[union-attr]


def with_a_live_concern(visitor: Visitor) -> None:
    """Come to check answers, having said that there is a live concern and where it is reported."""
    first_page(visitor, "adult")
    concern = {
        "live_concern": "yes",
        "live_concern_reported": "reported",
        "live_concern_reference": "MASH-77",
    }
    visitor.go_on("check-answers", {**minimum("adult"), **concern})


def reference_on(text: str) -> str:
    found = re.search(r"[A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert found, text
    return found.group()


def test_a_professional_who_answers_only_what_must_be_gets_a_reference(
    visitor: Visitor, form: str
) -> None:
    assert sent(visitor, form)


def test_what_was_typed_is_what_is_stored(visitor: Visitor, form: str) -> None:
    reference = sent(visitor, form)

    stored = visitor.services.referrals.find(reference)
    assert stored is not None
    typed = {k: v for k, v in minimum(form).items() if k != "declaration"}
    assert {name: stored.answers[name] for name in typed} == typed


def test_what_the_sender_is_told_happens_next_is_stored_with_what_they_sent(
    visitor: Visitor, form: str
) -> None:
    reference = sent(visitor, form)

    stored = visitor.services.referrals.find(reference)
    assert stored is not None
    assert stored.told == partnership_text(visitor.services, f"next-{stored.stream}")


def test_a_fault_of_that_text_keeps_nobody_from_sending(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object) -> str:
        raise UnknownWord("{nonsense} is not defined")

    at(visitor, "adult", "check-answers")
    monkeypatch.setattr("chalicelib.web.check_answers.partnership_text", faulty)
    reference = reference_on(visitor.fill().text)

    stored = visitor.services.referrals.find(reference)
    assert stored is not None
    assert stored.told == ""


def test_an_empty_page_says_what_to_enter_and_links_to_the_box(visitor: Visitor) -> None:
    at(visitor, "adult", "your-details")

    page = visitor.fill()

    assert page.status == 422
    assert "Enter your name" in page.errors
    assert "#referrer_name" in page.error_targets
    assert page.title.startswith("Error: ")
    assert {target.removeprefix("#") for target in page.error_targets} <= page.ids()


def test_an_error_keeps_what_was_typed_and_the_way_back(visitor: Visitor) -> None:
    at(visitor, "adult", "your-details")

    page = visitor.fill(referrer_name="Sam <Okafor>", referrer_email="sam at agency")

    assert page.fields()["referrer_name"] == ["Sam <Okafor>"]
    assert page.fields()["referrer_email"] == ["sam at agency"]
    assert "Back" in page.links


def test_a_megabyte_in_one_box_is_refused_and_still_in_the_box(visitor: Visitor) -> None:
    at(visitor, "adult", "summary")
    text = "x" * 1024 * 1024

    page = visitor.fill(summary=text)

    assert page.status == 422
    assert "4,000" in page.errors[0]
    assert page.fields()["summary"] == [text]


@pytest.mark.parametrize("typed", ["a\x00b", "a\x0bb"])
def test_characters_that_no_keyboard_types_are_refused(visitor: Visitor, typed: str) -> None:
    at(visitor, "adult", "your-details")

    page = visitor.fill(referrer_name=typed, referrer_email="sam@agency.example")

    assert page.status == 422
    assert len(page.errors) == 1


def test_an_option_that_is_not_offered_is_refused(visitor: Visitor) -> None:
    first_page(visitor, "adult")

    assert visitor.fill(immediate_danger="perhaps").status == 422


def test_two_values_for_a_question_of_one_are_refused(visitor: Visitor) -> None:
    first_page(visitor, "adult")

    assert visitor.fill(immediate_danger=["yes", "no"]).status == 422


def test_fields_that_the_page_does_not_ask_are_ignored(visitor: Visitor) -> None:
    first_page(visitor, "adult")
    assert visitor.page is not None

    page = visitor.post(
        visitor.page.path,
        {**visitor.page.fields(), "immediate_danger": "no", "__proto__": "x", "summary": "early"},
    )

    assert page.status == 200
    visitor.go_on("summary", minimum("adult"))
    assert visitor.page.fields()["summary"] == [""]


def test_an_unknown_page_says_so(visitor: Visitor) -> None:
    assert visitor.get("/adult/no-such-page").status == 404
    assert visitor.get("/no-such-form").status == 404


def test_a_page_that_cannot_be_answered_yet_leads_to_the_first_that_can(visitor: Visitor) -> None:
    at(visitor, "adult", "who-you-are")

    page = visitor.get("/adult/summary")

    assert page.path.startswith("/adult/who-you-are")
    assert "still to be answered" in page.text


def test_check_answers_cannot_be_opened_before_the_questions(visitor: Visitor) -> None:
    at(visitor, "adult", "who-you-are")

    assert visitor.get("/adult/check-answers").path.startswith("/adult/who-you-are")


def test_posting_to_check_answers_too_early_sends_nothing(visitor: Visitor) -> None:
    at(visitor, "adult", "who-you-are")
    assert visitor.page is not None

    page = visitor.post("/adult/check-answers", {"csrf": visitor.page.fields()["csrf"]})

    assert page.path.startswith("/adult/who-you-are")


def test_a_later_page_without_a_draft_says_how_to_begin_or_come_back(visitor: Visitor) -> None:
    page = visitor.get("/adult/summary")

    assert page.status == 404
    assert "Use a resume code" in page.links


def test_a_forged_draft_is_told_as_an_ended_session_with_the_text_kept(visitor: Visitor) -> None:
    visitor.cookies["draft-adult"] = "forged"

    page = visitor.post("/adult/summary", {"summary": "My long account."})

    assert page.status == 410
    assert "My long account." in page.text


def test_a_post_from_another_site_changes_nothing_and_keeps_the_text(visitor: Visitor) -> None:
    at(visitor, "adult", "your-details")

    response = visitor.send(
        "POST",
        "/adult/your-details",
        b"referrer_name=Sam&referrer_email=s%40agency.example",
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    )

    assert response.status == 403
    assert 'value="Sam"' in response.body
    assert visitor.get("/adult/your-details").fields()["referrer_name"] == [""]


def test_a_post_without_the_pages_token_changes_nothing_and_keeps_the_text(
    visitor: Visitor,
) -> None:
    at(visitor, "adult", "your-details")

    page = visitor.post(
        "/adult/your-details", {"referrer_name": "Sam", "referrer_email": "s@agency.example"}
    )

    assert page.status == 403
    assert page.fields()["referrer_name"] == ["Sam"]


def test_two_tabs_on_different_pages_both_keep_what_they_saved(visitor: Visitor) -> None:
    at(visitor, "adult", "your-details")
    other = Visitor(visitor.services, visitor.cookies)
    other.get("/adult/who-you-are")

    visitor.fill(referrer_name="Sam Okafor", referrer_email="sam@agency.example")
    other.fill(submitter_type="coroner")

    assert other.get("/adult/your-details").fields()["referrer_name"] == ["Sam Okafor"]
    assert visitor.get("/adult/who-you-are").fields()["submitter_type"] == ["coroner"]


def test_a_second_tab_on_the_same_page_is_told_before_it_replaces_anything(
    visitor: Visitor,
) -> None:
    at(visitor, "adult", "your-details")
    other = Visitor(visitor.services, visitor.cookies)
    other.get("/adult/your-details")
    visitor.fill(referrer_name="First Tab", referrer_email="one@agency.example")

    page = other.fill(referrer_name="Second Tab", referrer_email="two@agency.example")

    assert page.status == 409
    assert "First Tab" in page.text
    assert page.fields()["referrer_name"] == ["Second Tab"]
    other.fill()
    assert other.get("/adult/your-details").fields()["referrer_name"] == ["Second Tab"]


def test_sending_twice_from_two_tabs_gives_one_reference(visitor: Visitor, form: str) -> None:
    at(visitor, form, "check-answers")
    other = Visitor(visitor.services, visitor.cookies)
    other.get(f"/{form}/check-answers")

    first = reference_on(visitor.fill().text)
    second = reference_on(other.fill().text)

    assert first == second


def test_a_confirmation_can_be_opened_again(visitor: Visitor, form: str) -> None:
    reference = sent(visitor, form)

    assert reference in visitor.get(f"/{form}/confirmation").text
    assert reference in visitor.get(f"/{form}/summary").text


def test_after_sending_a_new_notification_begins_empty(visitor: Visitor, form: str) -> None:
    reference = sent(visitor, form)
    first_page(visitor, form)
    visitor.go_on("check-answers", minimum(form))

    assert reference_on(visitor.fill().text) != reference


def test_the_copy_shows_the_answers_for_an_hour_in_the_same_browser(
    visitor: Visitor, form: str
) -> None:
    sent(visitor, form)

    assert "What happened, in short." in visitor.get(f"/{form}/copy").text
    assert Visitor(visitor.services).get(f"/{form}/copy").status == 410


def test_changing_an_answer_comes_back_to_check_answers(visitor: Visitor) -> None:
    at(visitor, "adult", "check-answers")
    assert visitor.page is not None
    link = next(href for href in visitor.page.links.values() if "/your-details?change" in href)

    visitor.get(link)
    page = visitor.fill(referrer_name="Alex Byron")

    assert page.path.endswith("/check-answers")
    assert "Alex Byron" in page.text


def test_a_change_that_opens_a_page_leads_there_first(visitor: Visitor) -> None:
    at(visitor, "adult", "check-answers")

    visitor.get("/adult/live-concern?change=yes")
    page = visitor.fill(live_concern="yes")

    assert page.path.startswith("/adult/report-live-concern")


def test_a_person_is_told_what_a_change_drops_and_it_is_not_sent(visitor: Visitor) -> None:
    with_a_live_concern(visitor)

    visitor.get("/adult/live-concern?change=yes")
    told = visitor.fill(live_concern="no").text
    reference = reference_on(visitor.fill().text)

    assert "MASH-77" in told
    stored = visitor.services.referrals.find(reference)
    assert stored is not None
    assert "live_concern_reference" not in stored.answers


def test_a_dropped_answer_returns_when_the_change_is_undone(visitor: Visitor) -> None:
    with_a_live_concern(visitor)
    visitor.get("/adult/live-concern?change=yes")
    visitor.fill(live_concern="no")
    visitor.get("/adult/live-concern?change=yes")

    page = visitor.fill(live_concern="yes")

    assert page.path.endswith("/check-answers")
    assert "MASH-77" in page.text


def test_every_page_warns_that_it_is_not_for_live_concerns(visitor: Visitor, form: str) -> None:
    first_page(visitor, form)
    pages = [visitor.page]
    for _ in range(8):
        known = {k: v for k, v in minimum(form).items() if k in visitor.page.names()}  # type: ignore[union-attr]
        pages.append(visitor.fill(**known))

    assert all("999" in page.text for page in pages if page)


def test_no_page_title_holds_an_answer(visitor: Visitor, form: str) -> None:
    at(visitor, form, "check-answers")

    assert "Okafor" not in visitor.page.title  # type: ignore[union-attr]


@pytest.mark.parametrize("body", [b"immediate_danger=%ff", b"a=1&" * 10_000])
def test_an_unreadable_post_gets_a_page_and_loses_no_draft(visitor: Visitor, body: bytes) -> None:
    at(visitor, "adult", "your-details")

    response = visitor.send("POST", "/adult/immediate-danger", body)

    assert response.status in (400, 413)
    assert "Everything that you saved before is still there" in response.body
    assert visitor.get("/adult/your-details").status == 200


def test_a_json_post_to_a_page_is_told_what_it_takes(visitor: Visitor) -> None:
    response = visitor.send(
        "POST", "/adult/immediate-danger", b"{}", {"content-type": "application/json"}
    )

    assert response.status == 415


def test_head_answers_like_get_without_a_body(services: Services) -> None:
    response = Visitor(services).send("HEAD", "/")

    assert (response.status, response.body) == (200, "")


def test_a_method_that_a_page_has_not_says_which_it_has(services: Services) -> None:
    response = Visitor(services).send("DELETE", "/adult")

    assert response.status == 405
    assert "POST" in response.headers["Allow"]


def test_text_for_a_page_that_another_tab_closed_is_shown_for_copying(visitor: Visitor) -> None:
    first_page(visitor, "adult")
    visitor.go_on("report-live-concern", {**minimum("adult"), "live_concern": "yes"})
    left_open = visitor.page.fields()  # type: ignore[union-attr]
    other = Visitor(visitor.services, visitor.cookies)
    other.get("/adult/live-concern")
    other.fill(live_concern="no")

    page = visitor.post(
        "/adult/report-live-concern",
        {
            **left_open,
            "live_concern_reported": "not_needed",
            "live_concern_reason": "They moved away.",
        },
    )

    assert page.status == 409
    assert "They moved away." in page.text


def test_text_for_a_later_page_is_kept_when_another_tab_opened_one_before_it(
    visitor: Visitor,
) -> None:
    at(visitor, "adult", "summary")
    other = Visitor(visitor.services, visitor.cookies)
    other.get("/adult/live-concern")
    other.fill(live_concern="yes")

    visitor.fill(summary="A long account.")

    assert visitor.get("/adult/summary").path.startswith("/adult/report-live-concern")
    visitor.fill(live_concern_reported="reporting_now")
    assert visitor.get("/adult/summary").fields()["summary"] == ["A long account."]


def test_text_typed_after_another_tab_sent_the_notification_is_shown(visitor: Visitor) -> None:
    at(visitor, "adult", "check-answers")
    other = Visitor(visitor.services, visitor.cookies)
    other.get("/adult/summary?change=yes")
    visitor.fill()

    page = other.fill(summary="One more thing.")

    assert page.status == 409
    assert "One more thing." in page.text
    assert page.links["See your reference"] == "/adult/confirmation"


def test_only_answers_that_the_sender_has_seen_are_sent(visitor: Visitor) -> None:
    at(visitor, "adult", "check-answers")
    other = Visitor(visitor.services, visitor.cookies)
    other.get("/adult/summary?change=yes")
    other.fill(summary="Changed elsewhere.")

    page = visitor.fill()

    assert page.status == 409
    assert "Changed elsewhere." in page.text
    assert visitor.fill().path.endswith("/confirmation")
