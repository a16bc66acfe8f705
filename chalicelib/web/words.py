"""The partnership's own names put into a form's texts, which name no partnership."""

from __future__ import annotations

from chalicelib.referrals.partnership import Partnership


def in_words_of(partnership: Partnership, stream: str, text: str) -> str:
    """`text` (Markdown or plain) with its tokens replaced; unknown braces stay as they are."""
    route = partnership.live_routes[stream]
    words = {
        "{live_route_link}": f"[{route.link_text}]({route.url})",
        "{live_route_phone}": route.phone or "",
        "{help_email}": partnership.contact.help_email,
        "{partnership}": partnership.name,
        "{area}": partnership.area,
    }
    for token, word in words.items():
        text = text.replace(token, word)
    return text
