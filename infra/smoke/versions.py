"""Whether a service has the forms of the package that it was deployed from."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from chalicelib.forms.load import compiled_path
from infra.smoke.checks import Look
from infra.smoke.health import Amiss


def versions_served(look: Look, code: Path) -> str:
    """That every form is served as it was packaged in the zip `code`. Raises `Amiss`."""
    if not look.forms or look.partnership is None:
        raise Amiss("not looked at: health did not name the forms")
    packaged = packaged_versions(code, look.partnership)
    if packaged != look.forms:
        differ = {
            name for name in {*packaged, *look.forms} if packaged.get(name) != look.forms.get(name)
        }
        raise Amiss(
            f"not those that were packaged: {', '.join(sorted(differ))}. Wait a minute and look"
            " again; if it is still so, deploy again"
        )
    return f"as packaged: {', '.join(packaged)}"


def packaged_versions(code: Path, partnership: str) -> Mapping[str, str]:
    """The version of each of a partnership's forms in a zip, by the form's name."""
    folder = compiled_path(Path("forms"), "any", partnership).parent.as_posix()
    with zipfile.ZipFile(code) as package:
        return {
            Path(name).stem: str(json.loads(package.read(name))["version"])
            for name in package.namelist()
            if name.startswith(f"{folder}/") and name.endswith(".json")
        }
