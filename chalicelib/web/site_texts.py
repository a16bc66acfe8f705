"""The long texts of a partnership: Markdown that a form owner edits, in the partnership's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import Partnership
    from chalicelib.use_cases.ports import Services

_TOKEN = re.compile(r"\{([a-z_]+)\}")
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")


class UnknownWord(Exception):
    """A text has a word in braces that the partnership's file does not define."""


@dataclass(frozen=True)
class Section:
    """What stands under one `## heading`; `id` is what a link on the same page leads to."""

    id: str
    title: str
    markdown: str


@dataclass(frozen=True)
class Document:
    """A text taken apart at its headings: `# title`, what follows it, and the sections."""

    title: str
    introduction: str
    sections: tuple[Section, ...]


def partnership_text(services: Services, name: str) -> str | None:
    """The Markdown `forms/partnerships/<id>/<name>.md`, or the shared `forms/texts/<name>.md`,
    with `{words}` replaced; None when there is neither. Raises UnknownWord."""
    partnership = services.partnership
    raw = raw_text(services.settings.forms_dir, partnership.id, name)
    return None if raw is None else _in_words_of(partnership, raw)


@cache
def raw_text(forms_dir: Path, partnership_id: str, name: str) -> str | None:
    """The text as its owner wrote it, the partnership's own before the shared one."""
    if not _NAME.fullmatch(name):
        return None
    for folder in (forms_dir / "partnerships" / partnership_id, forms_dir / "texts"):
        path = folder / f"{name}.md"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return None


def document(text: str) -> Document:
    """The text at its `# ` and `## ` lines."""
    head, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    title, _, introduction = head.strip().removeprefix("# ").partition("\n")
    return Document(title.strip(), introduction.strip(), tuple(_section(part) for part in parts))


def _section(part: str) -> Section:
    title, _, body = part.partition("\n")
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return Section(slug, title.strip(), body.strip())


def _in_words_of(partnership: Partnership, text: str) -> str:
    words = words_of(partnership)

    def word(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in words:
            raise UnknownWord(f"{{{name}}} is not defined for partnership {partnership.id}")
        return words[name]

    return _TOKEN.sub(word, text)


def words_of(partnership: Partnership) -> dict[str, str]:
    """What each `{word}` of its texts stands for."""
    contact, privacy = partnership.contact, partnership.privacy
    return {
        **partnership.names,
        **partnership.timing,
        "partnership": partnership.name,
        "area": partnership.area,
        "help_email": contact.help_email,
        "website": contact.website,
        "controller": privacy.controller,
        "privacy_email": privacy.contact_email,
        "retention": privacy.retention_text,
        "draft_days": str(privacy.draft_days),
    }
