"""`python -m chalicelib.forms.lint forms`: everything that is wrong with every form and overlay."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from chalicelib.forms.assemble import NOTHING, Assembly, assemble
from chalicelib.forms.definition import DefinitionError, Finding
from chalicelib.forms.load import checked


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
    assemblies: list[Assembly] = []
    for form in form_names(forms_dir):
        for partnership in (None, *overlays(forms_dir, form)):
            try:
                assembly = assemble(forms_dir, form, partnership)
                assemblies.append(assembly)
                checked(assembly)
            except DefinitionError as error:
                yield from (finding for finding in error.findings if finding not in seen)
                seen.update(error.findings)

    yield from _unused(assemblies)


def _unused(assemblies: Sequence[Assembly]) -> Iterator[Finding]:
    """What the common file has and no form asks or shows."""
    used = {
        "questions": {name for one in assemblies for name in one.asked},
        "pages": {page.get("id") for one in assemblies for page, _ in one.pages},
        "groups": {step.get("id") for one in assemblies for step in one.steps if step.has("each")},
        "sections": {step.get("section") for one in assemblies for step in one.steps},
    }
    arrays = {step.get("each") for one in assemblies for step in one.steps if step.has("each")}
    used["pages"] |= used["groups"]
    common = assemblies[0].common if assemblies else NOTHING
    for name, node in common.at("schema", "properties").members():
        if name not in used["questions"] | arrays:
            yield node.finding(f'no form asks "{name}"', "Remove it, or ask it in a form")
    for _, text in common.at("text").members():
        for kind, names in used.items():
            for name, node in text.at(kind).members():
                if name not in names:
                    yield node.finding(f'no form has the {kind[:-1]} "{name}"', "Remove its text")


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
