"""What `deploy` and `destroy` tell another program: one document, and all else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

import typer

from infra.casereview.deploy_plan import Plan
from infra.deploy.changes import Change
from infra.deploy.stack_events import Ending
from infra.deploy.template_parameters import ParameterChange

Document = dict[str, Any]


@contextmanager
def reporting(*, as_json: bool, yes: bool) -> Iterator[Document]:
    """What the block writes down is printed at its end, however it ends. Exits with 2 when
    somebody would have to be asked."""
    document: Document = {}
    if not as_json:
        yield document
        return
    if not yes:
        raise typer.BadParameter("nobody can be asked with --json: give --yes too.")
    out = sys.stdout
    try:
        with redirect_stdout(sys.stderr):
            yield document
    finally:
        if document:
            typer.echo(json.dumps(document, ensure_ascii=False, indent=2), file=out)


def plan_document(plan: Plan) -> Document:
    """What would change. `status` stays so when there is nothing to do, or nothing is done."""
    return {
        "instance": plan.target.id,
        "stack": plan.target.stack_name,
        "region": plan.target.region,
        "new": plan.new,
        "changes": [_change(one) for one in plan.change_set.changes],
        "parameters": [_parameter(one) for one in plan.parameters],
        "status": plan.state.status if plan.state and not plan.new else None,
        "failure": None,
    }


def ending_document(ending: Ending) -> Document:
    failure = ending.failure
    told = failure and {"resource": failure.resource, "type": failure.type, "why": failure.reason}
    return {"status": ending.status, "failure": told}


def _change(change: Change) -> Document:
    return {
        "change": change.kind.value.lower(),
        "resource": change.name,
        "type": change.type,
        "what": list(change.what),
    }


def _parameter(change: ParameterChange) -> Document:
    told: Document = {"parameter": change.name}
    return told if change.secret else {**told, "deployed": change.before, "new": change.after}
