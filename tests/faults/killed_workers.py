"""Workers that submit to DynamoDB Local on disk are killed at random, and so is DynamoDB Local."""

import multiprocessing
import os
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from random import Random
from typing import Any

from chalicelib.use_cases.keep_draft import draft_id
from tests.faults import worker
from tests.faults.figures import Figures
from tests.faults.local_store import LocalStore
from tests.faults.server import LocalServer
from tests.faults.wire import Wire

SEED = 20261120
# The longest time for which a worker lives, in seconds, is random up to twice this.
_LIFE = 0.9
_SHARE = 40
_TO_WRITE = 0.3


@dataclass
class Fleet:
    """Workers that share a list of tokens. One that dies leaves its tokens to the next."""

    server: LocalServer
    table: str
    waiting: deque[str]
    random: Random
    shown: dict[str, list[str]] = field(default_factory=dict)
    kills: int = 0
    working: dict[Connection, "Hired"] = field(default_factory=dict)

    def run(self, workers: int, kills: int, server_kills: int) -> None:
        """Until every token has a reference that was shown."""
        total = len(self.waiting)
        at = [total * (number + 1) // (server_kills + 1) for number in range(server_kills)]
        while self.waiting or self.working:
            while self.waiting and len(self.working) < workers:
                self._hire()
            self._listen(kills)
            if at and len(self.shown) >= at[0]:
                at.pop(0)
                self._kill_server()

    def _kill_server(self) -> None:
        """Kill it between two requests, with workers waiting for its answers.

        DynamoDB Local confirms a transaction some milliseconds before its files hold it. Killed in
        that time it loses the last one, as a plain client shows; AWS's own confirms what is stored.
        """
        stopped = [hired.process.pid for hired in self.working.values()]
        _signal(stopped, signal.SIGSTOP)
        time.sleep(_TO_WRITE)
        self.server.kill()
        _signal(stopped, signal.SIGCONT)
        self.server.start()

    def _hire(self) -> None:
        share = [self.waiting.popleft() for _ in range(min(_SHARE, len(self.waiting)))]
        process, connection = hire(worker.submit, self.server.url, self.table, share)
        life = self.random.random() * 2 * _LIFE
        self.working[connection] = Hired(process, share, time.monotonic() + life)

    def _listen(self, kills: int) -> None:
        ready = wait(list(self.working), timeout=0.01)
        for one in ready:
            self._take(one, self.working[one])  # type: ignore[index, arg-type]
        for connection, hired in list(self.working.items()):
            if self.kills < kills and time.monotonic() >= hired.ends_at:
                self.kills += 1
                hired.process.kill()
                # What it still said is heard: somebody may have seen it.
                while self._take(connection, hired):
                    pass

    def _take(self, connection: Connection, hired: "Hired") -> bool:
        """One message; False when there will be no more."""
        try:
            said, token, reference = connection.recv()
        except EOFError:
            self._bury(connection, hired)
            return False
        if said == worker.SHOWN:
            self.shown.setdefault(token, []).append(reference)
            hired.share.remove(token)
        return True

    def _bury(self, connection: Connection, hired: "Hired") -> None:
        """Whoever saw no reference presses again, with another worker."""
        hired.process.join()
        connection.close()
        del self.working[connection]
        self.waiting.extendleft(reversed(hired.share))


@dataclass
class Hired:
    """A worker at work on its share of tokens, and when it is to be killed."""

    process: BaseProcess
    share: list[str]
    ends_at: float


def _signal(processes: Iterable[int | None], what: signal.Signals) -> None:
    for process in processes:
        if process is not None:
            with suppress(ProcessLookupError):
                os.kill(process, what)


def hire(work: Callable[..., None], *given: Any) -> tuple[BaseProcess, Connection]:
    """Start a worker, whose last argument is the end of a pipe to the connection given back."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([worker.__name__])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(*given, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def killed_workers(
    server: LocalServer, *, submissions: int, kills: int, server_kills: int, seed: int = SEED
) -> Figures:
    """Figures of one fleet of two workers, and what it left in the table."""
    figures = Figures("Workers killed with SIGKILL while they submit, DynamoDB Local on disk")
    store = LocalStore(Wire("dynamodb", endpoint=server.url), lambda _: None)
    random = Random(seed)
    tokens = [f"token-{seed}-{number}" for number in range(submissions)]
    fleet = Fleet(server, store.name, deque(tokens), random)
    fleet.run(2, kills, server_kills)
    stored = store.tokens()
    rows = Counter(store.references())
    shown = {draft_id(token): references for token, references in fleet.shown.items()}
    lost = [token for token, given in shown.items() if stored.get(token) not in given]
    split = [token for token, given in shown.items() if len(set(given)) > 1]
    torn = _torn(store)
    figures.add(
        submissions=submissions,
        workers_killed=fleet.kills,
        server_killed=server_kills,
        shown=len(shown),
        stored=sum(rows.values()),
        lost=len(lost),
        doubled=sum(rows.values()) - len(stored),
        torn=len(torn),
    )
    figures.problems += [f"lost: {token[:8]}" for token in lost]
    figures.problems += [f"two references for one token: {token[:8]}" for token in split]
    figures.problems += [f"not whole: {reference}" for reference in torn]
    if fleet.kills < kills:
        figures.problems.append(f"only {fleet.kills} workers of {kills} were killed")
    if not len(shown) == len(stored) == sum(rows.values()) == submissions:
        figures.problems.append("shown, stored and submitted are not the same number")
    return figures


def _torn(store: LocalStore) -> list[str]:
    """Referrals of which some rows are stored and others not."""
    kinds: dict[str, Counter[str]] = {}
    for row in store.rows():
        name, sk = row["pk"].partition("#")[2], row["sk"].partition("#")[0]
        if sk == "OUTBOX":
            kinds.setdefault(row["reference"], Counter())[row["kind"]] += 1
        elif sk in ("REFERRAL", "CASE", "REMINDER", "LIST"):
            kinds.setdefault(name, Counter())[sk] += 1
        elif row["pk"].startswith("AUDIT#"):
            kinds.setdefault(row["reference"], Counter())["AUDIT"] += 1
    whole = next(iter(kinds.values()), Counter())
    return [reference for reference, found in kinds.items() if found != whole]
