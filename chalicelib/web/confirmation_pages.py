"""After submission: the reference, what happens next, and a copy to print for one hour."""

from __future__ import annotations

from chalicelib.forms.load import form_from_document
from chalicelib.referrals.times import say_time
from chalicelib.use_cases.read_copy import copy_of
from chalicelib.web import message_pages
from chalicelib.web.drawing import draw, safe_markdown
from chalicelib.web.http import Response
from chalicelib.web.journey import Journey
from chalicelib.web.site_texts import partnership_text
from chalicelib.web.summary import sections


def confirmation(journey: Journey) -> Response:
    draft = journey.session.draft
    if draft is None or draft.reference is None or draft.submitted_at is None:
        return message_pages.no_draft(
            journey.request, journey.services, journey.form.name, expired=journey.session.expired
        )
    return draw(
        journey.request,
        journey.services,
        "confirmation.html",
        title="Notification sent",
        form_title=journey.form.text["name"],
        reference=draft.reference,
        received=say_time(draft.submitted_at),
        next_html=safe_markdown(
            journey.request,
            journey.services,
            journey.form.stream,
            partnership_text(journey.services, f"next-{journey.form.stream}"),
        ),
        copy_href=journey.url("copy"),
        start_again_href=f"{journey.request.base_url}/{journey.form.name}",
        stream=journey.form.stream,
    )


def printable_copy(journey: Journey) -> Response:
    """One hour, in the browser that sent it: later the partnership gives a copy."""
    draft = journey.session.draft
    referral = copy_of(journey.services, draft) if draft else None
    if referral is None:
        return draw(
            journey.request,
            journey.services,
            "message.html",
            title="This copy is no longer available here",
            status=410,
            paragraphs=[
                "For the safety of the people it is about, a copy can be opened for one hour "
                "after sending, in the browser from which it was sent.",
                "To ask for a copy later, contact the partnership at "
                f"{journey.services.partnership.contact.help_email} and give your reference. "
                "Do not put details of the case in the email.",
            ],
            links=[{"text": "Go to the start", "href": f"{journey.request.base_url}/"}],
            typed=[],
        )
    form = journey.form
    archived = journey.services.archive.find(referral.form, referral.form_version)
    if archived is not None and form.version != referral.form_version:
        form = form_from_document(archived)
    return draw(
        journey.request,
        journey.services,
        "copy.html",
        title="Copy of your notification",
        form_title=form.text["name"],
        reference=referral.reference,
        received=say_time(referral.received_at),
        sections=sections(form, referral.answers, None),
        back_href=journey.url("confirmation"),
        stream=form.stream,
    )
