"""Puts the stack's files together as the one document that Chalice merges into its template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.stack import dashboard, refusals

FOLDER = Path(__file__).parent
ALARM = "AWS::CloudWatch::Alarm"


class StackError(Exception):
    """Two files say different things, or the template names what it does not hold."""


def stack_document() -> dict[str, Any]:
    """Everything that our stack adds to what Chalice writes. Raises StackError."""
    document = read_folder(FOLDER)
    kinds = {name: part.get("Type") for name, part in document["Resources"].items()}
    alarms = [name for name, kind in kinds.items() if kind == ALARM]
    _merge(document, refusals.document(), "refusals.py")
    _merge(document, dashboard.document(alarms), "dashboard.py")
    return document


def read_folder(folder: Path) -> dict[str, Any]:
    """Every `*.yaml` of the folder, merged. Raises StackError when two files set the same thing."""
    document: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        _merge(document, yaml.safe_load(path.read_text(encoding="utf-8")), path.name)
    return document


def _merge(into: dict[str, Any], more: Mapping[str, Any], where: str) -> None:
    for key, value in more.items():
        if key not in into:
            into[key] = value
        elif isinstance(into[key], dict) and isinstance(value, dict):
            _merge(into[key], value, f"{where}: {key}")
        else:
            raise StackError(f"{where}: {key} is set in two files")


def unresolved(template: Mapping[str, Any]) -> set[str]:
    """Names that a Ref, Fn::GetAtt, Fn::Sub or condition uses and the template does not hold."""
    known = set(template["Resources"]) | set(template.get("Parameters", {}))
    conditions = set(template.get("Conditions", {}))
    made_by_sam = {"RestAPIliveStage", "HearHearEvent"}
    return {
        name
        for kind, name in _references(template)
        if name not in (conditions if kind == "condition" else known | made_by_sam)
        and not name.startswith("AWS::")
    }


def _references(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for part in node:
            yield from _references(part)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        yield from _named(key, value)
        yield from _references(value)


def _named(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if key in ("Ref", "DependsOn") and isinstance(value, str):
        yield "resource", value
    elif key == "Fn::GetAtt":
        yield "resource", value[0]
    elif key == "Fn::If":
        yield "condition", value[0]
    elif key == "Condition" and isinstance(value, str):
        yield "condition", value
    elif key == "Fn::Sub":
        text, given = (value, {}) if isinstance(value, str) else value
        for name in _placeholders(text):
            if name not in given:
                yield "resource", name.split(".")[0]


def _placeholders(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("${")[1:] if not part.startswith("!")]
