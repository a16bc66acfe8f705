"""Pages from templates: minijinja draws GOV.UK's own macros in a layout of ours.

Measured for one page of five fields: 0.4 ms, and 1.5 ms for the first page ever, where Jinja2
needs 2.4 ms and 152 ms. minijinja cannot load GOV.UK's page layout, so `layout.html` is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minijinja import Environment, safe

from chalicelib.web.summary_list import summary_rows

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import Partnership
    from chalicelib.web.http import Request

TEMPLATES = Path(__file__).parent / "templates"
_MACRO_PACKAGE = "govuk_frontend_jinja"
_COMPONENT = "component/"
_ROUTE = ("text", "link_text", "url", "phone", "hours")


class Renderer:
    """Draws a page of `templates/`. One is enough for a process; it holds no request."""

    def __init__(self, templates: Path = TEMPLATES) -> None:
        self._environment = environment(templates)

    def page(
        self,
        template: str,
        *,
        request: Request,
        partnership: Partnership,
        title: str,
        error: bool = False,
        **context: Any,
    ) -> str:
        """A whole page as HTML.

        `title` is both the window's title and, where the template has no other heading, the h1.
        `error` puts "Error: " before the window's title, as WCAG 2.4.2's techniques advise.
        Strings ending in `_html` are drawn as they are; everything else is escaped.
        """
        site = _site(partnership)
        page = self._environment.render_template(
            template,
            **{
                **site,
                "base": request.base_url,
                "title": title,
                "error": error or bool(context.get("error_summary")),
                "routes": _once(site["routes"], context.get("stream")),
                **{name: _trusted(name, value) for name, value in context.items()},
            },
        )
        # minijinja also escapes the slash, which HTML does not ask for: it costs bytes in links.
        return page.replace("&#x2f;", "/")


def draw_macro(macro: str, params: Mapping[str, Any]) -> str:
    """A GOV.UK component by its macro's folder name ("date-input") and the macro's parameters."""
    return _shared().render_template(f"{_COMPONENT}{macro}.html", params=params)


@cache
def _shared() -> Environment:
    return environment(TEMPLATES)


@lru_cache(maxsize=8)
def environment(templates: Path) -> Environment:
    """An environment that knows our templates, GOV.UK's macros, and one template a macro."""
    macros = _macro_folder()

    def load(name: str) -> str | None:
        if name.startswith(_COMPONENT):
            return _component_source(name.removeprefix(_COMPONENT).removesuffix(".html"))
        folder = macros if name.startswith(_MACRO_PACKAGE) else templates
        path = folder / name.removeprefix(f"{_MACRO_PACKAGE}/")
        return path.read_text(encoding="utf-8") if path.is_file() else None

    return Environment(
        loader=load,
        globals={"summary_rows": summary_rows},
        filters={"length": _length},
        undefined_behavior="chainable",
        trim_blocks=True,
        lstrip_blocks=True,
        debug=False,
    )


def _length(value: Any) -> int:
    """GOV.UK's macros ask for the length of what was not given, and Jinja says 0. minijinja
    refuses that, and takes a missing "items" of a dict for the method of that name."""
    return len(value) if hasattr(value, "__len__") else 0


def _macro_folder() -> Path:
    # The package imports Jinja2 (80 ms): its folder is found without importing it.
    spec = find_spec(_MACRO_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"{_MACRO_PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / "templates"


def _component_source(macro: str) -> str:
    name = "govuk" + "".join(word.capitalize() for word in macro.split("-"))
    path = f"{_MACRO_PACKAGE}/components/{macro}/macro.html"
    return f'{{% from "{path}" import {name} %}}{{{{ {name}(params) }}}}'


def _trusted(name: str, value: Any) -> Any:
    if not name.endswith("_html"):
        return value
    if isinstance(value, str):
        return safe(value)
    return [safe(part) for part in value or ()]


@lru_cache(maxsize=4)
def _site_of(partnership: _ById) -> dict[str, Any]:
    from chalicelib.web.static_assets import asset_url, brand_name, icon_name

    known = partnership.value
    contact = known.contact
    return {
        "partnership_id": known.id,
        "partnership_name": known.name,
        "service_name": known.service_name,
        "classification": known.classification,
        "area": known.area,
        "help_email": contact.help_email,
        "help_phone": contact.help_phone,
        "website": contact.website,
        "website_name": contact.website_name,
        "theme_colour": known.brand.colour,
        "css": asset_url("app.css"),
        "js": asset_url("app.js"),
        "brand_css": f"/assets/{brand_name(known.brand)}",
        "icon": f"/assets/{icon_name(known.brand)}",
        "routes": _routes(known),
    }


class _ById:
    """A partnership as a cache key: it holds mappings, so it has no hash of its own."""

    def __init__(self, value: Partnership) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.value is self.value


def _site(partnership: Partnership) -> dict[str, Any]:
    return _site_of(_ById(partnership))


def _routes(partnership: Partnership) -> list[dict[str, Any]]:
    return [
        {"stream": stream, **{name: getattr(route, name) for name in _ROUTE}}
        for stream, route in partnership.live_routes.items()
    ]


def _once(routes: list[dict[str, Any]], stream: object) -> list[dict[str, Any]]:
    """The routes of one stream, or of all; where two lead to the same place, one of them."""
    asked = [route for route in routes if stream in (None, route["stream"])]
    return list({(route["url"], route["phone"]): route for route in reversed(asked)}.values())[::-1]
