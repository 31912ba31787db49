"""When a group closes, its rooms are free again and their houses hear of it; when it merges, some bookings go along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import ngettext

from app.groups.departures import Departure, Keeper
from app.groups.models import Group
from app.rooms.models import RoomBooking, RoomRequest, RoomRequestDate
from app.rooms.rules.availability import Span
from app.rooms.rules.vocabulary import ACTIVE_STATES, COUNTERED, WAITING
from app.rooms.services.bookings import cancel_coming_bookings
from app.rooms.services.notices import tell_house_of_freed
from app.rooms.services.requests import withdraw_request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def foresee(session: Session, group_id: int, now: datetime) -> Iterable[str]:
    """Answer how many bookings end."""
    count = len(_coming(session, group_id, now=now))
    if count:
        yield ngettext(
            "%(count)s booking of a room is cancelled; the clearing house of the room is told.",
            "%(count)s bookings of rooms are cancelled; the clearing houses of the rooms are told.",
            count,
            count=count,
        )


def carry_out(session: Session, departure: Departure, now: datetime) -> None:
    """Afterwards the group has no booking to come and no open request; what series that go along have goes along."""
    if departure.into_id is not None and departure.series_ids:
        _hand_over(session, departure, departure.into_id)
    group_id = departure.group_id
    for request_id in session.scalars(
        sa.select(RoomRequest.id).where(
            RoomRequest.group_id == group_id, RoomRequest.state.in_((WAITING, COUNTERED))
        )
    ).all():
        withdraw_request(session, request_id, now=now)
    name = session.scalars(sa.select(Group.name).where(Group.id == group_id)).one()
    by_room: defaultdict[int, list[Span]] = defaultdict(list)
    for booking in _coming(session, group_id, now=now):
        by_room[booking.room_id].append(Span(booking.starts_at, booking.ends_at))
    for room_id, spans in sorted(by_room.items()):
        cancel_coming_bookings(session, room_id, group_id, now=now)
        tell_house_of_freed(session, room_id, name, spans, now=now)


def _coming(session: Session, group_id: int, *, now: datetime) -> Sequence[RoomBooking]:
    wanted = sa.select(RoomBooking).where(
        RoomBooking.group_id == group_id,
        RoomBooking.starts_at >= now,
        RoomBooking.state.in_(ACTIVE_STATES),
    )
    return session.scalars(wanted.order_by(RoomBooking.starts_at)).all()


def _hand_over(session: Session, departure: Departure, into_id: int) -> None:
    """Afterwards the requests for series that go along, with their bookings, are those of the other group."""
    asked = sa.select(RoomRequest.id).where(
        RoomRequest.group_id == departure.group_id, RoomRequest.series_id.in_(departure.series_ids)
    )
    request_ids = session.scalars(asked).all()
    dates = sa.select(RoomRequestDate.id).where(RoomRequestDate.request_id.in_(request_ids))
    for moved in (
        sa.update(RoomBooking).where(RoomBooking.request_date_id.in_(dates)),
        sa.update(RoomRequest).where(RoomRequest.id.in_(request_ids)),
    ):
        session.execute(moved.values(group_id=into_id).execution_options(synchronize_session="fetch"))


KEEPER = Keeper(foresee, carry_out)
