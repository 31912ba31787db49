"""What everybody may see of rooms: those that a house shows, and their photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, render_template, request
from markupsafe import Markup

from app.accounts.guard import public
from app.clearinghouses.presentation import written_hours
from app.clearinghouses.queries import get_by_slug
from app.rooms.photos import get_jpeg
from app.rooms.queries.rooms import list_rooms
from app.rooms.views.blueprint import bp
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.clearinghouses.queries import HouseRow

A_MINUTE, A_YEAR = 60, 31_536_000


@bp.get("/clearinghouses/<slug>/rooms")
@public
def of_house(slug: str) -> ResponseReturnValue:
    """Show the rooms that a house shows."""
    house = get_by_slug(db.session(), slug)
    rooms = list_rooms(db.session(), house.id, only_public=True)
    return render_template(
        "rooms/of_house.html", house=house, rooms=[(room, written_hours(room.hours)) for room in rooms]
    )


@bp.get("/rooms/photos/<int:photo_id>")
@public
def photo(photo_id: int) -> ResponseReturnValue:
    """Answer a photo; asked for with the mark of its content, it may be kept for ever."""
    jpeg, mark = get_jpeg(db.session(), photo_id)
    response = Response(jpeg, mimetype="image/jpeg")
    response.cache_control.public = True
    response.cache_control.max_age = A_YEAR if request.args.get("v") == mark else A_MINUTE
    response.cache_control.immutable = request.args.get("v") == mark
    return response


def rooms_on_house_page(house: HouseRow) -> Markup:
    """Answer what the page of a house says about its rooms; nothing when it shows none."""
    rooms = list_rooms(db.session(), house.id, only_public=True)
    if not rooms:
        return Markup()
    return Markup(render_template("rooms/_on_house_page.html", house=house, rooms=rooms))  # noqa: S704 - escaped by the template
