"""One row that can never be done, among many: what it holds back, and who is told of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.dynamodb_deliveries import delivery_key
from chalicelib.referrals.delivery import PATIENCE, Delivery, Kind, State, mail_tag
from chalicelib.use_cases.submit_referral import submit_document
from tests.faults.figures import Figures
from tests.faults.local_store import LocalStore, plain_client
from tests.faults.scenarios import put_right
from tests.faults.world import Wires, World, memory_of, new_world, silence
from tests.unit.use_cases.instance import ANSWERS

Poisoning = Callable[[World, Delivery], None]


def poison_in_memory(wires: Wires, *, rows: int) -> Figures:
    """Figures of a row whose effect always raises."""
    return _poison(wires, rows, {"its effect raises": _raising})


def poison_on_local(wires: Wires, *, rows: int) -> Figures:
    """Figures of the same, and of a row that cannot even be read."""
    kinds = {"its effect raises": _raising_stored, "it cannot be read": _unreadable}
    return _poison(wires, rows, kinds)


def _poison(wires: Wires, rows: int, kinds: Mapping[str, Poisoning]) -> Figures:
    where = "in memory" if wires.table is None else "on DynamoDB Local"
    figures = Figures(f"One poison row among {rows}, {where}")
    for name, spoil in kinds.items():
        with silence():
            _run(figures, name, spoil, new_world(wires), rows)
    return figures


def _run(figures: Figures, name: str, spoil: Poisoning, world: World, wanted: int) -> None:
    put_right(world)
    began = world.clock.now()
    number = 0
    while len(_outbox(world)) < wanted:
        services = world.services
        submit_document(services, services.forms["adult"], ANSWERS["adult"], f"key-{number:05d}")
        number += 1
    rows = _outbox(world)
    victim = next(row for row in rows if row.kind is Kind.TEAM_EMAIL)
    spoil(world, victim)
    world.ticker.all_until = began + 2 * PATIENCE
    world.run(began + PATIENCE + timedelta(hours=2))
    others = {row.id for row in rows} - {victim.id}
    done = [row for row in _outbox(world, but=victim) if row.state is State.SENT]
    told = [at for at, counts in world.heartbeats if counts["needs_person"]]
    late = max((row.done_at or datetime.max.replace(tzinfo=began.tzinfo)) for row in done) - began
    figures.add(
        poison=name,
        others=len(others),
        others_done=len(done),
        last_other_after=f"{late.total_seconds():.0f} s",
        dead_letters=len(world.stream.given_up),
        raised_in_reconcile=sum(counts["raised"] for _, counts in world.heartbeats),
        person_told_after=f"{(told[0] - began).total_seconds() / 60:.0f} min" if told else "never",
    )
    figures.problems += [f"{name}: {one}" for one in _wrong(world, victim, len(others), len(done))]


def _wrong(world: World, victim: Delivery, others: int, done: int) -> list[str]:
    found = []
    if others != done:
        found.append(f"{others - done} of {others} others were held back")
    if world.mail.count()[mail_tag(victim.id)]:
        found.append("the poison was delivered")
    told = any(counts["needs_person"] for _, counts in world.heartbeats)
    if not (told or world.stream.given_up):
        found.append("nobody was told")
    letters = str(world.stream.given_up)
    if any(str(value) in letters for value in ("Canary", victim.reference)):
        found.append("a dead letter holds more than metadata")
    return found


def _outbox(world: World, but: Delivery | None = None) -> list[Delivery]:
    if isinstance(world.store, LocalStore):
        return _readable(world.store, but)
    rows = world.store.deliveries()
    return [row for row in rows if _counts(row) and (but is None or row.id != but.id)]


def _counts(row: Delivery) -> bool:
    return row.kind is not Kind.REMINDER_EMAIL and "YEAR" not in row.reference


def _readable(store: LocalStore, but: Delivery | None) -> list[Delivery]:
    pk = None if but is None else delivery_key(but.id)[0]
    rows = [row for row in store.rows() if row["sk"] == "OUTBOX" and row["pk"] != pk]
    return [row for row in store.deliveries_of(rows) if _counts(row)]


def _raising(world: World, victim: Delivery) -> None:
    """Its stream is none of ours, so there is no mailbox to look up."""
    table = memory_of(world).table
    dict.__setitem__(table.deliveries, victim.id, replace(victim, stream="neither"))


def _raising_stored(world: World, victim: Delivery) -> None:
    _overwrite(world, victim, "stream", "neither")


def _unreadable(world: World, victim: Delivery) -> None:
    """Its kind is one that this version of the service does not know."""
    _overwrite(world, victim, "kind", "carrier_pigeon")


def _overwrite(world: World, victim: Delivery, attribute: str, value: str) -> None:
    assert isinstance(world.store, LocalStore)
    pk, sk = delivery_key(victim.id)
    client: Any = plain_client("dynamodb", world.store.url)
    client.update_item(
        TableName=world.store.name,
        Key={"pk": {"S": pk}, "sk": {"S": sk}},
        UpdateExpression="SET #it = :value",
        ExpressionAttributeNames={"#it": attribute},
        ExpressionAttributeValues={":value": {"S": value}},
    )
