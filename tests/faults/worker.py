"""A worker in a process of its own, which may be killed at any moment.

It tells its parent what it has begun and what it has shown; a message is written in one piece.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from multiprocessing.connection import Connection
from unittest.mock import patch

from chalicelib.bootstrap import Services
from chalicelib.bootstrap import services as deployed_services
from chalicelib.use_cases.keep_draft import open_draft, start_draft
from chalicelib.use_cases.ports import StoreBusy
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.submit_referral import submit_draft
from tests.faults.clock import Clock
from tests.faults.wire import Wire
from tests.faults.world import SETTINGS, shipped_forms
from tests.unit.use_cases.instance import ANSWERS

SHOWN, DONE = "shown", "done"
_A_WHILE = 0.05


def warm_up() -> None:
    """What a process of its own would have to load: done once, before the first fork."""
    assert shipped_forms()["adult"].steps


def submit(url: str, table: str, tokens: Sequence[str], parent: Connection) -> None:
    """Send a notification for each token, and say `shown <token> <reference>` once it is shown.

    Whoever is told that the service is busy presses again.
    """
    services = _services(url, table)
    for token in tokens:
        parent.send((SHOWN, token, _pressed_until_shown(services, token)))
    parent.send((DONE, "", ""))


def _pressed_until_shown(services: Services, token: str) -> str:
    form = services.forms["adult"]
    while True:
        try:
            draft = open_draft(services, token)
            if draft is None:
                draft = start_draft(services, form, ANSWERS["adult"], [], token=token)
            return submit_draft(services, form, draft).reference
        except StoreBusy:
            time.sleep(_A_WHILE)


def put_right(url: str, table: str, models: str, now: datetime, parent: Connection) -> None:
    """Reconcile, at an instant, until nothing is found."""
    services = replace(_services(url, table, models), clock=Clock(now))
    while reconcile(services)["found"]:
        pass
    parent.send((DONE, "", ""))


def _services(url: str, table: str, models: str = "http://127.0.0.1:9") -> Services:
    addresses = {"dynamodb": url, "sesv2": models, "scheduler": models}
    settings = replace(SETTINGS, table_name=table)
    with patch(
        "chalicelib.adapters.aws.LazyClient",
        lambda service, **how: Wire(service, endpoint=addresses[service], **how),
    ):
        wired = deployed_services(settings)
    return replace(wired, forms=shipped_forms())


if __name__ != "__main__":
    # The fork server imports this module once; each worker begins from there.
    warm_up()
