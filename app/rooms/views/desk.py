"""The rooms of a house, at its desk: what waits, the rooms and what is known of them, photos, closed days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import authorize, requires
from app.clearinghouses.desk_house import my_houses
from app.clearinghouses.queries import houses_by_id
from app.groups.meetings.closable import place_label
from app.groups.meetings.closing import close_and_tell, reopen_and_tell
from app.groups.meetings.closures import Owner, list_closures
from app.groups.meetings.schedules import day_of
from app.rooms.forms import ClosureForm, PhotoForm, RoomForm, room_form_values
from app.rooms.photos import MOST_BYTES, add_photo, remove_photo
from app.rooms.queries.requests import list_requests_of_house
from app.rooms.queries.rooms import RoomRow, list_rooms
from app.rooms.rules.vocabulary import COUNTERED, WAITING
from app.rooms.services.rooms import change_room, register_room
from app.rooms.views.blueprint import bp, my_house, my_room
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from app.shared.uploads import sent_file, takes_file

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.clearinghouses.models import ClearingHouse


@bp.get("/desk/rooms")
@requires("manage_rooms")
def desk() -> ResponseReturnValue:
    """The requests that wait, the longest first, and the rooms of the house."""
    house = my_house()
    requests = list_requests_of_house(db.session(), house.id, (WAITING, COUNTERED))
    return render_template(
        "rooms/desk.html",
        house=house,
        houses=my_houses("manage_rooms"),
        rooms=list_rooms(db.session(), house.id),
        waiting=[each for each in requests if each.state == WAITING],
        offered=[each for each in requests if each.state == COUNTERED],
    )


@bp.route("/desk/rooms/new", methods=["GET", "POST"])
@requires("manage_rooms")
def new_room() -> ResponseReturnValue:
    """Add a room to a house."""
    house = my_house()
    form = RoomForm() if request.method == "POST" else RoomForm(formdata=None, data=_new_values(house))
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                room_id = register_room(session, house.id, form.draft, now=clock.now())
        except RuleBroken as error:
            _refuse(form, error)
        else:
            return redirect(url_for("rooms.edit_room", room_id=room_id, done="added"), code=303)
    body = render_template("rooms/edit.html", house=house, room=None, form=form, closures=[])
    return body, 400 if request.method == "POST" else 200


@bp.route("/desk/rooms/<int:room_id>", methods=["GET", "POST"])
@requires("manage_rooms")
def edit_room(room_id: int) -> ResponseReturnValue:
    """Change what is known of a room."""
    room = my_room(room_id)
    form = RoomForm() if request.method == "POST" else RoomForm(formdata=None, data=room_form_values(room))
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                change_room(session, room_id, form.draft, now=clock.now())
        except RuleBroken as error:
            _refuse(form, error)
        else:
            return redirect(url_for("rooms.edit_room", room_id=room_id, done="saved"), code=303)
    return _room_page(room, form=form), 400 if request.method == "POST" else 200


@bp.post("/desk/rooms/<int:room_id>/photos")
@takes_file
@requires("manage_rooms")
def send_photo(room_id: int) -> ResponseReturnValue:
    """Add a photo to a room."""
    room = my_room(room_id)
    form = PhotoForm()
    is_right = form.validate()
    try:
        sent = sent_file("photo", MOST_BYTES)
        if sent is None:
            form.photo.errors = [_("Please choose a photo first.")]
        elif is_right:
            with transaction() as session:
                add_photo(session, room_id, content=sent[1], alt=form.alt.data or "", now=clock.now())
            return redirect(url_for("rooms.edit_room", room_id=room_id, done="photo") + "#photos", code=303)
    except RuleBroken as error:
        _refuse(form, error)
    return _room_page(room, photo_form=form), 400


@bp.post("/desk/rooms/<int:room_id>/photos/<int:photo_id>/remove")
@requires("manage_rooms")
def take_photo_away(room_id: int, photo_id: int) -> ResponseReturnValue:
    """Remove a photo of a room."""
    my_room(room_id)
    with transaction() as session:
        remove_photo(session, room_id, photo_id, now=clock.now())
    return redirect(url_for("rooms.edit_room", room_id=room_id, done="photo-gone") + "#photos", code=303)


@bp.post("/desk/rooms/<int:room_id>/closures")
@requires("close_places")
def close_days(room_id: int) -> ResponseReturnValue:
    """Close a room for some days; groups that meet there or have booked it are told."""
    room = my_room(room_id)
    authorize("close_places", clearinghouse_id=room.clearinghouse_id)
    form = ClosureForm()
    try:
        first_on, last_on = form.read_days()
        with transaction() as session:
            concerned = close_and_tell(
                session,
                Owner(place_id=room.place_id),
                first_on=first_on,
                last_on=last_on,
                reason=form.why.data or "",
                place=place_label(room),
                now=clock.now(),
            )
    except RuleBroken as error:
        _refuse(form, error)
    except ValueError:
        form.first_on.errors = [_("Please choose a day.")]
    else:
        address = url_for("rooms.edit_room", room_id=room_id, done="closed", concerned=len(concerned))
        return redirect(f"{address}#closed-days", code=303)
    return _room_page(room, closure_form=form), 400


@bp.post("/desk/rooms/<int:room_id>/closures/<int:closure_id>/reopen")
@requires("close_places")
def reopen_days(room_id: int, closure_id: int) -> ResponseReturnValue:
    """Take a closure of a room back."""
    room = my_room(room_id)
    authorize("close_places", clearinghouse_id=room.clearinghouse_id)
    now = clock.now()
    own = {each.id for each in list_closures(db.session(), Owner(place_id=room.place_id), since=day_of(now))}
    if closure_id in own:
        with transaction() as session:
            reopen_and_tell(session, closure_id, place=place_label(room), now=now)
    return redirect(url_for("rooms.edit_room", room_id=room_id, done="reopened") + "#closed-days", code=303)


def _room_page(
    room: RoomRow,
    *,
    form: RoomForm | None = None,
    photo_form: PhotoForm | None = None,
    closure_form: ClosureForm | None = None,
) -> str:
    """Answer the page of a room with the form that was sent as it was sent."""
    today = day_of(clock.now())
    return render_template(
        "rooms/edit.html",
        house=houses_by_id(db.session(), [room.clearinghouse_id])[room.clearinghouse_id],
        room=room,
        form=form or RoomForm(formdata=None, data=room_form_values(room)),
        photo_form=photo_form or PhotoForm(formdata=None),
        closure_form=closure_form or ClosureForm(formdata=None),
        closures=list_closures(db.session(), Owner(place_id=room.place_id), since=today),
    )


def _new_values(house: ClearingHouse) -> dict[str, str]:
    """Answer what a new room most likely has: the address of its house, evenings from Monday to Friday."""
    main = houses_by_id(db.session(), [house.id])[house.id].main
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    return {
        "street": main.street,
        "postcode": main.postcode,
        "town": main.town,
        "price": "0",
        **dict.fromkeys(days, "09:00–21:00"),
    }


_FIELD_NAMES = {"lead": "lead_days", "place": "name", "hours": "monday", "reason": "why"}


def _refuse(form: RoomForm | PhotoForm | ClosureForm, error: RuleBroken) -> None:
    form.refuse(error, beside=_FIELD_NAMES.get(error.field or ""))
