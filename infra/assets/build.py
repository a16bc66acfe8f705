"""Builds chalicelib/web/static from chalicelib/web/assets, named by content."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from infra.paths import NODE_MODULES, ROOT
from infra.setup.node import node

SOURCES = ROOT / "chalicelib" / "web" / "assets"
STATIC = ROOT / "chalicelib" / "web" / "static"
MANIFEST = "manifest.json"
# Offices keep old browsers: those that know script modules, as GOV.UK Frontend 6 supports them.
STYLE_TARGET = "chrome61,edge16,firefox60,safari11"
SCRIPT_TARGET = "es2019"


class AssetError(Exception):
    """A source does not compile; the message is the compiler's, with file and line."""


def build_assets(sources: Path = SOURCES, static: Path = STATIC) -> dict[str, str]:
    """Writes hashed files and `manifest.json`, which it returns: {"app.css": "app-<hash>.css"}.

    Quick when no source and no tool has changed. Files of former builds are removed.
    Raises AssetError.
    """
    stamp = static / ".stamp"
    wanted = _digest_of_sources(sources)
    if stamp.is_file() and stamp.read_text() == wanted:
        manifest: dict[str, str] = json.loads((static / MANIFEST).read_text())
        return manifest
    static.mkdir(parents=True, exist_ok=True)
    manifest = {name: _write(static, name, content) for name, content in _compiled(sources)}
    (static / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    _remove_all_but(static, {MANIFEST, *manifest.values()})
    stamp.write_text(wanted)
    return manifest


def _compiled(sources: Path) -> Iterator[tuple[str, bytes]]:
    if (sources / "app.scss").exists():
        yield "app.css", _stylesheet(sources / "app.scss")
    if (sources / "app.js").exists():
        yield "app.js", _script(sources / "app.js")
    for picture in sorted(sources.glob("*.svg")):
        yield picture.name, picture.read_bytes()


def _stylesheet(source: Path) -> bytes:
    arguments = ["--no-source-map", "--quiet-deps", "--silence-deprecation=import"]
    css = _tool("sass/sass.js", *arguments, f"--load-path={NODE_MODULES}", str(source))
    return _esbuild("--loader=css", "--minify", f"--target={STYLE_TARGET}", given=css)


def _script(source: Path) -> bytes:
    return _esbuild(
        str(source), "--bundle", "--minify", "--format=iife", f"--target={SCRIPT_TARGET}"
    )


def _esbuild(*arguments: str, given: bytes | None = None) -> bytes:
    return _tool("esbuild/bin/esbuild", "--log-level=warning", *arguments, given=given)


def _tool(script: str, *arguments: str, given: bytes | None = None) -> bytes:
    done = subprocess.run(
        [node(), NODE_MODULES / script, *arguments],
        cwd=ROOT,
        env={**os.environ, "NODE_PATH": str(NODE_MODULES)},
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace")
        raise AssetError(said.split("\nnode:", 1)[0].strip())  # without Node's own stack
    return done.stdout


def _write(static: Path, name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    hashed = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    (static / hashed).write_bytes(content)
    return hashed


def _remove_all_but(static: Path, kept: set[str]) -> None:
    for path in static.iterdir():
        if path.name not in kept:
            path.unlink()


def _digest_of_sources(sources: Path) -> str:
    total = hashlib.sha256()
    inputs = [*sorted(sources.rglob("*")), ROOT / "package-lock.json", Path(__file__)]
    for path in inputs:
        if path.is_file():
            total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
