"""Rooms for a group, for its contacts: ask, see what is free before asking, answer offers, withdraw, cancel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import authorize, get_person, requires
from app.clearinghouses.queries import houses_by_id
from app.groups.meetings.schedules import day_of
from app.groups.meetings.words import rule_words
from app.groups.models import Group
from app.rooms.checks import DateCheck, check_dates
from app.rooms.forms import LONGEST_SERIES, AskForm, read_span
from app.rooms.queries.bookings import find_booking, list_coming_of_group
from app.rooms.queries.requests import get_request, list_requests_of_group
from app.rooms.queries.rooms import RoomRow, list_rooms
from app.rooms.rules.availability import Span
from app.rooms.services.bookings import cancel_booking
from app.rooms.services.requests import (
    RequestDraft,
    accept_offer,
    ask_for_room,
    check_wanted_dates,
    refuse_offer,
    withdraw_request,
)
from app.rooms.services.series_places import booked_room_id, find_series_place, meet_where_booked
from app.rooms.views.blueprint import bp
from app.rooms.wanted import SeriesChoice, dates_of_series, list_series
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SINGLE_DATES = "dates"
ROWS, MOST_ROWS = 3, 40
_ANSWERS = {"accept": accept_offer, "refuse": refuse_offer, "withdraw": withdraw_request}


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row of day, beginning and end, as it was typed."""

    on: str = ""
    begins: str = ""
    ends: str = ""
    error: str = ""


@dataclass
class Asked:
    """What was sent, read as far as it can be."""

    group: Group
    rooms: list[RoomRow]
    series: list[SeriesChoice]
    form: AskForm
    rows: list[TypedRow]
    dates: list[Span]
    checks: list[DateCheck] | None = None

    @property
    def room(self) -> RoomRow | None:
        """The room that was chosen."""
        return next((room for room in self.rooms if room.id == self.form.room.data), None)


@bp.route("/accounts/groups/<slug>/rooms", methods=["GET", "POST"])
@requires("ask_for_room")
def of_group(slug: str) -> ResponseReturnValue:
    """What the group has booked and asked for, and the form to ask."""
    group = my_group(slug)
    now = clock.now()
    asked = _read(group, now)
    if request.method == "GET":
        return _page(asked, now)
    action = request.form.get("action", "preview")
    if action == "more":
        return _page(asked, now)
    if not _is_right(asked, now):
        return _page(asked, now), 400
    if action == "preview":
        return _page(asked, now)
    dates = asked.dates
    if asked.form.leave_out.data:
        dates = [check.span for check in asked.checks or () if check.obstacle is None]
    try:
        with transaction() as session:
            ask_for_room(session, _draft(asked, dates), asked_by_id=get_person().id, now=now)
    except RuleBroken as error:
        _place_error(asked, error)
        return _page(asked, now), 400
    return redirect(url_for("rooms.of_group", slug=slug, done="asked"), code=303)


@bp.post("/accounts/groups/<slug>/rooms/requests/<int:request_id>")
@requires("ask_for_room")
def answer(slug: str, request_id: int) -> ResponseReturnValue:
    """Accept or refuse an offer, or withdraw a request."""
    group = my_group(slug)
    if get_request(db.session(), request_id).group_id != group.id:
        raise nothing_here()
    act = _ANSWERS.get(request.form.get("answer", ""))
    if act is None:
        return redirect(url_for("rooms.of_group", slug=slug), code=303)
    with transaction() as session:
        act(session, request_id, now=clock.now())
    done = request.form.get("answer")
    return redirect(url_for("rooms.of_group", slug=slug, done=done), code=303)


