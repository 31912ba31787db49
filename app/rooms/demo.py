"""Invented rooms of one clearing house for a demonstration: bookings, a request that waits, one with an offer."""

from __future__ import annotations

import io
import math
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from PIL import Image, ImageDraw

from app.clearinghouses.queries import HouseRow, houses_by_id
from app.clearinghouses.rules.opening_hours import Interval
from app.groups.drafts import PlaceDraft
from app.groups.models import Group
from app.rooms.checks import check_dates
from app.rooms.models import Room, RoomBooking, RoomHour, RoomPhoto, RoomRequest, RoomRequestDate
from app.rooms.photos import add_photo
from app.rooms.queries.requests import get_request
from app.rooms.queries.rooms import get_room
from app.rooms.rules.availability import Span
from app.rooms.services.bookings import book_for_house
from app.rooms.services.decisions import Offer, approve
from app.rooms.services.requests import RequestDraft, ask_for_room
from app.rooms.services.rooms import RoomDraft, register_room
from app.rooms.wanted import dates_of_series, list_series, local_span
from app.shared.outbox import OutboxMail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

ZONE = "Europe/Berlin"
WEEKDAYS = range(1, 6)
AHEAD = timedelta(days=70)
LONG_AGO = timedelta(days=21)
"""So long ago the groups asked whose meetings fill the calendar; so there are some this week, too."""
GROUPS_WITH_ROOM = 5
PEOPLE = 10
CHILDREN_FIRST = (RoomBooking, RoomRequestDate, RoomRequest, RoomPhoto, RoomHour, Room)


def make_demo_rooms(
    session: Session, clearinghouse_id: int, *, group_ids: Sequence[int], now: datetime
) -> None:
    """Afterwards the house has two rooms and one of a partner; its groups have booked, two of those named wait.

    Nobody gets a mail from a demonstration.
    """
    house = houses_by_id(session, [clearinghouse_id])[clearinghouse_id]
    rooms = [register_room(session, house.id, draft, now=now) for draft in _drafts(house)]
    add_photo(
        session, rooms[0], content=_drawing(), alt="Zeichnung: acht Stühle im Kreis, einer ist frei", now=now
    )
    _book_for_the_house(session, rooms, now=now)
    of_house = sa.select(Group.id).where(Group.clearinghouse_id == house.id, Group.id.in_(group_ids))
    own = session.scalars(of_house.order_by(Group.id)).all()
    others = session.scalars(
        sa.select(Group.id)
        .where(Group.clearinghouse_id == house.id, Group.format != "online", Group.id.not_in(own))
        .order_by(Group.id)
    )
    booked = 0
    for group_id in others:
        booked += _book_series(session, group_id, rooms[booked % 2], now=now)
        if booked == GROUPS_WITH_ROOM:
            break
    for number, group_id in enumerate(own[:2]):
        _ask(session, group_id, rooms, with_offer=number == 1, now=now)
    session.execute(sa.delete(OutboxMail).where(OutboxMail.purpose.startswith("room-")))


def remove_rooms(session: Session) -> None:
    """Afterwards there is no room and no booking."""
    for model in CHILDREN_FIRST:
        session.execute(sa.delete(model))


def _drafts(house: HouseRow) -> list[RoomDraft]:
    """Answer the rooms."""
    evenings = [Interval(day, time(9), time(21, 30)) for day in WEEKDAYS]
    weekend = [Interval(6, time(10), time(18))]
    rules = "Bitte lüften, die Stühle zurückstellen und das Licht ausmachen.\nDer Schlüssel hängt am Empfang."
    return [
        RoomDraft(
            place=_place_in(house, "Raum Linde"),
            capacity=14,
            hours=evenings,
            description="Heller Raum im Erdgeschoss mit Blick in den Garten.",
            equipment=("chairs_in_circle", "flipchart", "wifi"),
            access=("step_free", "accessible_toilet", "guide_dog"),
            house_rules=rules,
        ),
        RoomDraft(
            place=_place_in(house, "Großer Saal"),
            capacity=40,
            hours=[*evenings, *weekend],
            description="Für Treffen mit vielen, für Vorträge und Feste.",
            equipment=("chairs_in_circle", "tables", "projector", "screen", "wifi", "hybrid_kit", "kitchen"),
            access=("step_free", "lift", "accessible_toilet", "hearing_loop", "guide_dog"),
            house_rules=rules,
            lead_hours=48,
        ),
        RoomDraft(
            place=PlaceDraft(
                name="Seminarraum 2",
                street="Am Stadtpark 4",
                postcode=house.main.postcode,
                town=house.main.town,
            ),
            capacity=20,
            hours=[Interval(day, time(17), time(21)) for day in (1, 2, 4)],
            partner="Volkshochschule",
            description="Unterrichtsraum im zweiten Stock.",
            equipment=("tables", "whiteboard", "projector"),
            access=("lift",),
            price_cents=500,
            price_per="hour",
            lead_hours=7 * 24,
        ),
    ]


