"""Pages that say what is wrong and what to do: never a dead end, never a lost answer."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.use_cases.ports import Services
from chalicelib.web.draft_session import is_own_post
from chalicelib.web.drawing import draw
from chalicelib.web.http import Refused, Request, Response

Typed = Sequence[dict[str, str]]


def _message(
    request: Request,
    services: Services,
    status: int,
    title: str,
    paragraphs: Sequence[str],
    links: Sequence[tuple[str, str]] = (),
    typed: Typed = (),
    again: Sequence[tuple[str, str]] = (),
) -> Response:
    return draw(
        request,
        services,
        "message.html",
        title=title,
        status=status,
        paragraphs=list(paragraphs),
        links=[{"text": text, "href": f"{request.base_url}{path}"} for text, path in links],
        typed=list(typed),
        again=list(again),
        again_url=f"{request.base_url}{request.path}",
    )


def not_found(request: Request, services: Services) -> Response:
    return _message(
        request,
        services,
        404,
        "Page not found",
        [
            "If you typed the web address, check that it is correct.",
            "If you pasted the web address, check that you copied all of it.",
        ],
        [("Go to the start", "/"), ("Come back to a saved notification", "/resume")],
    )


def no_draft(
    request: Request, services: Services, form: str, *, expired: bool, typed: Typed = ()
) -> Response:
    """There is no draft in this browser: it ended, was sent long ago, or never began here."""
    first = (
        "Your session has ended, or the notification was kept for as long as we may keep it."
        if expired
        else "There is no notification in progress in this browser."
    )
    paragraphs = [
        first,
        "If you have a resume code, use it to go on from where you were. If not, start again.",
    ]
    if not expired:
        paragraphs.append(
            "If you have just answered a page, your browser is refusing cookies. Allow cookies for "
            "this website, then start again: one cookie keeps your answers together until you "
            "send them."
        )
    if typed:
        paragraphs.append("What you typed on the last page is below, so that you can copy it.")
    return _message(
        request,
        services,
        410 if expired else 404,
        "Your session has ended" if expired else "Start your notification first",
        paragraphs,
        [("Use a resume code", "/resume"), ("Start a notification", f"/{form}")],
        typed,
    )


def not_asked(request: Request, services: Services, path: str, typed: Typed) -> Response:
    """A post to a page that the answers do not lead to (any more): another tab changed them."""
    return _message(
        request,
        services,
        409,
        "This page cannot be answered now",
        [
            "Your other answers do not lead to this page. They may have been changed in another "
            "tab, or an earlier page is still to be answered. Nothing else was changed.",
        ],
        [("Go on with your notification", path)],
        typed,
    )


def already_sent(request: Request, services: Services, form: str, typed: Typed) -> Response:
    return _message(
        request,
        services,
        409,
        "This notification has already been sent",
        [
            "It was sent before this page was, perhaps from another tab, so what is below is not "
            "part of it. Copy what you need, and tell the partnership with your reference.",
        ],
        [("See your reference", f"/{form}/confirmation")],
        typed,
    )


def too_large(request: Request, services: Services) -> Response:
    return _message(
        request,
        services,
        413,
        "There is too much text to save",
        [
            "What you sent is larger than one notification can hold, so this page was not saved. "
            "Everything that you saved on earlier pages is still there.",
            "Go back to the page, shorten the text and continue. Longer documents can be given "
            "to the partnership later: they will tell you how to send them securely.",
        ],
        [("Go to the start", "/")],
    )


def unreadable(request: Request, services: Services, status: int, reason: str) -> Response:
    """A body that no browser sends from our pages. Earlier pages are safe."""
    titles = {
        "not_a_form": "This page could not be sent in that form",
        "too_many_fields": "This page was sent with too many fields",
        "not_utf8": "This page was sent with characters that could not be read",
    }
    return _message(
        request,
        services,
        status,
        titles[reason],
        [
            "Nothing was saved from this page. Everything that you saved before is still there.",
            "Use your browser’s back button to return to the page, then continue again. If you "
            "pasted text from another program, paste it as plain text.",
        ],
        [("Go to the start", "/"), ("Come back to a saved notification", "/resume")],
    )


def not_own_post(request: Request, services: Services, path: str) -> Response:
    return _message(
        request,
        services,
        403,
        "We could not check where this came from",
        [
            "Nothing was changed. For your safety, a page can only be sent from this website, in "
            "the browser in which it was opened.",
        ],
        [("Go back to the page", path)],
    )


def changed_meanwhile(request: Request, services: Services, path: str) -> Response:
    return _message(
        request,
        services,
        409,
        "Your notification was changed at the same moment",
        [
            "Another tab or device saved the same notification just now, so this was not done. "
            "Nothing is lost.",
        ],
        [("Go back and try again", path)],
    )


def busy(request: Request, services: Services, path: str) -> Response:
    """What a post held is on the page, and its button posts it again: no text is lost."""
    again = _fields_again(request, services)
    kept = " What you typed is kept on this page until then." if again else ""
    response = _message(
        request,
        services,
        503,
        "The service is busy",
        [
            "We could not make sure that this was saved. Everything that you saved before is still "
            f"there. Wait a minute, then try again: nothing is ever sent twice.{kept}",
        ],
        [] if again else [("Go back and try again", path)],
        again=again,
    )
    return response.with_headers({"Retry-After": "60"})


def _fields_again(request: Request, services: Services) -> list[tuple[str, str]]:
    """The fields of a post of our own page; nobody is made to send what another site posted."""
    if request.method != "POST" or not is_own_post(request, services):
        return []
    try:
        return [(name, value) for name, values in request.form.items() for value in values]
    except Refused:
        return []


def method_not_allowed(request: Request, services: Services, allow: str) -> Response:
    response = _message(
        request,
        services,
        405,
        "This page cannot be used in that way",
        ["Open the page again from its link."],
        [("Go to the start", "/")],
    )
    return response.with_headers({"Allow": allow})


def broken(request: Request, services: Services) -> Response:
    return _message(
        request,
        services,
        500,
        "There is a problem with the service",
        [
            "Try again in a few minutes. Everything that you saved is still there.",
            "If you cannot wait, contact the partnership at "
            f"{services.partnership.contact.help_email}. Do not put details of the case in "
            "the email.",
        ],
        [("Go to the start", "/"), ("Come back to a saved notification", "/resume")],
    )


def typed_in(posted: dict[str, list[str]], labels: dict[str, str]) -> list[dict[str, str]]:
    """What a person typed, with the questions' words, to be shown for copying."""
    shown = []
    for name, values in posted.items():
        value = "\n".join(value for value in values if value)
        label = labels.get(name) or labels.get(name.rsplit("-", 1)[0])
        if label and value:
            shown.append({"label": label, "value": value})
    return shown
