"""Which wanted dates are free, what stands in the way of the others, and what is free instead of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.rooms.queries.rooms import RoomRow, list_rooms, room_facts
from app.rooms.rules.availability import Obstacle, Span, obstacle_to, other_rooms, other_times
from app.rooms.rules.vocabulary import ROOM_ACCESS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_DAY = timedelta(days=1)
MOST_ROOMS = 3
"""So many other rooms are offered for a date."""


@dataclass(frozen=True, slots=True)
class DateCheck:
    """One wanted date: without an obstacle it is free; else with the times and rooms that are free instead."""

    span: Span
    obstacle: Obstacle | None = None
    times: tuple[Span, ...] = ()
    rooms: tuple[RoomRow, ...] = ()


def check_dates(
    session: Session,
    room: RoomRow,
    spans: Sequence[Span],
    *,
    people: int,
    access: Collection[str],
    earliest: datetime,
) -> list[DateCheck]:
    """Answer a check for each wanted date, in the given order.

    Other rooms are those of the same house that can be booked, seat so many people, and have the access features
    that a room can have. Nothing is offered before ``earliest``.
    """
    if not spans:
        return []
    window = Span(min(spans).starts_at - _DAY, max(span.ends_at for span in spans) + _DAY)
    others = [
        each for each in list_rooms(session, room.clearinghouse_id) if each.id != room.id and each.is_bookable
    ]
    facts = room_facts(session, [room, *others], window)
    by_id = {each.id: each for each in others}
    needed = set(access) & set(ROOM_ACCESS)
    answer = []
    for span in spans:
        obstacle = obstacle_to(facts[room.id], span, earliest=earliest)
        if obstacle is None:
            answer.append(DateCheck(span))
            continue
        times = other_times(facts[room.id], span, earliest=earliest)
        free = (
            other_rooms((facts[each.id] for each in others), span, people=people, access=needed)
            if span.starts_at >= earliest
            else []
        )
        rooms = tuple(by_id[each.room_id] for each in free[:MOST_ROOMS])
        answer.append(DateCheck(span, obstacle, tuple(times), rooms))
    return answer


@dataclass(frozen=True, slots=True)
class RoomForAll:
    """Another room of the house, and on which of the wanted dates it is free."""

    room: RoomRow
    free: tuple[Span, ...]


def rooms_for_all(
    session: Session, room: RoomRow, spans: Sequence[Span], *, people: int, earliest: datetime
) -> list[RoomForAll]:
    """Answer the other rooms of the house that seat so many and are free on some date; the most dates first.

    Unlike ``check_dates`` it asks for no access features: whoever chooses sees what the room has.
    """
    if not spans:
        return []
    others = [
        each
        for each in list_rooms(session, room.clearinghouse_id)
        if each.id != room.id and each.is_bookable and each.capacity >= people
    ]
    window = Span(min(spans).starts_at - _DAY, max(span.ends_at for span in spans) + _DAY)
    facts = room_facts(session, others, window)
    found = []
    for each in others:
        free = tuple(span for span in spans if obstacle_to(facts[each.id], span, earliest=earliest) is None)
        if free:
            found.append(RoomForAll(each, free))
    return sorted(found, key=lambda each: (-len(each.free), each.room.capacity, each.room.id))
