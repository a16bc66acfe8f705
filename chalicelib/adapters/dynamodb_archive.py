"""The form versions that drafts and referrals were answered with."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamodb_table import ConditionFailed, DynamoTable
from chalicelib.referrals.packing import pack, unpack

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form


class DynamoArchive:
    """`FORM#<name>/VERSION#<hash>`, compressed, written once and never changed."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table
        self._known: dict[tuple[str, str], Mapping[str, Any]] = {}

    def keep(self, form: "Form") -> None:
        key = (form.name, form.version)
        if key in self._known:
            return
        pk, sk = _key(*key)
        # The version is the hash of the document, so one that is there already is the same.
        with suppress(ConditionFailed):
            self._table.put({"pk": pk, "sk": sk, "document": pack(form.document)}, new=True)
        self._known[key] = form.document

    def find(self, name: str, version: str) -> Mapping[str, Any] | None:
        key = (name, version)
        if key not in self._known:
            row = self._table.get(*_key(name, version))
            if row is None:
                return None
            self._known[key] = unpack(row["document"])
        return self._known[key]


def _key(name: str, version: str) -> tuple[str, str]:
    return f"FORM#{name}", f"VERSION#{version}"
