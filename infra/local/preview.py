"""`make preview`: the pages of the working tree, shown anew whenever a file changes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

from infra.paths import FORMS, ROOT

WATCHED = (ROOT / "chalicelib", FORMS)
STATIC = ROOT / "chalicelib" / "web" / "static"  # written by the build: watching it would never end
SERVE = "--serve"


def watch(port: int) -> int:
    """Listens on the port and keeps one serving process, replaced on every change."""
    from watchfiles import watch as changes

    with socket.socket() as listener, tempfile.TemporaryDirectory() as folder:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            print(f"Port {port} is in use. Choose another: make preview PORT={port + 1}")
            return 1
        listener.listen(128)  # requests wait here while the serving process is replaced
        serving = _serving(listener, Path(folder))
        print(f"Ready: http://localhost:{port}/", flush=True)
        try:
            for _ in changes(*WATCHED, watch_filter=_counts, raise_interrupt=False, debounce=200):
                _stop(serving)
                serving = _serving(listener, Path(folder))
                print("Changed: shown anew", flush=True)
        except KeyboardInterrupt:
            pass
        finally:
            _stop(serving)
    print("Stopped.")
    return 0


def serve(descriptor: int, kept: Path) -> None:
    """Serves on an open socket until SIGTERM, then keeps the drafts for the next process."""
    from waitress.server import create_server

    from infra.local.preview_app import PreviewApp, failed, keep_drafts, take_drafts

    loaded: Any = None
    try:
        services = _services()
        take_drafts(services, kept)
        application: Any = PreviewApp(services)
        loaded = services
    except Exception as error:  # a file or a module that does not load: the page says why
        application = failed(error)
    server: Any = create_server(
        application, sockets=[socket.socket(fileno=descriptor)], threads=4, ident=None
    )
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the watching process says when to stop
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        if loaded is not None:
            keep_drafts(loaded, kept)


def _services() -> Any:
    from chalicelib.bootstrap import in_memory_services
    from chalicelib.referrals.partnership_check import load_checked
    from chalicelib.settings import load_settings
    from infra.assets.build import build_assets

    build_assets()
    port = os.environ.get("PORT", "8000")
    settings = load_settings({**os.environ, "PUBLIC_URL": f"http://localhost:{port}"})
    load_checked(settings.forms_dir, settings.partnership)
    return in_memory_services(settings)


def _serving(listener: socket.socket, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "infra.local.preview", SERVE]
    arguments = [str(listener.fileno()), str(folder / "drafts")]
    return subprocess.Popen([*command, *arguments], cwd=ROOT, pass_fds=[listener.fileno()])


def _stop(serving: subprocess.Popen[bytes]) -> None:
    serving.terminate()
    try:
        serving.wait(timeout=5)
    except subprocess.TimeoutExpired:
        serving.kill()
        serving.wait()


def _counts(_change: object, path: str) -> bool:
    return not path.startswith(str(STATIC)) and "__pycache__" not in path and path[-1] != "~"


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(given: list[str]) -> int:
    if given[:1] == [SERVE]:
        serve(int(given[1]), Path(given[2]))
        return 0
    signal.signal(signal.SIGTERM, _interrupt)
    return watch(int(os.environ.get("PORT", "8000")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
