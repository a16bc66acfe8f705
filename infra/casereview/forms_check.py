"""All that is wrong in `forms/` and `infra/instances/`, each finding with its line.

Here, because the form engine and the domain each check their own files and import no other room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from chalicelib.forms import definition
from chalicelib.forms.assemble import assemble
from chalicelib.forms.lint import lint
from chalicelib.forms.load import checked
from chalicelib.referrals.partnership import (
    Partnership,
    PartnershipError,
    load_partnership,
    partnership_file,
    read_document,
)
from chalicelib.referrals.partnership_check import check_partnership, partnership_ids
from chalicelib.referrals.toml_lines import lines_of
from infra.casereview.findings import Finding
from infra.casereview.instances import check_instance, instance_ids
from infra.casereview.json_lines import pointer_line
from infra.casereview.text_check import text_findings


def all_findings(forms_dir: Path, instances: Path) -> Iterator[Finding]:
    """Every finding of every form, partnership and instance."""
    yield from _in_lines(forms_dir, lint(forms_dir))
    for partnership_id in partnership_ids(forms_dir):
        yield from _partnership(forms_dir, partnership_id)
    for instance_id in instance_ids(instances):
        yield from check_instance(instance_id, instances, forms_dir)


def partnership_findings(forms_dir: Path, instances: Path, partnership_id: str) -> list[Finding]:
    """Every finding of one partnership: its files, its forms as it shows them, its instances."""
    found = list(_partnership(forms_dir, partnership_id))
    if (partnership := _loaded(forms_dir, partnership_id)) is not None:
        found += _in_lines(forms_dir, _forms(forms_dir, partnership))
    for instance_id in instances_of(instances, partnership_id):
        found += check_instance(instance_id, instances, forms_dir)
    return list(dict.fromkeys(found))


def instances_of(instances: Path, partnership_id: str) -> tuple[str, ...]:
    """The instances whose file is named after a partnership."""
    ids = instance_ids(instances)
    return tuple(one for one in ids if one.rpartition("-")[0] == partnership_id)


def prefixes(forms_dir: Path) -> dict[str, str]:
    """Each partnership's reference prefix, as its file has it; those without one are left out."""
    found: dict[str, str] = {}
    for partnership_id in partnership_ids(forms_dir):
        try:
            document = read_document(partnership_file(forms_dir, partnership_id))
        except PartnershipError:
            continue
        if isinstance(prefix := document.get("reference_prefix"), str):
            found[partnership_id] = prefix
    return found


def _partnership(forms_dir: Path, partnership_id: str) -> Iterator[Finding]:
    for one in check_partnership(forms_dir, partnership_id):
        yield Finding(one.file, one.line, one.key, one.message, one.remedy)
    yield from _shared_prefix(forms_dir, partnership_id)
    if (partnership := _loaded(forms_dir, partnership_id)) is not None:
        yield from text_findings(forms_dir, partnership)


def _loaded(forms_dir: Path, partnership_id: str) -> Partnership | None:
    try:
        return load_partnership(forms_dir, partnership_id)
    except (PartnershipError, AttributeError):  # a table that is none: the check above told it
        return None


def _shared_prefix(forms_dir: Path, partnership_id: str) -> Iterator[Finding]:
    taken = prefixes(forms_dir)
    mine = taken.pop(partnership_id, None)
    for other, prefix in taken.items():
        if prefix == mine:
            path = partnership_file(forms_dir, partnership_id)
            line = lines_of(path.read_text(encoding="utf-8")).get(("reference_prefix",), 1)
            message = f"{other} has {prefix} too, so a reference would not say whose it is"
            yield Finding(path, line, "reference_prefix", message, "Give each its own letters")


def _forms(forms_dir: Path, partnership: Partnership) -> Iterator[definition.Finding]:
    for form in partnership.forms:
        try:
            checked(assemble(forms_dir, form, partnership.id))
        except definition.DefinitionError as error:
            yield from error.findings


def _in_lines(forms_dir: Path, findings: Iterable[definition.Finding]) -> Iterator[Finding]:
    """A form's findings, whose pointers an editor cannot follow, with their lines."""
    read = cache(lambda path: path.read_text(encoding="utf-8") if path.is_file() else "")
    for one in findings:
        path = forms_dir.parent / one.file  # it begins with the folder
        line = pointer_line(read(path), one.pointer)
        yield Finding(path, line, one.pointer or "(file)", one.message, one.remedy)
