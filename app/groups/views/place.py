"""The pin of a group's place: where on the map it is, set by hand by those who look after the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from app.accounts.guard import requires
from app.groups.meetings.drafts import refuse
from app.groups.meetings.forms import PinForm
from app.groups.meetings.managed import ManagedGroup, count_other_groups_at
from app.groups.services import move_pin
from app.groups.views.blueprint import bp
from app.groups.views.managing import back_to_meetings, get_managed
from app.places.gazetteer import get_gazetteer
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/accounts/groups/<slug>/place", methods=["GET", "POST"])
@requires("manage_meetings")
def place_pin(slug: str) -> ResponseReturnValue:
    """Show where the place of a group is on the map; or put it elsewhere."""
    group = get_managed(slug)
    latitude, longitude = _point(group)
    form = PinForm(data={"latitude": latitude, "longitude": longitude})
    place_id = group.row.place_id
    if request.method == "POST" and form.validate() and place_id is not None:
        try:
            with transaction() as session:
                move_pin(
                    session,
                    place_id,
                    latitude=form.latitude.data or 0,
                    longitude=form.longitude.data or 0,
                    now=clock.now(),
                )
            return back_to_meetings(slug, "pinned")
        except RuleBroken as error:
            refuse(form, error)
    page = render_template(
        "groups/manage/place.html",
        group=group,
        form=form,
        latitude=latitude,
        longitude=longitude,
        others=count_other_groups_at(db.session(), group),
    )
    return page, 400 if form.errors else 200


def _point(group: ManagedGroup) -> tuple[float, float]:
    """Answer where the map begins: at the pin, else in the middle of the postcode, else at the clearing house."""
    row = group.row
    if row.latitude is not None:
        return round(row.latitude, 5), round(row.longitude, 5)
    postcode = get_gazetteer(db.session()).find_postcode(row.postcode or "")
    if postcode is not None:
        return round(postcode.latitude, 5), round(postcode.longitude, 5)
    return round(row.house_latitude, 5), round(row.house_longitude, 5)
