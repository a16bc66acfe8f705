from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.stack.merge import StackError, read_folder, unresolved


def test_files_that_set_the_same_thing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("Resources: {Table: {Type: A}}\n")
    (tmp_path / "b.yaml").write_text("Resources: {Table: {Type: B}}\n")

    with pytest.raises(StackError, match=r"b\.yaml.*Type"):
        read_folder(tmp_path)


def test_files_that_set_different_parts_are_merged(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("Resources: {Table: {Type: A}}\n")
    (tmp_path / "b.yaml").write_text("Resources: {Queue: {Type: B}}\n")

    assert set(read_folder(tmp_path)["Resources"]) == {"Table", "Queue"}


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Gone"},
        {"Fn::GetAtt": ["Gone", "Arn"]},
        {"Fn::Sub": "/aws/lambda/${Gone}"},
        {"Fn::Sub": "${Gone.Arn}/index"},
        {"Fn::Sub": ["${Given}${Gone}", {"Given": "x"}]},
        [{"Deep": {"Ref": "Gone"}}],
    ],
)
def test_a_name_that_the_template_does_not_hold_is_found(value: Any) -> None:
    template = {"Resources": {"Here": {"Properties": {"Value": value}}}}

    assert unresolved(template) == {"Gone"}


def test_an_undefined_condition_is_found() -> None:
    template = {"Resources": {"Here": {"Condition": "Gone"}}}

    assert unresolved(template) == {"Gone"}


def test_names_that_the_template_or_cloudformation_hold_are_resolved() -> None:
    value = {"Fn::Sub": "${AWS::StackName}-${Here}-${Size}-${!Literal}"}
    template = {
        "Parameters": {"Size": {}},
        "Conditions": {"Small": {}},
        "Resources": {"Here": {"Properties": {"V": value, "W": {"Fn::If": ["Small", 1, 2]}}}},
    }

    assert unresolved(template) == set()
