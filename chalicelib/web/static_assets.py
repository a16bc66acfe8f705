"""Stylesheet, script and pictures: text only, named by content, kept by browsers for a year."""

from __future__ import annotations

import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.web.http import Response

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import Brand, Partnership

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_A_YEAR = "public, max-age=31536000, immutable"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9A-Z]+)*\.(?:css|js|svg)")


@cache
def manifest(folder: Path = STATIC) -> dict[str, str]:
    """Source name to built name, as `infra/assets/build.py` wrote it; empty before a build."""
    path = folder / "manifest.json"
    if not path.is_file():
        return {}
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


def asset_url(name: str) -> str:
    """The path of a built asset, "/assets/app-<hash>.css" for "app.css", without base URL."""
    return f"/assets/{manifest().get(name, name)}"


def serve(name: str, partnership: Partnership, folder: Path = STATIC) -> Response | None:
    """A built asset, or one made of the partnership's colours; None for anything else."""
    body = _body(name, partnership.brand, folder)
    if body is None:
        return None
    return Response(
        status=200,
        body=body,
        content_type=TYPES[Path(name).suffix],
        headers={"Cache-Control": FOR_A_YEAR},
    )


def brand_name(brand: Brand) -> str:
    """File name of the stylesheet that holds the partnership's colours."""
    return f"brand-{_digest(brand_css(brand))}.css"


def icon_name(brand: Brand) -> str:
    """File name of the icon that browsers show in a tab."""
    return f"icon-{_digest(icon_svg(brand))}.svg"


def brand_css(brand: Brand) -> str:
    """The colours as custom properties: pages need no inline style, which our policy forbids."""
    return (
        f":root{{--brand:{_colour(brand.colour)};"
        f"--brand-text:{_colour(brand.text_colour)};"
        f"--brand-accent:{_colour(brand.accent)}}}\n"
    )


def icon_svg(brand: Brand) -> str:
    """Two sheets, one checked: a case review, in the partnership's colours."""
    back, front = _colour(brand.colour), _colour(brand.text_colour)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="6" fill="{back}"/>'
        f'<path d="M9 6h11l4 4v16H9z" fill="{front}"/>'
        f'<path d="M12 17l3 3 6-7" fill="none" stroke="{back}" stroke-width="2.5"/></svg>\n'
    )


def _body(name: str, brand: Brand, folder: Path) -> str | None:
    if not _NAME.fullmatch(name):
        return None
    if name == brand_name(brand):
        return brand_css(brand)
    if name == icon_name(brand):
        return icon_svg(brand)
    if name not in manifest(folder).values():
        return None
    return (folder / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError("a brand colour is written #rrggbb")
    return value
