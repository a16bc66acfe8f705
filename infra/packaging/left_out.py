"""What a wheel brings and the zip does not: nothing that a function imports.

The `imports` gate sees that what our code names is there; a test imports all of it from the zip.
Without this the zip would be some 2 MB larger.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

_POWERTOOLS = "aws_lambda_powertools/"
_UTILITIES = (
    "auth_alpha", "circuit_breaker", "data_masking", "feature_flags", "idempotency", "kafka",
    "parameters", "parser", "streaming", "validation",
)  # fmt: skip
PATTERNS = (
    "tests/*",  # a wheel that installs its own tests beside everybody's packages
    "*/tests/*",
    "annotated_types/test_cases.py",
    "*.pyi",  # for type checkers
    "*/py.typed",
    "*.data/*",  # commands and headers
    "*.dist-info/RECORD",  # lists files as they were in the wheel
    "*.dist-info/sboms/*",
    "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz",  # tzdata again
    "tzdata/zoneinfo/tzdata.zi",  # all zones once more, as text for compilers
    "oauthlib/oauth1/*",  # the protocol before
    "pydantic/mypy.py",  # a plug-in of the type checker
    f"{_POWERTOOLS}event_handler/*",  # a router, with a copy of Swagger's pages
    *(f"{_POWERTOOLS}utilities/{name}/*" for name in _UTILITIES),
    "pydantic/v1/*",  # the former pydantic, whole
)


def is_left_out(name: str) -> bool:
    """By its name in the wheel, once the parts of a `.data` folder are in their place."""
    return any(fnmatchcase(name, pattern) for pattern in PATTERNS)
