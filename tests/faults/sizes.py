"""How large each experiment is: in pytest, and where figures are printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`every_...`: one of so many faults is put; an odd number still meets every kind of fault."""

    every_in_memory: int
    every_on_local: int
    submissions: int
    workers_killed: int
    servers_killed: int
    deliveries: int
    deliverers_killed: int
    journeys: int
    posts_each: int
    people: int
    outage_referrals: int
    poison_rows: int
    restored_referrals: int
    histories: int
    local_histories: int


FULL = Size(
    every_in_memory=1,
    every_on_local=7,
    submissions=2000,
    workers_killed=45,
    servers_killed=3,
    deliveries=40,
    deliverers_killed=20,
    journeys=200,
    posts_each=10,
    people=32,
    outage_referrals=60,
    poison_rows=100,
    restored_referrals=40,
    histories=1500,
    local_histories=40,
)
SMALL = Size(
    every_in_memory=7,
    every_on_local=101,
    submissions=40,
    workers_killed=3,
    servers_killed=1,
    deliveries=4,
    deliverers_killed=2,
    journeys=6,
    posts_each=5,
    people=2,
    outage_referrals=6,
    poison_rows=20,
    restored_referrals=4,
    histories=100,
    local_histories=2,
)
