"""One booking at the desk: made for the house itself, looked at, cancelled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.rooms.forms import TimesForm
from app.rooms.queries.bookings import BookingRow, find_booking, list_coming_of_group
from app.rooms.rules.availability import Span
from app.rooms.services.bookings import book_for_house, cancel_booking, cancel_coming_bookings
from app.rooms.services.notices import tell_of_cancelled
from app.rooms.views.blueprint import asked_day, bp, my_room
from app.shared import clock
from app.shared.errors import NotFound, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/desk/rooms/<int:room_id>/book", methods=["GET", "POST"])
@requires("manage_rooms")
def book(room_id: int) -> ResponseReturnValue:
    """Book a room for the house itself."""
    room = my_room(room_id)
    now = clock.now()
    if request.method == "GET":
        given = {
            "on": asked_day(now).isoformat(),
            "begins": request.args.get("begins", "")[:5],
            "ends": request.args.get("ends", "")[:5],
        }
        return render_template("rooms/book.html", room=room, form=TimesForm(formdata=None, data=given))
    form = TimesForm()
    if form.validate():
        try:
            span = form.span(room.zone)
            with transaction() as session:
                book_for_house(session, room_id, span, title=form.title.data or "", now=now)
        except RuleBroken as error:
            field = {"title": form.title, "date": form.on}.get(error.field or "", form.begins)
            field.errors = [error.message]
        except ValueError:
            form.on.errors = [_("Please give a day, a beginning and an end.")]
        else:
            day = date.fromisoformat((form.on.data or "").strip())
            return redirect(url_for("rooms.week", room_id=room_id, date=day, done="booked"), code=303)
    return render_template("rooms/book.html", room=room, form=form), 400


@bp.route("/desk/rooms/bookings/<int:booking_id>", methods=["GET", "POST"])
@requires("manage_rooms")
def booking(booking_id: int) -> ResponseReturnValue:
    """Show a booking; cancel it, or all that its group has in this room from now on."""
    found = find_booking(db.session(), booking_id)
    if found is None:
        raise NotFound(_("There is no such booking."), code="unknown_booking")
    room = my_room(found.room_id)
    now = clock.now()
    coming = _coming(found)
    if request.method == "GET":
        return render_template(
            "rooms/booking.html", booking=found, room=room, coming=coming, is_over=found.ends_at <= now
        )
    try:
        with transaction() as session:
            spans = _cancel(found, is_all="all" in request.form)
            if found.group_id is not None and spans:
                reason = request.form.get("reason", "")[:200].strip()
                tell_of_cancelled(session, room.id, found.group_id, spans, reason=reason, now=now)
    except RuleBroken as error:
        page = render_template(
            "rooms/booking.html",
            booking=found,
            room=room,
            coming=coming,
            is_over=True,
            problem=error.message,
        )
        return page, error.status
    day = found.starts_at.date()
    return redirect(url_for("rooms.week", room_id=room.id, date=day, done="cancelled"), code=303)


def _coming(found: BookingRow) -> list[BookingRow]:
    """Answer what the group of a booking has in the same room from now on."""
    if found.group_id is None:
        return []
    coming = list_coming_of_group(db.session(), found.group_id, now=clock.now())
    return [each for each in coming if each.room_id == found.room_id]


def _cancel(found: BookingRow, *, is_all: bool) -> list[Span]:
    """Cancel inside the caller's transaction; answer the times that are free again."""
    now, session = clock.now(), db.session()
    reason = request.form.get("reason", "")[:200].strip()
    if is_all and found.group_id is not None:
        coming = {each.id: each.span for each in _coming(found)}
        gone = cancel_coming_bookings(session, found.room_id, found.group_id, reason=reason, now=now)
        return [coming[booking_id] for booking_id in gone if booking_id in coming]
    return [found.span] if cancel_booking(session, found.id, reason=reason, now=now) else []