@bp.post("/accounts/groups/<slug>/rooms/requests/<int:request_id>/place")
@requires("manage_meetings")
def meet_there(slug: str, request_id: int) -> ResponseReturnValue:
    """Enter the booked room as the place of the series; entered already is no mistake."""
    group = my_group(slug)
    authorize("manage_meetings", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    if get_request(db.session(), request_id).group_id != group.id:
        raise nothing_here()
    with transaction() as session:
        meet_where_booked(session, request_id, now=clock.now())
    return redirect(url_for("rooms.of_group", slug=slug, done="place"), code=303)


@bp.post("/accounts/groups/<slug>/rooms/bookings/<int:booking_id>/cancel")
@requires("ask_for_room")
def give_back(slug: str, booking_id: int) -> ResponseReturnValue:
    """Cancel a date that the group has booked."""
    group = my_group(slug)
    found = find_booking(db.session(), booking_id)
    if found is not None and found.group_id != group.id:
        raise nothing_here()
    if found is not None:
        with transaction() as session:
            cancel_booking(session, booking_id, now=clock.now())
    return redirect(url_for("rooms.of_group", slug=slug, done="cancelled"), code=303)


def my_group(slug: str) -> Group:
    """Answer a group that somebody may ask for.

    Raises:
        NotFound: there is none, or they may not.
    """
    group = db.session.scalar(sa.select(Group).where(Group.slug == slug))
    if group is None:
        raise nothing_here()
    authorize("ask_for_room", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    return group


def _read(group: Group, now: datetime) -> Asked:
    """Answer the form with its choices and the rows that were typed; nothing is checked yet."""
    rooms = [room for room in list_rooms(db.session(), group.clearinghouse_id) if room.is_bookable]
    series = list_series(db.session(), group.id, now=now)
    is_sent = request.method == "POST"
    half_a_year = (day_of(now) + timedelta(days=182)).isoformat()
    form = AskForm() if is_sent else AskForm(formdata=None, data={"people": 10, "until": half_a_year})
    form.room.choices = [(room.id, room.name) for room in rooms]
    form.which.choices = [
        *((f"series-{each.id}", rule_words(each.rule)) for each in series),
        (SINGLE_DATES, _("single dates")),
    ]
    if not is_sent and rooms:
        form.room.data = rooms[0].id
    if not is_sent:
        form.which.data = form.which.choices[0][0]
    return Asked(group, rooms, series, form, _typed_rows(), [])


def _typed_rows() -> list[TypedRow]:
    """Answer the rows of single dates as they were typed, and some empty ones."""
    columns = [request.form.getlist(name)[:MOST_ROWS] for name in ("on", "begins", "ends")]
    count = max(map(len, columns))
    columns = [[*column, *[""] * (count - len(column))] for column in columns]
    rows = [TypedRow(*(value.strip()[:20] for value in values)) for values in zip(*columns, strict=True)]
    filled = [row for row in rows if row.on or row.begins or row.ends]
    more = ROWS if request.form.get("action") == "more" else 0
    return filled + [TypedRow()] * max(ROWS - len(filled), min(more, MOST_ROWS - len(filled)))


def _is_right(asked: Asked, now: datetime) -> bool:
    """Whether what was sent can be asked for; else the sentences stand beside the fields. Fills dates and checks."""
    form = asked.form
    is_valid = form.validate()
    room = asked.room
    if room is None:
        return False
    _read_dates(asked, room, now)
    if not is_valid or form.which.errors or form.until.errors or any(row.error for row in asked.rows):
        return False
    try:
        check_wanted_dates(asked.dates, earliest=now, lead_hours=0)
    except RuleBroken as error:
        _place_error(asked, error)
        return False
    asked.checks = check_dates(
        db.session(),
        room,
        asked.dates,
        people=form.people.data or 1,
        access=asked.group.access,
        earliest=now + timedelta(hours=room.lead_hours),
    )
    return True


def _read_dates(asked: Asked, room: RoomRow, now: datetime) -> None:
    """Afterwards the dates that are meant are known, or a sentence says which cannot be read."""
    which = asked.form.which.data or ""
    if which == SINGLE_DATES:
        _read_single_dates(asked, room)
        return
    chosen = next((each for each in asked.series if f"series-{each.id}" == which), None)
    if chosen is None:
        return
    try:
        until = date.fromisoformat((asked.form.until.data or "").strip())
    except ValueError:
        asked.form.until.errors = [_("Please say until which day.")]
        return
    today = day_of(now)
    if not today <= until <= today + LONGEST_SERIES:
        asked.form.until.errors = [_("Please choose a day within the next 18 months.")]
        return
    first = now + timedelta(hours=room.lead_hours)
    asked.dates = dates_of_series(
        db.session(), asked.group.id, chosen.id, first_on=day_of(first), last_on=until, now=first
    )
    if not asked.dates:
        asked.form.until.errors = [_("The group has no meeting until this day. Please choose a later one.")]


def _read_single_dates(asked: Asked, room: RoomRow) -> None:
    rows = []
    for row in asked.rows:
        error = ""
        if row.on or row.begins or row.ends:
            try:
                asked.dates.append(read_span(row.on, row.begins, row.ends, room.zone))
            except (ValueError, OverflowError):
                error = _("Please give a day, a beginning and an end.")
        rows.append(TypedRow(row.on, row.begins, row.ends, error))
    asked.rows = rows
    if not asked.dates and not any(row.error for row in rows):
        asked.rows[0] = TypedRow(error=_("Please give at least one date."))


def _draft(asked: Asked, dates: list[Span]) -> RequestDraft:
    which = asked.form.which.data or ""
    return RequestDraft(
        group_id=asked.group.id,
        room_id=asked.form.room.data,
        people=asked.form.people.data or 1,
        dates=dates,
        series_id=None if which == SINGLE_DATES else int(which.removeprefix("series-")),
        message=asked.form.message.data or "",
    )


def _place_error(asked: Asked, error: RuleBroken) -> None:
    """Afterwards the sentence stands beside the field it is about."""
    field = {"room": asked.form.room, "people": asked.form.people, "message": asked.form.message}.get(
        error.field or "", asked.form.which
    )
    field.errors = [*field.errors, error.message]


def _page(asked: Asked, now: datetime) -> str:
    house_id = asked.group.clearinghouse_id
    rooms = {room.id: room for room in list_rooms(db.session(), house_id)}
    requests = list_requests_of_group(db.session(), asked.group.id, limit=10)
    return render_template(
        "rooms/of_group.html",
        group=asked.group,
        house=houses_by_id(db.session(), [house_id])[house_id],
        asked=asked,
        form=asked.form,
        rooms=asked.rooms,
        known=rooms,
        names={room.id: room.name for room in rooms.values()},
        bookings=list_coming_of_group(db.session(), asked.group.id, now=now),
        requests=requests,
        places={
            each.id: find_series_place(db.session(), each, room_id=booked_room_id(each, now=now), now=now)
            for each in requests
        },
        taken=[check for check in asked.checks or () if check.obstacle is not None],
        zone=asked.rooms[0].zone if asked.rooms else "Europe/Berlin",
    )
