"""`python -m chalicelib.forms.lint forms`: everything that is wrong with every form and overlay."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from chalicelib.forms.definition import DefinitionError, Finding
from chalicelib.forms.load import load_form


def form_names(forms_dir: Path) -> list[str]:
    """The forms of a folder: every JSON file there that has pages, or cannot be read."""
    return sorted(path.stem for path in forms_dir.glob("*.json") if _is_form(path))


def _is_form(path: Path) -> bool:
    try:
        return "pages" in json.loads(path.read_bytes())
    except ValueError:
        return True


def overlays(forms_dir: Path, form: str) -> list[str]:
    """The partnerships that have an overlay of a form."""
    return sorted(path.parent.name for path in forms_dir.glob(f"partnerships/*/{form}.json"))


def lint(forms_dir: Path) -> Iterator[Finding]:
    """Every finding of every form alone and under every overlay, each once."""
    seen: set[Finding] = set()
    for form in form_names(forms_dir):
        for partnership in (None, *overlays(forms_dir, form)):
            try:
                load_form(forms_dir, form, partnership)
            except DefinitionError as error:
                yield from (finding for finding in error.findings if finding not in seen)
                seen.update(error.findings)


def main(arguments: Sequence[str]) -> int:
    """Print the findings; 1 when there is any."""
    forms_dir = Path(arguments[0] if arguments else "forms")
    if not form_names(forms_dir):
        print(f"{forms_dir}: no form here")  # noqa: T201 - a command talks to a person
        return 1
    findings = list(lint(forms_dir))
    for finding in findings:
        print(finding)  # noqa: T201
    print(f"{len(findings)} findings" if findings else "Nothing to report.")  # noqa: T201
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
