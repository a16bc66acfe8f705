"""The mail that the system has sent: what the emulator lists, kept over a restart."""

from __future__ import annotations

import json
import urllib.request
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class File:
    """What is attached to a message. `base64` is its content, as kept on disk."""

    name: str
    media_type: str
    base64: str

    @property
    def content(self) -> bytes:
        return b64decode(self.base64)

    @property
    def text(self) -> str:
        """The content as a person reads it."""
        return self.content.decode("utf-8", errors="replace")


@dataclass(frozen=True)
class Mail:
    """One message. `to` holds all addresses, separated by a comma; `sent_at` is UTC."""

    id: str
    sender: str
    to: str
    subject: str
    text: str
    html: str
    sent_at: str
    attachments: tuple[File, ...] = ()

    def outline(self) -> dict[str, Any]:
        """As `/_local/outbox.json` shows it."""
        return {
            "to": self.to,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "sent_at": self.sent_at,
            "attachments": [
                {"name": file.name, "media_type": file.media_type, "text": file.text}
                for file in self.attachments
            ],
        }


class Mailbox:
    """Messages of earlier runs from `kept`, then those of this run, oldest first."""

    def __init__(self, endpoint: str, kept: Path) -> None:
        self._endpoint = endpoint
        self._kept = kept
        self._earlier = _read(kept)

    def mails(self) -> list[Mail]:
        url = f"{self._endpoint}/_ministack/ses/messages"
        with urllib.request.urlopen(url, timeout=10) as answer:
            accounts = json.load(answer)["messages"]
        now = [_mail(record) for records in accounts.values() for record in records]
        return [*self._earlier, *sorted(now, key=lambda mail: mail.sent_at)]

    def find(self, mail_id: str) -> Mail | None:
        return next((mail for mail in self.mails() if mail.id == mail_id), None)

    def keep(self) -> None:
        """Writes all messages down: the emulator forgets them when it stops."""
        try:
            mails = [asdict(mail) for mail in self.mails()]
        except OSError:  # the emulator is gone, and with it what was not kept before
            return
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        self._kept.write_text(json.dumps(mails, indent=1, ensure_ascii=False), encoding="utf-8")


def _read(kept: Path) -> list[Mail]:
    if not kept.is_file():
        return []
    records = json.loads(kept.read_text(encoding="utf-8"))
    return [_kept(**record) for record in records]


def _kept(*, attachments: Sequence[dict[str, str]] = (), **record: str) -> Mail:
    return Mail(**record, attachments=tuple(File(**file) for file in attachments))


def _mail(record: dict[str, Any]) -> Mail:
    sent = datetime.fromtimestamp(record["Timestamp"], UTC)
    return Mail(
        id=record["MessageId"].split("@")[0],
        sender=record["Source"],
        to=", ".join([*record["To"], *record["CC"], *record["BCC"]]),
        subject=record["Subject"],
        text=record["BodyText"] or "",
        html=record["BodyHtml"] or "",
        sent_at=sent.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        attachments=tuple(
            File(
                file["FileName"],
                file.get("ContentType", "application/octet-stream"),
                file["RawContent"],
            )
            for file in record["Attachments"]
        ),
    )
