"""Who hears of what: mails to the house and to the group, queued with the change they tell of.

A house reads German, a contact with an account the language of the account. An address that cannot be written to is
no reason to refuse the change: the log tells of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.models import Group
from app.groups.readers import readers_of_house, readers_who_sign_in, write_to
from app.rooms.emails import (
    mail_about_cancelled_booking,
    mail_about_freed_room,
    mail_to_group,
    mail_to_house,
)
from app.rooms.queries.rooms import get_room, list_rooms
from app.rooms.rules.availability import Span
from app.rooms.services.series_places import booked_room_id, find_series_place
from app.shared.outbox import About
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.rooms.queries.requests import RequestRow


def tell_house(session: Session, request: RequestRow, event: str, *, now: datetime) -> None:
    """Afterwards the house hears what a group asks, answers or withdraws, if it has an address."""
    room = get_room(session, request.room_id)
    write_to(
        session,
        readers_of_house(session, request.clearinghouse_id),
        lambda _reader: mail_to_house(
            event, request, room=room, url=whole_url(f"/desk/rooms/requests/{request.id}")
        ),
        about=About(clearinghouse_id=request.clearinghouse_id),
        purpose=f"room-{event}",
        now=now,
    )


def tell_group(session: Session, request: RequestRow, event: str, *, now: datetime) -> None:
    """Afterwards the contacts of the group hear what the house answers."""
    room = get_room(session, request.room_id)
    rooms = {each.id: each for each in list_rooms(session, room.clearinghouse_id)}
    place = find_series_place(session, request, room_id=booked_room_id(request, now=now), now=now)
    write_to(
        session,
        readers_who_sign_in(session, request.group_id),
        lambda _reader: mail_to_group(
            event,
            request,
            rooms=rooms,
            place=place,
            url=whole_url(f"/accounts/groups/{request.group_slug}/rooms"),
            zone=room.zone,
        ),
        about=About(request.group_id),
        purpose=f"room-{event}",
        now=now,
    )


def tell_of_cancelled(
    session: Session, room_id: int, group_id: int, spans: Sequence[Span], *, reason: str, now: datetime
) -> None:
    """Afterwards the contacts of the group hear that the house has cancelled these times."""
    room = get_room(session, room_id)
    slug = session.scalar(sa.select(Group.slug).where(Group.id == group_id)) or ""
    write_to(
        session,
        readers_who_sign_in(session, group_id),
        lambda _reader: mail_about_cancelled_booking(
            room_name=room.name,
            spans=spans,
            reason=reason,
            url=whole_url(f"/accounts/groups/{slug}/rooms"),
            zone=room.zone,
        ),
        about=About(group_id),
        purpose="room-lost",
        now=now,
    )


def tell_house_of_freed(
    session: Session, room_id: int, group_name: str, spans: Sequence[Span], *, now: datetime
) -> None:
    """Afterwards the house of a room hears that a group that has closed no longer needs it at these times."""
    room = get_room(session, room_id)
    write_to(
        session,
        readers_of_house(session, room.clearinghouse_id),
        lambda _reader: mail_about_freed_room(
            room_name=room.name,
            group_name=group_name,
            spans=spans,
            url=whole_url(f"/desk/rooms/{room_id}/week"),
            zone=room.zone,
        ),
        purpose="room-freed",
        about=About(clearinghouse_id=room.clearinghouse_id),
        now=now,
    )
