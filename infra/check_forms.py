"""`python -m infra.check_forms`: all that is wrong in `forms/`: forms, overlays, partnerships.

Here, because the form engine and the domain each check their own files and import no other room.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.forms.lint import lint
from chalicelib.referrals.partnership_check import check_partnership, partnership_ids
from chalicelib.referrals.working_days import calendar_warning
from infra.paths import FORMS


def findings(forms_dir: Path) -> Iterator[str]:
    """Every finding, each with its file, where in it, and what to do."""
    yield from map(str, lint(forms_dir))
    for partnership in partnership_ids(forms_dir):
        yield from map(str, check_partnership(forms_dir, partnership))


def main(forms_dir: Path = FORMS) -> int:
    """Prints the findings; 1 when there is any."""
    found = list(findings(Path(os.path.relpath(forms_dir))))  # as an editor opens it from here
    for finding in found:
        print(finding)
    warning = calendar_warning(datetime.now(UTC).date())
    if warning:
        print(warning)
    print(f"{len(found)} findings" if found else "Nothing is wrong in the forms.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
