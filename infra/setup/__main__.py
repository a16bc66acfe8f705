"""`python3 -m infra.setup run|test`: makes ready what that target needs."""

import sys

OLDEST = (3, 11)

if sys.version_info < OLDEST:  # before any import that an older Python could not read
    sys.exit(
        f"Python 3.11 or newer is needed, and {sys.executable} is {sys.version.split()[0]}. "
        "Name a newer one: make PYTHON=python3.13"
    )

from infra.setup.steps import SetupError, make_ready  # noqa: E402

if __name__ == "__main__":
    try:
        make_ready(sys.argv[1] if len(sys.argv) > 1 else "run")
    except SetupError as error:
        sys.exit(f"Set-up stopped: {error}")
    except KeyboardInterrupt:
        sys.exit("Set-up stopped. Run it again to go on where it was.")
