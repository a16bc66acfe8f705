"""Workers that deliver are killed at random: on disk, with SES and Scheduler behind HTTP."""

from random import Random

from chalicelib.use_cases.submit_referral import submit_document
from tests.faults import worker
from tests.faults.audit import audit
from tests.faults.figures import Figures
from tests.faults.killed_workers import SEED, hire
from tests.faults.model_server import serving_models
from tests.faults.people import key_id
from tests.faults.server import LocalServer
from tests.faults.world import Wires, World, new_world, silence
from tests.unit.use_cases.instance import ANSWERS

# The longest life of a worker in seconds, and how far the clock is moved when one was killed: its
# lease has run out then.
_LIFE = 1.5
_LATER = {"minutes": 6}


def killed_deliveries(
    server: LocalServer, *, referrals: int, kills: int, seed: int = SEED
) -> Figures:
    """Reconcile is killed so often, and then left alone."""
    figures = Figures("Workers killed with SIGKILL while they deliver")
    with silence():
        world = new_world(Wires.to_server(server.url), seed)
        for number in range(referrals):
            key = f"key-{seed}-{number:04d}"
            services = world.services
            answers = ANSWERS["adult"]
            receipt, _ = submit_document(services, services.forms["adult"], answers, key)
            world.shown[key_id(key)] = receipt.reference
        killed = _deliver(world, server, Random(seed), kills)
        found = audit(world, twice_allowed=killed)
    figures.add(
        referrals=referrals,
        workers_killed=killed,
        emails=found.emails,
        twice=found.twice,
        reminders_waiting=found.waiting,
        schedules=found.schedules,
    )
    figures.problems += found.problems
    if killed < kills:
        figures.problems.append(f"only {killed} workers were killed before all was done")
    return figures


def _deliver(world: World, server: LocalServer, random: Random, kills: int) -> int:
    """Have workers reconcile until nothing is left; how many of them were killed."""
    killed = 0
    name = world.settings.table_name
    with serving_models(world.mail, world.scheduler) as models:
        while True:
            world.clock.move(**_LATER)
            given = (server.url, name, models, world.clock.now())
            process, connection = hire(worker.put_right, *given)
            life = random.uniform(0.2, _LIFE) if killed < kills else 600
            ended = connection.poll(life)
            if not ended:
                process.kill()
                killed += 1
            process.join()
            connection.close()
            if ended:
                return killed
