"""What the deletion of cases needs of the outside world."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.referrals.case import Case
    from chalicelib.referrals.disposal import Proof
    from chalicelib.referrals.referral import AuditEntry


class Disposals(Protocol):
    """The deletion of cases, and the proofs of it. Each step may be repeated."""

    def begin(self, case: "Case", proof: "Proof", audit: "AuditEntry") -> None:
        """Take the case away and put the proof in its place, in one step: nobody can open it from
        then on, nor change it.

        Raises `CaseChanged` when the case's version is another, or there is a proof; `StoreBusy`.
        """

    def find(self, reference: str) -> "Proof | None":
        """The proof of a case that was disposed of, or whose deletion has begun."""

    def rows_left(self, reference: str) -> Mapping[str, int]:
        """How many rows there are of a referral, by kind (consistent read)."""

    def count(self, reference: str, rows: Mapping[str, int]) -> None:
        """Record in the proof what is deleted, unless that was counted before."""

    def delete_rows(self, reference: str) -> None:
        """Delete every row of a referral that is left."""

    def finish(self, reference: str, audit: "AuditEntry") -> None:
        """Record in the proof, once, that nothing is left, with the audit entry."""

    def listed(self, *, after: str | None, limit: int) -> "tuple[Sequence[Proof], str | None]":
        """A page of proofs, newest first, and the next page's cursor. At most 100 at once."""