def _place_in(house: HouseRow, name: str) -> PlaceDraft:
    return PlaceDraft(
        name=name,
        street=house.main.street,
        postcode=house.main.postcode,
        town=house.main.town,
        latitude=house.latitude,
        longitude=house.longitude,
        point_quality="exact",
    )


def _book_for_the_house(session: Session, rooms: Sequence[int], *, now: datetime) -> None:
    """Afterwards the team meets every Monday morning, and on some days something else is on."""
    monday = _monday(now)
    for week in range(10):
        day = monday + timedelta(weeks=week)
        team = local_span(day, time(9, 30), time(11), ZONE)
        if team.ends_at > now:
            book_for_house(session, rooms[0], team, title="Teamsitzung", now=now)
    for day, title, begins, ends in (
        (monday + timedelta(days=3), "Gesamttreffen der Gruppen", time(17), time(20)),
        (monday + timedelta(days=12), "Fest der Selbsthilfe", time(11), time(17)),
    ):
        span = local_span(day, begins, ends, ZONE)
        if span.ends_at > now:
            book_for_house(session, rooms[1], span, title=title, now=now)


def _book_series(session: Session, group_id: int, room_id: int, *, now: datetime) -> bool:
    """Book the dates of a group's first series that are free; answer whether there are any."""
    dates, series_id = _dates(session, group_id, room_id, now=now)
    if not dates:
        return False
    draft = RequestDraft(group_id, room_id, PEOPLE, dates, series_id=series_id)
    asked_at = now - LONG_AGO
    request_id = ask_for_room(session, draft, asked_by_id=None, now=asked_at)
    approve(session, request_id, now=asked_at + timedelta(days=2))
    return True


def _ask(session: Session, group_id: int, rooms: Sequence[int], *, with_offer: bool, now: datetime) -> None:
    """Ask for six evenings, of which one is taken by the house; with an offer, the house has answered already."""
    first = _monday(now) + timedelta(days=7 + (2 if with_offer else 1))
    evenings = [local_span(first + timedelta(weeks=week), time(19), time(20, 30), ZONE) for week in range(6)]
    room = get_room(session, rooms[0])
    checks = check_dates(session, room, evenings, people=PEOPLE, access=(), earliest=now)
    free = [check.span for check in checks if check.obstacle is None]
    if free:
        book_for_house(session, rooms[0], free[-1], title="Vortrag", now=now)
    draft = RequestDraft(
        group_id, rooms[0], PEOPLE, evenings, message="Wir räumen hinterher auf und bringen Tee mit."
    )
    request_id = ask_for_room(session, draft, asked_by_id=None, now=now)
    if with_offer:
        row = get_request(session, request_id)
        checks = check_dates(
            session, room, [date.span for date in row.dates], people=PEOPLE, access=(), earliest=now
        )
        offers = [
            Offer(date.id, check.rooms[0].id, date.span)
            for date, check in zip(row.dates, checks, strict=True)
            if check.rooms
        ]
        approve(session, request_id, offers=offers, remark="An diesem Abend ist ein Vortrag.", now=now)


def _dates(session: Session, group_id: int, room_id: int, *, now: datetime) -> tuple[list[Span], int | None]:
    """Answer the dates of the first series on which the room is free."""
    room = get_room(session, room_id)
    first_on = _monday(now)
    begin = datetime.combine(first_on, time(), now.tzinfo)
    for series in list_series(session, group_id, now=now):
        dates = dates_of_series(
            session, group_id, series.id, first_on=first_on, last_on=first_on + AHEAD, now=begin
        )
        checks = check_dates(session, room, dates, people=PEOPLE, access=(), earliest=begin)
        return [check.span for check in checks if check.obstacle is None], series.id
    return [], None


def _monday(now: datetime) -> date:
    today = now.date()
    return today - timedelta(days=today.weekday())


def _drawing() -> bytes:
    """Answer a picture of eight seats in a circle."""
    image = Image.new("RGB", (1200, 800), "#f1ebe1")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 1200, 800), fill="#d9d3c7")
    draw.rectangle((430, 80, 770, 330), fill="#e3eeee", outline="#82796a", width=10)
    for seat in range(8):
        angle = math.tau * seat / 8 - math.pi / 2
        x, y = 600 + 380 * math.cos(angle), 520 + 170 * math.sin(angle)
        colour = "#c4472f" if seat == 3 else "#0b5c66"
        draw.ellipse((x - 56, y - 36, x + 56, y + 36), fill=colour)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
