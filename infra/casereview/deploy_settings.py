"""What a deployment tells the template, beside what stays as it is: parameters and tags."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from infra.casereview.exits import REFUSED, stop
from infra.casereview.targets import Target
from infra.deploy.artifact import Artifact
from infra.deploy.stacks import StackState

SERVICE = "case-review-notifications"
PROTECTION = "DeletionProtection"
# Where an instance's file may hold an example, and what the template calls it.
_EXAMPLES = {
    "web.public_url": "PublicUrl",
    "web.domain": "DomainName",
    "mail.from": "MailFrom",
    "mail.identity": "MailIdentity",
}


def read_parameters(given: list[str]) -> dict[str, str]:
    """`Key=Value`, the value as it is. Exits with 2."""
    pairs = [one.partition("=") for one in given]
    for key, equals, _ in pairs:
        if not (key and equals):
            raise typer.BadParameter(f"{key!r} is no parameter. Write Key=Value.")
    return {key: value for key, _, value in pairs}


def settings(
    target: Target, given: Mapping[str, str], known: frozenset[str], *, new: bool
) -> dict[str, str]:
    """The parameters to send, beside those that stay as they are deployed. Exits with 1 when a new
    stack would be told an example for an address."""
    examples = {_EXAMPLES[key]: key for key in target.placeholders()}
    missing = [key for name, key in examples.items() if name not in given]
    if new and missing:
        stop(
            f"{target.id} has only an example for {', '.join(missing)}. Write it in"
            f" infra/instances/{target.id}.toml or {target.id}.private.toml (docs/instances.md),"
            " or give it: --parameter PublicUrl=https://...",
            REFUSED,
        )
    written = {k: v for k, v in target.parameters().items() if k not in examples}
    wanted = {**written, **given}
    if PROTECTION in known:
        # A first creation that fails is rolled back, and what is protected could not be deleted.
        wanted.setdefault(PROTECTION, "false" if new else "true")
    return wanted


def tags(target: Target, artifact: Artifact, state: StackState | None) -> list[dict[str, str]]:
    """Every resource gets them. The commit is that which changed the artifact last: one that did
    not would otherwise have every resource tagged anew for nothing."""
    commit = artifact.commit
    if state is not None and state.tags.get("digest") == artifact.digest:
        commit = state.tags.get("commit", commit)
    told = {
        "service": SERVICE,
        "partnership": target.partnership,
        "environment": target.environment,
        "commit": commit,
        "digest": artifact.digest,
    }
    return [{"Key": key, "Value": value} for key, value in told.items()]
