"""What a new partnership has to say of itself: each question, what it takes, its default."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from infra.casereview.instance_check import ADDRESS, ENVIRONMENTS, REGION, URL

STREAMS = ("adult", "child")
Answers = Mapping[str, str]
Check = Callable[[str], str]
Suggestion = Callable[[Answers], str]
_PHONE = re.compile(r"\+?[0-9][0-9 ]{2,18}[0-9]")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_NOT_IN_A_NAME = frozenset('<>"\\${}')
_READABLE = 4.5  # WCAG 2.2, 1.4.3: white text on the colour


def _always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """`check` says what is wrong with an answer, or nothing. `default` is taken where nobody can be
    asked; `suggestion` is only offered, as a person has to decide. `optional`: may stay empty.
    What is empty for want of an earlier answer is no default."""

    key: str
    prompt: str
    check: Check
    default: Suggestion | None = None
    suggestion: Suggestion | None = None
    optional: bool = False
    when: Callable[[Answers], bool] = _always

    @property
    def option(self) -> str:
        """As it is written on the command line."""
        return f"--{self.key.replace('_', '-')}"


def _one_line(longest: int) -> Check:
    def check(text: str) -> str:
        if not text.isprintable() or len(text) > longest:
            return f"is not one line of at most {longest} characters"
        if _NOT_IN_A_NAME & set(text):
            return f"has one of {' '.join(sorted(_NOT_IN_A_NAME))}, which it cannot have"
        return ""

    return check


def _matches(pattern: re.Pattern[str], otherwise: str) -> Check:
    return lambda text: "" if pattern.fullmatch(text) else otherwise


def _website(text: str) -> str:
    parts = urlsplit(text)
    sound = parts.scheme == "https" and "." in (parts.hostname or "")
    clean = text.isprintable() and not set(' "<>\\{}') & set(text)
    return "" if sound and clean else "is no address that begins with https://"


def _some_of(known: tuple[str, ...]) -> Check:
    def check(text: str) -> str:
        given = [one.strip() for one in text.split(",")]
        sound = set(given) <= set(known) and len(set(given)) == len(given)
        return "" if sound else f"is none of: {', '.join(known)}, or several with commas between"

    return check


def _colour(text: str) -> str:
    if _COLOUR.fullmatch(text) is None:
        return "is no colour such as #26415e, in lower case"
    light = _luminance(text)
    return "" if 1.05 / (light + 0.05) >= _READABLE else "is too light for white text on it"


def _luminance(colour: str) -> float:
    """WCAG's relative luminance, 0 to 1."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def chosen(answers: Answers, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """What an answer names of several, in their usual order."""
    named = {one.strip() for one in answers.get(key, "").split(",")}
    return tuple(one for one in known if one in named)


def _takes(stream: str) -> Callable[[Answers], bool]:
    # Where it is not known yet which, both are needed.
    return lambda answers: "streams" not in answers or stream in chosen(answers, "streams", STREAMS)


def _deploys(environment: str) -> Callable[[Answers], bool]:
    return lambda answers: environment in chosen(answers, "environments", ENVIRONMENTS)


def _answered(key: str) -> Suggestion:
    return lambda answers: answers.get(key, "")


def _fixed(text: str) -> Suggestion:
    return lambda _answers: text


def _dev_url(answers: Answers) -> str:
    """The public address with `dev.` before it; nothing where there is none."""
    public = answers.get("public_url", "")
    return public.replace("https://", "https://dev.", 1)


def _concern(stream: str) -> tuple[Question, ...]:
    who = {"adult": "an adult", "child": "a child"}[stream]
    url, phone, hours = (f"{stream}_concern_{part}" for part in ("url", "phone", "hours"))
    takes = _takes(stream)
    return (
        Question(url, f"Page that says how to report a live concern about {who}", _website,
                 when=takes),
        Question(phone, f"Phone for a live concern about {who}", _matches(_PHONE, "is no number"),
                 optional=True, when=takes),
        Question(hours, "When that phone is answered", _one_line(60), optional=True,
                 when=lambda answers: bool(answers.get(phone))),
    )  # fmt: skip


QUESTIONS: tuple[Question, ...] = (
    Question("name", "Name of the partnership, in full", _one_line(100)),
    Question("area", "Area that it is for, as in: in Norfolk", _one_line(60)),
    Question("short_name", "Short name", _one_line(40), default=_answered("area")),
    Question("reference_prefix", "Two to five capital letters that its references begin with",
             _matches(re.compile(r"[A-Z]{2,5}"), "is not two to five capital letters"),
             suggestion=lambda answers: re.sub("[^A-Z]", "", answers["id"].upper())[:3]),
    Question("streams", "Cases that it takes: adult, child, or adult,child", _some_of(STREAMS),
             suggestion=_fixed("adult,child")),
    Question("service_name", "Name of the service, at the top of every page", _one_line(80),
             default=_fixed("Notify us about a case for practice review")),
    Question("panel", "Name of the panel that considers cases", _one_line(60),
             default=_fixed("Case Review Panel")),
    Question("help_email", "Published address for questions about the form",
             _matches(ADDRESS, "is no email address")),
    Question("help_phone", "Published phone for questions about the form",
             _matches(_PHONE, "is no number"), optional=True),
    Question("website", "The partnership's website", _website),
    Question("website_name", "What to call that website", _one_line(100),
             default=_answered("name")),
    *_concern("adult"),
    *_concern("child"),
    Question("controller", "Who is legally responsible for the data (the controller)",
             _one_line(100), suggestion=_answered("name")),
    Question("privacy_email", "Address for questions about the data",
             _matches(ADDRESS, "is no email address"), default=_answered("help_email")),
    Question("colour", "Colour of the page's top", _colour, default=_fixed("#26415e")),
    Question("environments", "Instances: dev, prod, or dev,prod", _some_of(ENVIRONMENTS),
             default=_fixed("dev,prod")),
    Question("public_url", "Address that people will type (prod)",
             _matches(URL, "is no address such as https://notifications.agency.example"),
             when=_deploys("prod")),
    Question("dev_public_url", "Address of the development instance",
             _matches(URL, "is no address such as https://dev.agency.example"),
             default=_dev_url, when=_deploys("dev")),
    Question("mail_from", "Address that its emails come from",
             _matches(ADDRESS, "is no email address")),
    Question("region", "AWS region", _matches(REGION, "is no AWS region such as eu-west-2"),
             default=_fixed("eu-west-2")),
)  # fmt: skip
