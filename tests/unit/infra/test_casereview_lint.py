"""`casereview lint`: what is wrong in what people edit, where, and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.casereview.json_lines import pointer_line
from tests.unit.infra.working_copy import WorkingCopy, working_copy

Plant = Callable[[WorkingCopy], None]


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkingCopy:
    return working_copy(tmp_path, monkeypatch)


def told(copy: WorkingCopy, *arguments: str) -> list[str]:
    """Its findings, one a line, without the folder's name."""
    result = copy.run("lint", *arguments)
    assert result.exit_code == 1, result.output
    *findings, count = result.stdout.splitlines()
    assert count == ("1 finding" if len(findings) == 1 else f"{len(findings)} findings")
    return [finding.partition(f"{copy.forms.parent.name}/")[2] for finding in findings]


def line_told(copy: WorkingCopy, finding: str) -> str:
    """The line of the file that a finding is about."""
    name, number, _ = finding.split(":", 2)
    return (copy.forms.parent / name).read_text("utf-8").splitlines()[int(number) - 1]


def test_nothing_is_wrong_in_what_is_shipped(copy: WorkingCopy) -> None:
    result = copy.run("lint")

    assert (result.exit_code, result.stdout) == (
        0,
        "Nothing is wrong in the forms, partnerships and instances.\n",
    )


def in_home(old: str, new: str) -> Plant:
    return lambda copy: copy.change(copy.partnership("suffolk") / "home.md", old, new)


def in_process(old: str, new: str) -> Plant:
    return lambda copy: copy.change(copy.partnership("suffolk") / "process.toml", old, new)


