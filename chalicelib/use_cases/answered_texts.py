"""The questions' texts as a referrer saw them, kept with the referral."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form, Question


def answered_texts(form: "Form", answers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Question name -> `{"text", "noun", "options"}` of every answered question, in groups too.

    `options` holds the labels of the chosen options only, and is absent when there are none.
    """
    texts: dict[str, dict[str, Any]] = {}
    for name, value in _flat(answers):
        question = form.questions.get(name)
        if question is None:
            continue
        entry = texts.setdefault(name, {"text": question.text, "noun": question.noun})
        labels = _labels(question, value)
        if labels:
            entry["options"] = {**entry.get("options", {}), **labels}
    return texts


def _flat(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in answers.items():
        if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            for item in value:
                yield from item.items()
        else:
            yield name, value


def _labels(question: "Question", value: Any) -> dict[str, str]:
    chosen = {
        item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)
    }
    return {option.value: option.label for option in question.options if option.value in chosen}
