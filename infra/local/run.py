"""`make run`: the whole system on this machine, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any

from chalicelib.referrals.partnership import Partnership, PartnershipError
from chalicelib.referrals.partnership_check import load_checked, partnership_ids
from infra.assets.build import AssetError, build_assets
from infra.local import staff
from infra.local.aws import forget_the_account
from infra.local.emulator import Emulator, EmulatorError
from infra.local.front import Front
from infra.local.mailbox import Mailbox
from infra.local.progress import step
from infra.local.running import Running, noted
from infra.local.schedules import Schedules
from infra.local.stack import Deployed, DeployError, deploy
from infra.local.state import take_state
from infra.local.upstream import Upstream
from infra.package import PackageError, build_package
from infra.paths import FORMS, STATE
from infra.stack.merge import StackError

LARGEST_BODY = 10 * 1024 * 1024  # bytes: API Gateway's limit
FAILURES = (AssetError, DeployError, EmulatorError, PackageError, StackError)


class Refusal(Exception):
    """It cannot start; the message says what to do."""


def run(port: int, partnership_id: str, base: Path) -> None:
    """Serves until interrupted, then stops everything that it started. Raises Refusal."""
    partnership = _partnership(partnership_id)
    _require_port(port)
    with ExitStack() as stack:
        folder = take_state(base, partnership_id, port)
        stack.callback(folder.release)
        with step("Stylesheet and script"):
            build_assets()
        emulator = Emulator(folder.path, state=folder.path / "state")
        stack.callback(emulator.stop)
        emulator.launch()
        with step("Package"):
            package = build_package("local", folder.path / "package")
        with step("Embedded AWS"):
            emulator.wait_until_ready()
        name = f"casereview-{partnership_id}"
        with step("Stack"):
            deployed = deploy(emulator.endpoint, name, package, _parameters(port, partnership))
        with step("Staff"):
            staff.seed(emulator.endpoint, deployed.user_pool)
        with step("First page"):
            _require_home_page(deployed, emulator)
        running = Running(partnership_id, emulator.endpoint, name)
        stack.enter_context(noted(folder.path, running))
        mailbox = Mailbox(emulator.endpoint, folder.path / "mail.json")
        stack.callback(mailbox.keep)
        schedules = Schedules(emulator.endpoint, deployed.schedule_group)
        provider = Upstream(emulator.endpoint, host=f"localhost:{port}")
        _serve(Front(Upstream(deployed.api_url), mailbox, schedules, provider), port)


def _parameters(port: int, partnership: Partnership) -> dict[str, str]:
    sender = partnership.mail.from_address
    return {
        "Partnership": partnership.id,
        "Environment": "local",
        "PublicUrl": f"http://localhost:{port}",
        "MailFrom": sender,
        "MailIdentity": sender.rpartition("@")[2],
        "ManageMailIdentity": "true",
        # What the emulator had not delivered when it stopped is put right within two minutes.
        "ReconcileEvery": "rate(1 minute)",
        "RequestsPerSecond": "10000",
        "RequestBurst": "10000",
        "UseWaf": "false",
    }


def _partnership(name: str) -> Partnership:
    known = partnership_ids(FORMS)
    if name not in known:
        raise Refusal(f"There is no partnership {name!r}. There are: {', '.join(known)}.")
    try:
        return load_checked(FORMS, name)
    except PartnershipError as error:
        raise Refusal(str(error)) from error


def _require_port(port: int) -> None:
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Refusal(
                f"Port {port} is in use, perhaps by another `make run`. "
                f"Stop what uses it, or choose another port: make run PORT={port + 1}"
            ) from None


def _require_home_page(deployed: Deployed, emulator: Emulator) -> None:
    try:
        with urllib.request.urlopen(f"{deployed.api_url}/", timeout=60):
            return
    except urllib.error.HTTPError as error:
        said = error.read(2000).decode(errors="replace")
        raise Refusal(f"The home page answers {error.code}; see {emulator.log}\n{said}") from None


def _serve(front: Front, port: int) -> None:
    from waitress.server import create_server

    # It tells of every request that waits for a thread; nobody can act on that here.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        server: Any = create_server(
            front, host="127.0.0.1", port=port, threads=8, ident=None,
            max_request_body_size=LARGEST_BODY,
        )  # fmt: skip
    except OSError:
        raise Refusal(f"Port {port} was taken in the meantime.") from None
    print(f"  Emails and reminders: http://localhost:{port}/_local/")
    print(staff.told(f"http://localhost:{port}"))
    print(f"Ready: http://localhost:{port}/", flush=True)
    try:
        server.run()  # takes the interrupt itself, and returns
    finally:
        server.close()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # stopping takes a moment: once is enough
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    raise KeyboardInterrupt


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
    parser.add_argument("--partnership", default=os.environ.get("PARTNERSHIP", "suffolk"))
    parser.add_argument("--state", type=Path, default=STATE, help="folder for state and logs")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    arguments = _arguments(given)
    forget_the_account()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        run(arguments.port, arguments.partnership, arguments.state)
    except KeyboardInterrupt:
        pass
    except (Refusal, *FAILURES) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print("Stopped. What was stored is kept for the next run.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
