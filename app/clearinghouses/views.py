"""Pages of the clearing houses: directory, who is responsible for a place, one house, and the map's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import public
from app.clearinghouses import queries, services
from app.clearinghouses.page_parts import house_page_parts
from app.clearinghouses.places_asked import near_given, read_place
from app.clearinghouses.presentation import (
    CARRIER_KIND_LABELS,
    accessibility_words,
    card_of,
    cards_of,
    channels_of,
    language_names,
)
from app.shared import clock
from app.shared.api_shape import GEOJSON_TYPE, json_answer
from app.shared.errors import BadInput
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("clearinghouses", __name__, url_prefix="/clearinghouses", template_folder="templates")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Show the directory by Land."""
    lands = queries.list_lands(db.session())
    return render_template(
        "clearinghouses/index.html", lands=lands, total=sum(len(land.houses) for land in lands)
    )


@bp.get("/for")
@public
def responsible() -> ResponseReturnValue:
    """Answer who is responsible for a place, or ask which place is meant."""
    near = near_given(request.args)
    if not near:
        return render_template("clearinghouses/responsible.html", near="", asked=None)
    try:
        asked = read_place(db.session(), near)
    except BadInput as error:
        return render_template(
            "clearinghouses/responsible.html", near="", asked=None, error=error.message
        ), 400
    if asked.place is None:
        return render_template(
            "clearinghouses/responsible.html", near=near, asked=asked, error=_unknown(near)
        ), 400
    if asked.others:
        return render_template("clearinghouses/responsible.html", near=near, asked=asked)
    found = services.responsible_for(db.session(), asked.place)
    now = clock.now()
    return render_template(
        "clearinghouses/responsible.html",
        near=asked.place.label,
        asked=asked,
        found=found,
        cards=cards_of(found.houses, now),
        nearest=card_of(found.nearest, now) if found.nearest else None,
    )


@bp.get("/map.json")
@public
def map_points() -> ResponseReturnValue:
    """Answer all houses as points for the map."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [point.longitude, point.latitude]},
            "properties": {
                "slug": point.slug,
                "name": point.name,
                "phone": point.phone,
                "town": point.town,
                "url": url_for("clearinghouses.show", slug=point.slug),
            },
        }
        for point in queries.list_points(db.session())
    ]
    return json_answer(
        {"type": "FeatureCollection", "total": len(features), "features": features}, content_type=GEOJSON_TYPE
    )


@bp.get("/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """Show one clearing house."""
    house = queries.get_by_slug(db.session(), slug)
    now = clock.now()
    return render_template(
        "clearinghouses/show.html",
        house=house,
        channels=channels_of(house.hours, now),
        branches=[(branch, channels_of(branch.hours, now)) for branch in house.branches],
        carrier_kind=CARRIER_KIND_LABELS[house.carrier_kind],
        languages=language_names(house.languages),
        accessibility=accessibility_words(house.accessibility),
        parts=house_page_parts(house),
    )


def _unknown(near: str) -> str:
    """Answer the sentence for a place nobody knows."""
    return str(
        _(
            "We do not know a place called “%(near)s”. Please check the spelling or type a postcode.",
            near=near,
        )
    )
