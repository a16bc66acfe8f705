"""`casereview new`: a partnership's and its instances' files, sound from the first."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from infra import paths
from infra.casereview import new_asking
from infra.casereview.exits import REFUSED, stop
from infra.casereview.forms_check import instances_of, prefixes
from infra.casereview.instance_check import LONGEST_ID, shorter_id
from infra.casereview.new_files import NotSound, write
from infra.casereview.new_questions import QUESTIONS

_ID = re.compile(rf"[a-z]([a-z0-9]|-(?=[a-z0-9])){{1,{LONGEST_ID - 1}}}")
_PROMPTS = {question.key: question.prompt for question in QUESTIONS}


def _option(key: str) -> Any:
    return typer.Option(f"--{key.replace('_', '-')}", help=f"{_PROMPTS[key]}.", show_default=False)


Text = str | None


def new(
    partnership: Annotated[str, typer.Argument(help="Its short id, as in norfolk. It stays.")],
    name: Annotated[Text, _option("name")] = None,
    area: Annotated[Text, _option("area")] = None,
    short_name: Annotated[Text, _option("short_name")] = None,
    reference_prefix: Annotated[Text, _option("reference_prefix")] = None,
    streams: Annotated[Text, _option("streams")] = None,
    service_name: Annotated[Text, _option("service_name")] = None,
    panel: Annotated[Text, _option("panel")] = None,
    help_email: Annotated[Text, _option("help_email")] = None,
    help_phone: Annotated[Text, _option("help_phone")] = None,
    website: Annotated[Text, _option("website")] = None,
    website_name: Annotated[Text, _option("website_name")] = None,
    adult_concern_url: Annotated[Text, _option("adult_concern_url")] = None,
    adult_concern_phone: Annotated[Text, _option("adult_concern_phone")] = None,
    adult_concern_hours: Annotated[Text, _option("adult_concern_hours")] = None,
    child_concern_url: Annotated[Text, _option("child_concern_url")] = None,
    child_concern_phone: Annotated[Text, _option("child_concern_phone")] = None,
    child_concern_hours: Annotated[Text, _option("child_concern_hours")] = None,
    controller: Annotated[Text, _option("controller")] = None,
    privacy_email: Annotated[Text, _option("privacy_email")] = None,
    colour: Annotated[Text, _option("colour")] = None,
    environments: Annotated[Text, _option("environments")] = None,
    public_url: Annotated[Text, _option("public_url")] = None,
    dev_public_url: Annotated[Text, _option("dev_public_url")] = None,
    mail_from: Annotated[Text, _option("mail_from")] = None,
    region: Annotated[Text, _option("region")] = None,
) -> None:
    """Add a partnership: write its files and those of its instances.

    Asks for what no option gives. Changes no file that is there.
    """
    given = {key: value for key, value in locals().items() if key in _PROMPTS}  # the options above
    forms_dir, instances = paths.FORMS, paths.INSTANCES
    _require_free(partnership, forms_dir, instances)
    taken = {prefix: other for other, prefix in prefixes(forms_dir).items()}
    if (prefix := given["reference_prefix"]) in taken:
        stop(f"--reference-prefix: {prefix} {_is_taken(taken[str(prefix)])}.", REFUSED)
    answers = new_asking.answered(partnership, given, _refusal(taken), asking=new_asking.can_ask())
    try:
        written = write(answers, forms_dir, instances)
    except NotSound as error:
        stop(f"Nothing was written. With these answers it would not pass:\n{error}", REFUSED)
    except OSError as error:
        about = error.filename or forms_dir
        stop(f"Nothing was written: {about}: {error.strerror}. Put that right first.", REFUSED)
    _tell(partnership, written, instances)


def _require_free(partnership: str, forms_dir: Path, instances: Path) -> None:
    if _ID.fullmatch(partnership) is None:
        message = (
            f"{partnership!r} is no id: 2 to {LONGEST_ID} small letters, digits and single hyphens."
        )
        long = len(partnership) > LONGEST_ID
        hint = shorter_id(partnership) if long else "norfolk"
        raise typer.BadParameter(f"{message} Begin with a letter, as in {hint}.")
    files = [instances / f"{one}.toml" for one in instances_of(instances, partnership)]
    for path in (forms_dir / "partnerships" / partnership, *files):
        if path.exists():
            told = f"{os.path.relpath(path)} is there already, and nothing was changed."
            stop(f"{told} Choose another id, or edit what is there.", REFUSED)


def _is_taken(other: str) -> str:
    return f"is the prefix of {other}, and a reference has to say whose it is. Choose other letters"


def _refusal(taken: Mapping[str, str]) -> new_asking.Refusal:
    def refusal(key: str, value: str) -> str:
        return _is_taken(taken[value]) if key == "reference_prefix" and value in taken else ""

    return refusal


def _tell(partnership: str, written: list[Path], instances: Path) -> None:
    typer.echo("Written, and everything in it passes:")
    for path in written:
        typer.echo(f"  {os.path.relpath(path)}")
    ids = instances_of(instances, partnership)
    first = ids[0]
    private = os.path.relpath(instances / f"{first}.private.toml")
    typer.echo(
        f"""
Next (docs/new-partnership.md says more):
  1. Read home.md and process.toml: are they how this partnership works? Correct what is not.
  2. Read partnership.toml, above all its deadlines: those marked local are proposals.
  3. casereview lint {partnership}
  4. casereview preview {partnership}
  5. Give the team's mailboxes: {private}, see docs/instances.md
  6. casereview package, then casereview deploy {first}"""
    )
