"""What the pages for operators name is there: alarms, runbooks, commands and their options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from infra.casereview.__main__ import app
from infra.paths import ROOT
from infra.stack.merge import stack_document, unresolved

DOCS = ROOT / "docs"
RUNBOOKS = DOCS / "runbooks"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
ROW = re.compile(
    r"^\| `(?P<alarm>\w+)` \| (?P<threshold>[^|]+) \| [^|]+"
    r" \| \[[^]]+\]\(runbooks/(?P<page>[a-z-]+)\.md\) \|$",
    re.MULTILINE,
)
COMPARISONS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": ">=",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}
BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:\.venv/bin/)?casereview [^`]+)`")
LINK = re.compile(r"\]\(([^)#:]+\.(?:md|json|toml))(?:#([a-z0-9-]+))?\)")
# Commands that are being written: each leaves this list as it is registered.
# Placeholders and values, which a command line has besides its words.
WORD = re.compile(r"[a-z][a-z-]*")


@cache
def alarms() -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in stack_document()["Resources"].items()
        if resource.get("Type") == "AWS::CloudWatch::Alarm"
    }


@cache
def index() -> dict[str, re.Match[str]]:
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    return {row["alarm"]: row for row in ROW.finditer(page)}


def threshold(alarm: dict[str, Any]) -> str:
    """As the index writes it: `< 1 in 3 x 15 min`."""
    period, times = alarm["Period"] // 60, alarm["EvaluationPeriods"]
    span = f"{times} x {period} min" if times > 1 else f"{period} min"
    return f"{COMPARISONS[alarm['ComparisonOperator']]} {alarm['Threshold']:,} in {span}"


def test_every_alarm_has_a_row_in_the_index_and_every_row_an_alarm() -> None:
    assert set(index()) == set(alarms())


@pytest.mark.parametrize("name", sorted(alarms()))
def test_the_index_has_the_threshold_that_the_template_sets(name: str) -> None:
    row = index().get(name)

    assert row is not None, f"docs/operations.md has no row for {name}"
    assert row["threshold"] == threshold(alarms()[name])


@pytest.mark.parametrize("name", sorted(alarms()))
def test_the_index_sends_to_the_page_that_the_alarm_names(name: str) -> None:
    row = index().get(name)

    assert row is not None, f"docs/operations.md has no row for {name}"
    assert f"docs/runbooks/{row['page']}.md" in alarms()[name]["AlarmDescription"]


def test_the_list_of_runbooks_names_each_of_them_once() -> None:
    listed = LINK.findall((RUNBOOKS / "README.md").read_text(encoding="utf-8"))
    pages = {path.name for path in RUNBOOKS.glob("*.md")} - {"README.md"}

    named = sorted(name for name, _ in listed if not name.startswith(".."))

    assert named == sorted(pages)


def test_the_table_that_a_restore_imports_needs_nothing_else_of_the_template() -> None:
    """Once the runbook has put in the key, and the protection, by themselves."""
    table = deepcopy(stack_document()["Resources"]["Table"])
    table["Properties"]["SSESpecification"]["KMSMasterKeyId"] = "KEY"
    table["Properties"]["DeletionProtectionEnabled"] = True

    assert unresolved({"Resources": {"Table": table}}) == set()


def commands_in(text: str) -> Iterator[str]:
    """Every `casereview ...` of a page: in a sentence, or a line of a block of commands."""
    outside = BLOCK.sub("", text)
    yield from (found.removeprefix(".venv/bin/") for found in INLINE.findall(outside))
    for block in BLOCK.findall(text):
        for line in re.sub(r" *\\\n *", " ", block).splitlines():
            command = line.strip().removeprefix("$ ").removeprefix(".venv/bin/")
            if command.startswith("casereview "):
                yield re.split(r"\s+#|[;|&]", command)[0]


@cache
def named() -> list[tuple[Path, str]]:
    return [
        (path.relative_to(ROOT), command)
        for path in PAGES
        for command in commands_in(path.read_text(encoding="utf-8"))
    ]


def resolved(line: str) -> tuple[Any, list[str]]:
    """The command that a line names, None if there is none, and the words after its name."""
    found: Any = typer.main.get_command(app)
    words = re.split(r"[ ,]+", line)[1:]
    while (commands := getattr(found, "commands", None)) and words and WORD.fullmatch(words[0]):
        if words[0] not in commands:
            return None, words
        found, words = commands[words[0]], words[1:]
    return found, words


def options_of(command: Any) -> set[str]:
    given = {name for one in command.params for name in [*one.opts, *one.secondary_opts]}
    return {"--help", *given}


@pytest.mark.parametrize(
    ("page", "line"), named(), ids=[f"{page}: {line}" for page, line in named()]
)
def test_a_page_names_only_commands_and_options_that_there_are(page: Path, line: str) -> None:
    command, words = resolved(line)
    assert command is not None, f"{page}: there is no command {words[0]} in: {line}"
    used = {word.partition("=")[0].rstrip(".:)]") for word in words if word.startswith("--")}

    assert used <= options_of(command), f"{page}: {line}"


def test_every_command_is_on_some_page() -> None:
    mentioned = {line.split()[1] for _, line in named()}

    assert set(typer.main.get_command(app).commands) <= mentioned  # type: ignore[attr-defined]


def anchors(path: Path) -> set[str]:
    """Of a page's headings, as they are addressed."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_another_page_leads_somewhere(page: Path) -> None:
    for target, heading in LINK.findall(page.read_text(encoding="utf-8")):
        linked = (page.parent / target).resolve()
        assert linked.exists(), f"{page.name} links to {target}"
        assert not heading or heading in anchors(linked), f"{target} has no heading {heading}"
