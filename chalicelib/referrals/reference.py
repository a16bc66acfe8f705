"""References that people read aloud, and the names of schedules made from them."""

import re
import secrets

# No vowels (no words appear), and nothing that looks like another character on screen or in ink:
# of 0/O/D, 1/I/L, 2/Z, 5/S, 6/G and 8/B at most one is used.
REFERENCE_ALPHABET = "BCDFGHJKMNPQRTVWXY3479"
# Longer than any way of writing one; keeps a pasted document from being worked on.
LONGEST_TYPED = 40
_REFERENCE = re.compile(rf"[A-Z]{{2,5}}(?:-[{REFERENCE_ALPHABET}]{{4}}){{2}}")
_NAME = re.compile(r"[0-9a-zA-Z\-_.]{1,64}")
_SCHEDULE = re.compile(r"([A-Z]+-[A-Z0-9]{4}(?:-[A-Z0-9]{4})?)-(.+)-(\d{8})-(\d{8})")


def new_reference(prefix: str) -> str:
    """`SUF-B3KT-9WXM`: 22 to the 8th possibilities, chosen at random; uniqueness is the store's."""
    halves = ("".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(4)) for _ in range(2))
    return "-".join((prefix, *halves))


def example_of(prefix: str) -> str:
    """What a partnership's references look like, for hints."""
    return f"{prefix}-B3KT-9WXM"


def is_reference(text: str) -> bool:
    """Whether it could be one: that it is, only the store can say."""
    return _REFERENCE.fullmatch(text) is not None


def read_reference(typed: str, prefix: str) -> str | None:
    """The reference in what somebody typed: small letters, with blanks, without dashes. Or None."""
    letters = re.sub(r"[\s\-\u2010-\u2015]+", "", typed[:LONGEST_TYPED]).upper()
    rest = letters.removeprefix(prefix)
    if len(rest) != 8 or not rest.isalnum() or not rest.isascii():
        return None
    return f"{prefix}-{rest[:4]}-{rest[4:]}"


def schedule_name(reference: str, reminder: str) -> str:
    """The name of a reminder's schedule: `<reference>-<rule>-<due>-<day>`.

    Raises ValueError outside EventBridge Scheduler's rule for names (1 to 64 of `0-9a-zA-Z-_.`).
    """
    name = f"{reference}-{reminder.replace('#', '-')}"
    if _NAME.fullmatch(name) is None:
        raise ValueError(name)
    return name


def reminder_of_schedule(name: str) -> str | None:
    """The delivery id of the reminder that a schedule's name was made from; None for another's."""
    match = _SCHEDULE.fullmatch(name)
    return None if match is None else f"{match[1]}/{match[2]}#{match[3]}#{match[4]}"
