"""The experiments by name, at a size, each with the servers that it needs."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.faults.dead_letters import dead_letters
from tests.faults.double_posts import double_posts
from tests.faults.every_call import every_call
from tests.faults.figures import Figures
from tests.faults.killed_deliveries import killed_deliveries
from tests.faults.killed_workers import killed_workers
from tests.faults.mail_outage import mail_outage
from tests.faults.outbox_laws import local_laws, memory_laws
from tests.faults.poison import poison_in_memory, poison_on_local
from tests.faults.restored import restored
from tests.faults.server import LocalServer, in_memory, on_disk
from tests.faults.shaky_network import shaky_network
from tests.faults.sizes import Size
from tests.faults.world import Wires

Experiment = Callable[[Size, Path], Figures]


def _local(run: Callable[[Size, str], Figures]) -> Experiment:
    """With DynamoDB Local in memory."""

    def experiment(size: Size, folder: Path) -> Figures:
        with in_memory(folder) as url:
            return run(size, url)

    return experiment


def _disk(run: Callable[[Size, LocalServer], Figures]) -> Experiment:
    """With DynamoDB Local on files."""

    def experiment(size: Size, folder: Path) -> Figures:
        with on_disk(folder) as server:
            return run(size, server)

    return experiment


# The longest come first, so that two at a time end at about the same time.
EXPERIMENTS: dict[str, Experiment] = {
    "killed-workers": _disk(
        lambda size, server: killed_workers(
            server,
            submissions=size.submissions,
            kills=size.workers_killed,
            server_kills=size.servers_killed,
        )
    ),
    "every-call": lambda size, _: every_call(
        Wires.to_memory(), "table in memory", every=size.every_in_memory
    ),
    "every-call-local": _local(
        lambda size, url: every_call(
            Wires.to_server(url), "DynamoDB Local", every=size.every_on_local
        )
    ),
    "shaky-network": _local(lambda size, url: shaky_network(url, people=size.people)),
    "double-posts": _local(
        lambda size, url: double_posts(url, journeys=size.journeys, posts_each=size.posts_each)
    ),
    "killed-deliveries": _disk(
        lambda size, server: killed_deliveries(
            server, referrals=size.deliveries, kills=size.deliverers_killed
        )
    ),
    "laws-local": _local(lambda size, url: local_laws(url, size.local_histories)),
    "laws": lambda size, _: memory_laws(size.histories),
    "mail-outage": lambda size, _: mail_outage(Wires.to_memory(), referrals=size.outage_referrals),
    "poison-local": _local(
        lambda size, url: poison_on_local(Wires.to_server(url), rows=size.poison_rows)
    ),
    "poison": lambda size, _: poison_in_memory(Wires.to_memory(), rows=size.poison_rows),
    "dead-letters": lambda _, __: dead_letters(Wires.to_memory()),
    "restored": lambda size, _: restored(Wires.to_memory(), referrals=size.restored_referrals),
}


def run(name: str, size: Size) -> Figures:
    """Run one experiment in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return EXPERIMENTS[name](size, Path(folder))
