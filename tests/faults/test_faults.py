"""A reference that was shown is never lost: the experiments, at their small size."""

import pytest

from tests.faults.dead_letters import dead_letters
from tests.faults.double_posts import double_posts
from tests.faults.every_call import every_call
from tests.faults.killed_deliveries import killed_deliveries
from tests.faults.killed_workers import killed_workers
from tests.faults.mail_outage import mail_outage
from tests.faults.outbox_laws import local_laws, memory_laws
from tests.faults.poison import poison_in_memory, poison_on_local
from tests.faults.restored import restored
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.server import LocalServer
from tests.faults.shaky_network import shaky_network
from tests.faults.sizes import SMALL
from tests.faults.world import Wires

oracle = pytest.mark.oracle


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name.replace(" ", "-"))
def test_a_fault_at_any_call_loses_nothing(scenario: Scenario) -> None:
    # What a person sees a reference from is tried in full, the rest in part.
    every = 1 if scenario.name.startswith("send by") else SMALL.every_in_memory
    figures = every_call(Wires.to_memory(), "memory", every=every, scenarios=[scenario])

    assert figures.problems == []


@oracle
def test_a_fault_at_any_call_of_the_real_table_loses_nothing(local_url: str) -> None:
    figures = every_call(Wires.to_server(local_url), "local", every=SMALL.every_on_local)

    assert figures.problems == []


@oracle
def test_what_a_killed_worker_showed_is_stored_and_nothing_else_is(
    disk_server: LocalServer,
) -> None:
    figures = killed_workers(
        disk_server,
        submissions=SMALL.submissions,
        kills=SMALL.workers_killed,
        server_kills=SMALL.servers_killed,
    )

    assert figures.problems == []
    assert figures.total("stored") == SMALL.submissions


@oracle
def test_what_a_killed_worker_was_to_deliver_is_delivered(disk_server: LocalServer) -> None:
    figures = killed_deliveries(
        disk_server, referrals=SMALL.deliveries, kills=SMALL.deliverers_killed
    )

    assert figures.problems == []


@oracle
def test_a_button_pressed_many_times_at_once_sends_once(local_url: str) -> None:
    figures = double_posts(local_url, journeys=SMALL.journeys, posts_each=SMALL.posts_each)

    assert figures.problems == []
    assert figures.total("referrals") == SMALL.journeys


@oracle
def test_a_network_that_fails_one_call_in_twenty_loses_nothing(local_url: str) -> None:
    assert shaky_network(local_url, people=SMALL.people).problems == []


def test_a_day_without_email_loses_none_and_a_person_is_told() -> None:
    assert mail_outage(Wires.to_memory(), referrals=SMALL.outage_referrals).problems == []


def test_a_row_that_cannot_be_done_holds_back_no_other() -> None:
    assert poison_in_memory(Wires.to_memory(), rows=SMALL.poison_rows).problems == []


@oracle
def test_a_row_that_cannot_be_read_holds_back_no_other(local_url: str) -> None:
    wires = Wires.to_server(local_url)

    assert poison_on_local(wires, rows=SMALL.poison_rows).problems == []


def test_what_ends_in_a_dead_letter_queue_is_done_all_the_same() -> None:
    assert dead_letters(Wires.to_memory()).problems == []


def test_no_history_of_a_delivery_breaks_a_law() -> None:
    assert memory_laws(SMALL.histories).problems == []


@oracle
def test_no_history_tells_the_real_table_from_the_twin(local_url: str) -> None:
    assert local_laws(local_url, SMALL.local_histories).problems == []


def test_after_a_restore_nothing_is_sent_twice_and_nothing_is_forgotten() -> None:
    assert restored(Wires.to_memory(), referrals=SMALL.restored_referrals).problems == []
