"""Places while somebody types: ``/api/v1/places``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request
from flask_babel import gettext as _

from app.accounts.guard import public
from app.places.gazetteer import MAX_TEXT, get_gazetteer
from app.shared.api_shape import collection
from app.shared.errors import BadInput
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("places_api", __name__, url_prefix="/api/v1")

DEFAULT_LIMIT = 8
MAX_LIMIT = 20


@bp.get("/places")
@public
def list_places() -> ResponseReturnValue:
    """Suggest places for what has been typed so far, the likeliest first."""
    q = request.args.get("q", "").strip()
    if not q:
        raise BadInput(_("Please send the beginning of a postcode or place name as “q”."), field="q")
    if len(q) > MAX_TEXT:
        raise BadInput(
            _("“q” is too long. Please send at most %(count)s characters.", count=MAX_TEXT), field="q"
        )
    places = get_gazetteer(db.session()).suggest(q, limit=_limit())
    return collection([place.as_item() for place in places], total=len(places))


def _limit() -> int:
    given = request.args.get("limit", "").strip()
    if not given:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdecimal() and len(given) <= 3 and 1 <= int(given) <= MAX_LIMIT):
        raise BadInput(_("“limit” must be a whole number from 1 to %(most)s.", most=MAX_LIMIT), field="limit")
    return int(given)
