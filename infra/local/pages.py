"""The pages of /_local/: mail as a mail reader shows it, and the reminders to come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from infra.local.mailbox import Mail
from infra.local.schedules import Schedule

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem;
  color: #222 }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2rem } a { color: #1a4f8b }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid #ccc;
  vertical-align: top; overflow-wrap: anywhere }
button { font: inherit; padding: .2rem .8rem }
iframe { width: 100%; height: 40rem; border: 1px solid #999 }
pre { white-space: pre-wrap; border: 1px solid #999; padding: 1rem } .note { color: #555 }
"""


def overview(mails: Sequence[Mail], schedules: Sequence[Schedule]) -> str:
    """Both lists: newest mail first, soonest reminder first."""
    return _page(
        "This machine",
        '<p>What leaves the system here, instead of to people. <a href="/">To the service</a></p>'
        f"<h2>Emails ({len(mails)})</h2>{_mails(mails)}"
        f"<h2>Reminders to come ({len(schedules)})</h2>{_schedules(schedules)}"
        '<p class="note">The same for a program: <a href="/_local/outbox.json">outbox.json</a>, '
        '<a href="/_local/schedules.json">schedules.json</a></p>',
    )


def message(mail: Mail) -> str:
    """One mail: its HTML in a frame that can run nothing and reach nothing, its text, its files."""
    frame = f'<iframe title="HTML part" sandbox srcdoc="{escape(mail.html)}"></iframe>'
    return _page(
        mail.subject,
        '<p><a href="/_local/">All emails</a></p><table>'
        f"<tr><th>From<td>{escape(mail.sender)}<tr><th>To<td>{escape(mail.to)}"
        f"<tr><th>Sent<td>{escape(mail.sent_at)}</table>"
        f"<h2>HTML part</h2>{frame if mail.html else '<p>None</p>'}"
        f"<h2>Text part</h2><pre>{escape(mail.text)}</pre>"
        f"<h2>Attachments ({len(mail.attachments)})</h2>{_files(mail)}",
    )


def not_found() -> str:
    return _page("Not here", '<p><a href="/_local/">Emails and reminders</a></p>')


def no_answer() -> str:
    return _page(
        "No answer",
        "<p>The embedded AWS did not answer. Stop <code>make run</code> and start it.</p>",
    )


def _mails(mails: Sequence[Mail]) -> str:
    rows = "".join(
        f"<tr><td>{escape(mail.sent_at)}<td>{escape(mail.to)}"
        f'<td><a href="/_local/mail/{quote(mail.id)}">{escape(mail.subject)}</a>'
        for mail in reversed(mails)
    )
    return f"<table><tr><th>Sent<th>To<th>Subject{rows}</table>" if rows else "<p>None yet.</p>"


def _files(mail: Mail) -> str:
    return "".join(
        f'<p><a href="/_local/mail/{quote(mail.id)}/{number}" download="{escape(file.name)}">'
        f"{escape(file.name)}</a> ({escape(file.media_type)})</p><pre>{escape(file.text)}</pre>"
        for number, file in enumerate(mail.attachments, start=1)
    )


def _schedules(schedules: Sequence[Schedule]) -> str:
    rows = "".join(
        f"<tr><td>{escape(schedule.at)}<td>{escape(schedule.name)}<br><small>"
        f"{escape(json.dumps(schedule.input))}</small>"
        f'<td><form method="post" action="/_local/schedules/{quote(schedule.name)}/fire">'
        f'<button aria-label="Fire {escape(schedule.name)} now">Fire now</button></form>'
        for schedule in schedules
    )
    return f"<table><tr><th>At<th>Name<th>{rows}</table>" if rows else "<p>None.</p>"


def _page(title: str, content: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>{content}</html>"
    )
