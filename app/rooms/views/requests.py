"""A request at the desk: what is free, what is not and what is free instead; approve, offer, decline."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import authorize, get_person, requires
from app.accounts.rules.permissions import Scope, may
from app.rooms.checks import DateCheck, check_dates, rooms_for_all
from app.rooms.queries.requests import RequestRow, get_request
from app.rooms.queries.rooms import RoomRow, get_room, list_rooms
from app.rooms.rules.availability import Span
from app.rooms.rules.vocabulary import COUNTERED, PARTLY, WAITING
from app.rooms.services.decisions import Offer, approve, decline
from app.rooms.services.series_places import find_series_place
from app.rooms.views.blueprint import bp
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/desk/rooms/requests/<int:request_id>", methods=["GET", "POST"])
@requires("manage_rooms")
def decide(request_id: int) -> ResponseReturnValue:
    """Show a request with what is free, and take the answer of the house."""
    row = get_request(db.session(), request_id)
    authorize("manage_rooms", clearinghouse_id=row.clearinghouse_id)
    room = get_room(db.session(), row.room_id)
    if request.method == "GET":
        return _page(row, room)
    now = clock.now()
    by = get_person().id
    try:
        with transaction() as session:
            if request.form.get("answer") == "decline":
                decline(session, request_id, reason=request.form.get("reason", ""), decided_by_id=by, now=now)
            else:
                is_one_room = request.form.get("answer") == "other-room"
                approve(
                    session,
                    request_id,
                    date_ids=() if is_one_room else None,
                    offers=_offers_of_one_room(row, room, now) if is_one_room else _offers(row),
                    remark=request.form.get("remark", "")[:2000],
                    meets_there="meets_there" in request.form and _may_manage_meetings(row),
                    decided_by_id=by,
                    now=now,
                )
    except (RuleBroken, BadInput) as error:
        return _page(get_request(db.session(), request_id), room, problem=error), 400
    return redirect(url_for("rooms.decide", request_id=request_id, done="decided"), code=303)


def _page(row: RequestRow, room: RoomRow, *, problem: RuleBroken | BadInput | None = None) -> str:
    now = clock.now()
    undecided = [date for date in row.dates if date.booking is None]
    is_open = row.state in {WAITING, PARTLY, COUNTERED}
    checks = check_dates(
        db.session(),
        room,
        [date.span for date in undecided] if is_open else [],
        people=row.people,
        access=row.group_access,
        earliest=now,
    )
    dates = list(zip(undecided, checks, strict=False))
    rooms = {each.id: each for each in list_rooms(db.session(), room.clearinghouse_id)}
    return render_template(
        "rooms/decide.html",
        request_row=row,
        room=room,
        rooms=rooms,
        free=[(date, check) for date, check in dates if check.obstacle is None],
        taken=[(date, check) for date, check in dates if check.obstacle is not None],
        other_rooms=rooms_for_all(
            db.session(), room, [date.span for date, _check in dates], people=row.people, earliest=now
        ),
        can_approve=row.state in {WAITING, PARTLY} and bool(dates),
        series_place=find_series_place(db.session(), row, room_id=row.room_id, now=now)
        if _may_manage_meetings(row)
        else None,
        can_decline=row.state in {WAITING, COUNTERED},
        problem=problem,
        typed=request.form,
        offer_value=offer_value,
    )


def _may_manage_meetings(row: RequestRow) -> bool:
    """Whether somebody at the desk looks after the group, too: a room may be asked for at another house."""
    scope = Scope(group_id=row.group_id, clearinghouse_id=row.group_house_id)
    return may(get_person().actor, "manage_meetings", scope)


def offer_value(check: DateCheck, *, room: RoomRow | None = None, span: Span | None = None) -> str:
    """Answer an offer as the value of a choice: the other room, or the moment that the other time begins."""
    return f"room:{room.id}" if room else f"time:{(span or check.span).starts_at.isoformat()}"


def _offers(row: RequestRow) -> list[Offer]:
    """Answer the offers that were chosen.

    Raises:
        BadInput: a choice is not one that the page shows.
    """
    offers = []
    rooms = {each.id for each in list_rooms(db.session(), row.clearinghouse_id)}
    for date in row.dates:
        kind, _colon, value = request.form.get(f"offer-{date.id}", "").partition(":")
        if not kind:
            continue
        try:
            if kind == "room":
                offer = Offer(date.id, int(value), date.span)
            else:
                starts_at = datetime.fromisoformat(value)
                offer = Offer(date.id, row.room_id, Span(starts_at, starts_at + date.span.duration))
        except (ValueError, OverflowError) as error:
            raise _not_shown() from error
        if offer.room_id not in rooms:
            raise _not_shown()
        offers.append(offer)
    return offers


def _offers_of_one_room(row: RequestRow, room: RoomRow, now: datetime) -> list[Offer]:
    """Answer another room for every date without a booking on which it is free.

    Raises:
        BadInput: the choice is not one that the page shows.
    """
    undecided = {date.span: date.id for date in row.dates if date.booking is None}
    found = rooms_for_all(db.session(), room, list(undecided), people=row.people, earliest=now)
    chosen = next((each for each in found if str(each.room.id) == request.form.get("other_room")), None)
    if chosen is None:
        raise _not_shown()
    return [Offer(undecided[span], chosen.room.id, span) for span in chosen.free]


def _not_shown() -> BadInput:
    return BadInput(_("Please choose one of the rooms and times shown."))
