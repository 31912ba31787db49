"""Clearing houses for machines: ``/api/v1/clearinghouses``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import public
from app.clearinghouses import queries, services
from app.clearinghouses.places_asked import near_given, read_place
from app.shared.api_shape import collection, json_answer
from app.shared.errors import BadInput
from app.shared.extensions import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from app.clearinghouses.queries import HouseRow
    from app.clearinghouses.rules.opening_hours import Interval
    from app.places.matches import PlaceMatch

bp = Blueprint("clearinghouses_api", __name__, url_prefix="/api/v1")

MAX_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class _Found:
    """The houses of a collection, and what each item says beside itself."""

    houses: list[HouseRow]
    marks: dict[str, Any] = field(default_factory=dict)


@bp.get("/clearinghouses")
@public
def list_clearinghouses() -> ResponseReturnValue:
    """List clearing houses by name; with ``near`` those responsible for a place, else the nearest, marked as such."""
    page, per_page = (
        _whole_number("page", 1, most=None),
        _whole_number("per_page", MAX_PER_PAGE, most=MAX_PER_PAGE),
    )
    near = near_given(request.args)
    if "near" in request.args:
        found, more = _near(near)
    else:
        found, more = _Found(queries.list_houses(db.session())), {}
    pages = max(1, -(-len(found.houses) // per_page))
    if page > pages:
        raise BadInput(
            _("There are only %(pages)s pages. Please ask for one of them.", pages=pages), field="page"
        )
    following = url_for(".list_clearinghouses", near=near or None, page=page + 1, per_page=per_page)
    return collection(
        [as_item(house) | found.marks for house in found.houses[(page - 1) * per_page : page * per_page]],
        total=len(found.houses),
        next_url=following if page < pages else None,
        **more,
    )


@bp.get("/clearinghouses/<slug>")
@public
def get_clearinghouse(slug: str) -> ResponseReturnValue:
    """Answer one clearing house."""
    return json_answer(as_item(queries.get_by_slug(db.session(), slug)))


def as_item(house: HouseRow) -> dict[str, Any]:
    """Answer a house as the interface shows it; times are wall clock in Europe/Berlin."""
    return {
        "slug": house.slug,
        "name": house.name,
        "carrier": house.carrier,
        "carrier_kind": house.carrier_kind,
        "side_task": house.side_task,
        "about": dict(house.about),
        "phone": house.phone,
        "email": house.email,
        "website": house.website or None,
        "languages": list(house.languages),
        "accessibility": list(house.accessibility),
        "latitude": house.latitude,
        "longitude": house.longitude,
        "address": house.address,
        "branches": [
            {
                "name": branch.name or None,
                "address": branch.address,
                "latitude": branch.latitude,
                "longitude": branch.longitude,
                "is_main": branch.is_main,
                "opening_hours": _hours(branch.hours),
            }
            for branch in house.branches
        ],
        "districts": [
            {"ags": district.ags, "name": district.name, "postcodes": list(district.postcodes) or None}
            for district in house.districts
        ],
        "opening_hours": _hours(house.hours),
        "url": url_for("clearinghouses.show", slug=house.slug),
    }


def _near(near: str) -> tuple[_Found, dict[str, Any]]:
    """Answer the houses for a place, and what the collection says about the place.

    Raises:
        BadInput: there is no such place.
    """
    asked = read_place(db.session(), near)
    if asked.place is None:
        raise BadInput(_unknown(near, asked.others), code="unknown_place", field="near")
    answer = services.responsible_for(db.session(), asked.place)
    found = _Found(answer.houses, {"responsible": True})
    if answer.nearest is not None:
        far = {"responsible": False, "distance_km": round(answer.nearest_km or 0, 1)}
        found = _Found([answer.nearest], far)
    more = {
        "place": _place(asked.place),
        "alternatives": [_place(other) for other in asked.others],
        "responsible": answer.exact,
    }
    return found, more


def _unknown(near: str, others: Sequence[PlaceMatch]) -> str:
    """Answer the sentence for a place nobody knows, with near misses where there are any."""
    if not near:
        return str(_("Please send a postcode or place name as “near”."))
    if not others:
        return str(
            _("We do not know a place called “%(near)s”. Please send a postcode or place name.", near=near)
        )
    labels = "; ".join(other.label for other in others[:5])
    return str(
        _("We do not know a place called “%(near)s”. Did you mean: %(places)s?", near=near, places=labels)
    )


def _place(place: PlaceMatch) -> dict[str, Any]:
    """Answer a place as the interface shows it; ``label`` is accepted back as ``near``."""
    return {
        "label": place.label,
        "kind": place.kind,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "district": place.district or None,
        "state": place.state,
    }


def _hours(hours: Mapping[str, Iterable[Interval]]) -> list[dict[str, Any]]:
    """Answer the hours of all channels, a weekday each."""
    return [
        {
            "channel": channel,
            "weekday": each.weekday,
            "opens_at": each.opens_at.isoformat("minutes"),
            "closes_at": each.closes_at.isoformat("minutes"),
        }
        for channel, week in hours.items()
        for each in week
    ]


def _whole_number(name: str, usual: int, *, most: int | None) -> int:
    """Answer a number from the query, at least 1.

    Raises:
        BadInput: it is not a whole number, or out of range.
    """
    given = request.args.get(name, "").strip()
    if not given:
        return usual
    number = int(given) if given.isascii() and given.isdecimal() and len(given) <= 9 else 0
    if number < 1 or (most is not None and number > most):
        limits = _("from 1 to %(most)s", most=most) if most else _("from 1 upwards")
        raise BadInput(
            _("“%(name)s” must be a whole number %(limits)s.", name=name, limits=limits), field=name
        )
    return number