PLANTED: dict[str, tuple[Plant, str | None, str]] = {
    "a rule": (
        lambda copy: copy.change(
            copy.partnership("suffolk") / "partnership.toml", "length = 2", "length = -2"
        ),
        "length = -2",
        "deadlines.acknowledge.length: is out of range. Give a number",
    ),
    "a prefix of two": (
        lambda copy: copy.change(copy.partnership("suffolk") / "partnership.toml", "SUF", "SAL"),
        'reference_prefix = "SAL"',
        "reference_prefix: salford has SAL too",
    ),
    "a form": (
        lambda copy: copy.change(
            copy.forms / "child.json", '"submitter_type": "submitter_type"', '"x": "nobody"'
        ),
        '"x": "nobody"',
        "/roles/x",
    ),
    "an overlay": (
        lambda copy: copy.change(
            copy.partnership("salford") / "child.json", '"local_qa_status": {\n', '"local_x": {\n'
        ),
        None,
        "local_x",
    ),
    "a word": (
        in_home("in {area}", "in {aria}"),
        "in {aria}",
        "{aria}: is not defined. Add it under [names] in partnership.toml",
    ),
    "a picture of nothing": (
        in_home("{picture:adult}", "{picture:adults}"),
        "{picture:adults}",
        "{picture:adults}: process.toml has no steps for it. Add them there.",
    ),
    "a picture within a text": (
        in_home("{picture:adult}", "See {picture:adult}"),
        "See {picture:adult}",
        "Give it a line of its own",
    ),
    "a text without a title": (
        in_home("# Tell us", "Tell us"),
        "Tell us",
        "the first line is no title",
    ),
    "a step without a title": (
        in_process('title = "You notice a case"\n', ""),
        "[[adult]]",
        "adult.0: has no title. Add one",
    ),
    "a step with a slip": (
        in_process('short = "any agency"', 'shrot = "any agency"'),
        'shrot = "any agency"',
        "adult.0.shrot: is unknown. Use one of: title, short, text, joins, ways.",
    ),
    "three ways": (
        in_process("ways = [\n", 'ways = [\n  { title = "Third", text = "way" },\n'),
        "ways = [",
        "has 3 ways. Give two",
    ),
    "a process of nobody": (
        in_process("[[adult]]", '[[infant]]\ntitle = "A step"\n\n[[adult]]'),
        "[[infant]]",
        "infant: the partnership has no infant form",
    ),
    "a process that is no TOML": (
        in_process('title = "You notice a case"', "title = You notice a case"),
        "title = You notice a case",
        "not valid TOML",
    ),
    "an instance": (
        lambda copy: copy.change(copy.instances / "suffolk-prod.toml", "eu-west-2", "London"),
        'region = "London"',
        "region: 'London' is no AWS region. Write one such as eu-west-2.",
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_fault_is_told_with_its_line_and_what_to_do(copy: WorkingCopy, fault: str) -> None:
    plant, line, said = PLANTED[fault]
    plant(copy)

    findings = told(copy)

    (finding, *_) = [one for one in findings if said in one] or pytest.fail(str(findings))
    if line is not None:
        assert line in line_told(copy, finding)


def test_a_missing_home_and_a_file_that_nothing_reads_are_told(copy: WorkingCopy) -> None:
    folder = copy.partnership("salford")
    (folder / "home.md").rename(folder / "hme.md")

    missing, stranger = told(copy)

    assert "home.md:1: (file): is missing" in missing
    assert "hme.md:1: (file): is never read. Remove it, or give it one of these names" in stranger


def test_an_overlay_of_a_form_that_is_not_taken_is_never_read(copy: WorkingCopy) -> None:
    (copy.partnership("salford") / "adult.json").write_text("{}")

    assert any("adult.json:1: (file): is never read" in one for one in told(copy, "salford"))


def test_one_partnership_is_looked_at_with_its_instances_and_no_other(copy: WorkingCopy) -> None:
    copy.change(copy.instances / "salford-dev.toml", "eu-west-2", "London")
    copy.change(copy.instances / "suffolk-dev.toml", "eu-west-2", "Leeds")

    (finding,) = told(copy, "salford")

    assert "'London'" in finding
    assert len(told(copy)) == 2


def test_a_fault_of_a_shared_form_is_told_once_to_each_that_takes_it(copy: WorkingCopy) -> None:
    copy.change(copy.forms / "child.json", '"submitter_type": "submitter_type"', '"x": "nobody"')

    for arguments in ([], ["suffolk"], ["salford"]):
        findings = told(copy, *arguments)
        assert len(set(findings)) == len(findings)
        assert any("child.json" in one for one in findings)


def test_for_another_program_each_finding_has_its_parts(copy: WorkingCopy) -> None:
    copy.change(copy.instances / "suffolk-prod.toml", "eu-west-2", "London")

    result = copy.run("lint", "--json")

    (finding,) = json.loads(result.stdout)["findings"]
    assert result.exit_code == 1
    assert finding.pop("file").endswith("instances/suffolk-prod.toml")
    assert finding == {
        "line": 5,
        "key": "region",
        "message": "'London' is no AWS region",
        "remedy": "Write one such as eu-west-2",
    }


def test_an_unknown_partnership_is_not_understood_and_those_there_are_are_named(
    copy: WorkingCopy,
) -> None:
    result = copy.run("lint", "norfolk")

    assert result.exit_code == 2
    assert "There are: salford, suffolk. To add one: casereview new norfolk" in result.stderr


JSON = '{\n  "a": 1,\n  "b/c": [\n    {"d": "}"},\n    2\n  ],\n  "e": {"f": "\\"{"}\n}\n'


@pytest.mark.parametrize(
    ("pointer", "line"),
    [("", 1), ("/a", 2), ("/b~1c", 3), ("/b~1c/0/d", 4), ("/b~1c/1", 5), ("/e/f", 7), ("/e/x", 7),
     ("/b~1c/9", 3), ("/nothing", 1)],
)  # fmt: skip
def test_a_pointer_has_its_line_or_that_of_what_is_around_it(pointer: str, line: int) -> None:
    assert pointer_line(JSON, pointer) == line


@pytest.mark.parametrize("text", ["", "{", '{"a": ', '{"a": 1', "[1,", "nonsense"])
def test_a_text_that_is_no_json_has_one_line(text: str) -> None:
    assert pointer_line(text, "/a") == 1
