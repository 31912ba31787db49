"""The map's script: a folium map made once and served as a file, which hands over to ``static/js/map.js``.

Only numbers go through folium; names and texts reach the browser as data and are set as text there. folium itself
is imported when the script is first asked for, because that takes a third of a second.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, json, request, url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.accounts.guard import public
from app.groups.rules.geo_search import AREA_CELL_LAT_E5, AREA_CELL_LON_E5, E5
from app.shared.languages import current_language

if TYPE_CHECKING:
    from flask import Flask
    from flask.blueprints import BlueprintSetupState

bp = Blueprint("groups_map", __name__)

ELEMENT_ID = "map_finder"
"""The id of the element the map is drawn in; there is one map a page."""
CENTRE_OF_GERMANY = (51.2, 10.4)
FIRST_ZOOM = 6
TILE_CREDIT = "© OpenStreetMap"
_GAP = "{n}"
_HANDING_OVER = """
{% macro script(this, kwargs) %}
window.Wirkreis.viewport({{ this._parent.get_name() }});
{% endmacro %}
"""


@bp.get("/groups/map.js")
@public
def script() -> Response:
    """Answer the script that makes the map; under the address of ``script_url`` it may be kept for ever."""
    answer = Response(map_script(_tile_url()), mimetype="text/javascript")
    is_current = request.args.get("v") == _mark(_tile_url())
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_current else "no-cache"
    return answer


@cache
def map_script(tile_url: str) -> str:
    """Answer the script folium makes: the map, its tiles if there are any, and the call into ``map.js``."""
    import folium  # noqa: PLC0415 - slow, and wanted only here
    from branca.element import MacroElement  # noqa: PLC0415
    from folium.template import Template  # noqa: PLC0415

    leaflet_map: Any = folium.Map(
        location=CENTRE_OF_GERMANY,
        zoom_start=FIRST_ZOOM,
        tiles=None,
        zoom_control=False,
        zoom_snap=1 if tile_url else 0.25,
    )
    leaflet_map._id = ELEMENT_ID.removeprefix("map_")  # noqa: SLF001 - folium's way to a name that stays
    leaflet_map.default_js, leaflet_map.default_css = [], []
    if tile_url:
        tiles: Any = folium.TileLayer(tiles=tile_url, attr=TILE_CREDIT, name="tiles", max_zoom=18)
        tiles._id = "tiles"  # noqa: SLF001
        tiles.add_to(leaflet_map)
    handing_over: Any = MacroElement()  # type: ignore[no-untyped-call]
    handing_over._template = Template(_HANDING_OVER)  # noqa: SLF001
    handing_over.add_to(leaflet_map)
    figure = leaflet_map.get_root()
    figure.render()
    return f'"use strict";\n{figure.script.render()}'


def prepare(app: Flask) -> None:
    """Afterwards the script is ready, so that the first visitor of a new server process need not wait for folium."""
    with app.app_context():
        map_script(_tile_url())


def script_url() -> str:
    """Answer the address of the script, from the root, with a mark that changes with its content."""
    return f"/groups/map.js?v={_mark(_tile_url())}"


def map_texts(kind: str) -> Markup:
    """Answer every text the map's script says as JSON for an attribute, in the language of the page.

    ``{n}`` is a number, ``{name}`` a name.

    ``kind`` is ``finder``, ``houses``, ``group`` or ``pin``.
    """
    return _map_texts(kind, current_language())


@cache
def _map_texts(kind: str, _language: str) -> Markup:
    one, many = (_count_words(kind, number) for number in (1, 2))
    labels = {
        "finder": _("Map of the groups"),
        "houses": _("Map of the clearing houses"),
        "group": _("Map of the meeting place"),
        "pin": _("Map of the meeting place"),
    }
    texts = {
        "thousands": format_decimal(1000)[1:-3],
        "count_one": one,
        "count_many": many,
        "label": labels[kind],
        "cluster": _("%(count)s groups, zoom in", count=_GAP),
        "together": _("%(count)s groups at this place", count=_GAP),
        "show_list": _("Show them as a list"),
        "seat_area": _("%(name)s, roughly here", name="{name}"),
        "seat_clearinghouse": _("%(name)s, the clearing house tells the place", name="{name}"),
        "place_area": _("The group meets roughly here. You learn the exact place when you get in touch."),
        "place_clearinghouse": _(
            "The clearing house tells you the place. The mark on the map shows the clearing house."
        ),
        "to_group": _("To the group"),
        "to_house": _("To the clearing house"),
        "next": _("Next meeting: %(when)s", when="{when}"),
        "close": _("Close"),
        "close_map": _("Back to the list"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "failed": _("The map's groups could not be loaded. Please move the map a little to try again."),
        "list_failed": _("The list could not be loaded. Please move the map a little to try again."),
        "area": _("The group meets somewhere in this square."),
    }
    return escape(json.dumps(texts))


def area_cell(latitude: float, longitude: float) -> str:
    """Answer the coarse cell around its centre as ``west,south,east,north``."""
    half_lat, half_lon = AREA_CELL_LAT_E5 / E5 / 2, AREA_CELL_LON_E5 / E5 / 2
    sides = (longitude - half_lon, latitude - half_lat, longitude + half_lon, latitude + half_lat)
    return ",".join(f"{side:.5f}" for side in sides)


def _count_words(kind: str, number: int) -> str:
    """Answer the sentence about what the map shows, in the form that suits the number."""
    if kind == "houses":
        return ngettext(
            "%(count)s clearing house on this map",
            "%(count)s clearing houses on this map",
            number,
            count=_GAP,
        )
    return ngettext(
        "%(count)s group in this part of the map",
        "%(count)s groups in this part of the map",
        number,
        count=_GAP,
    )


def _tile_url() -> str:
    """Answer the address of the tiles; empty, which means the embedded map, unless they are on this host."""
    url = str(current_app.config["WIRKREIS"].tile_url)
    return url if url.startswith("/") and not url.startswith("//") else ""


@cache
def _mark(tile_url: str) -> str:
    source = Path(__file__).read_bytes()
    return hashlib.sha256(b"\0".join((source, version("folium").encode(), tile_url.encode()))).hexdigest()[
        :10
    ]


@bp.record_once
def _offer_to_templates(state: BlueprintSetupState) -> None:
    """Afterwards ``macros/map.html`` finds what it needs."""
    state.app.jinja_env.globals.update(
        map_area_cell=area_cell,
        map_has_tiles=lambda: bool(_tile_url()),
        map_script_url=script_url,
        map_texts=map_texts,
        map_points_url=lambda: url_for("groups_api.map_json"),
        map_list_url=lambda: url_for("groups.finder"),
    )
