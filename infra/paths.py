"""Where things are in a working tree."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
FORMS = ROOT / "forms"
INSTANCES = ROOT / "infra" / "instances"
NODE_MODULES = ROOT / "node_modules"
STATE = ROOT / ".local"
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
