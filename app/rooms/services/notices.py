"""Who hears of what: mails to the house and to the group, queued with the change they tell of.

An address that cannot be written to is no reason to refuse the change: the log tells of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app

from app.accounts.models import RoleGrant, User
from app.clearinghouses.models import ClearingHouse
from app.groups.models import Group
from app.rooms.emails import (
    mail_about_cancelled_booking,
    mail_about_closed_room,
    mail_to_group,
    mail_to_house,
)
from app.rooms.queries.rooms import get_room, list_rooms
from app.rooms.rules.availability import Span
from app.shared.errors import BadInput
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.rooms.queries.requests import RequestRow

logger = logging.getLogger("wirkreis.rooms")


def tell_house(session: Session, request: RequestRow, event: str, *, now: datetime) -> None:
    """Afterwards the house hears what a group asks, answers or withdraws, if it has an address."""
    room = get_room(session, request.room_id)
    mail = mail_to_house(event, request, url=_address(f"/desk/rooms/requests/{request.id}"), zone=room.zone)
    house_address = session.scalar(
        sa.select(ClearingHouse.email).where(ClearingHouse.id == request.clearinghouse_id)
    )
    _send(session, [house_address or ""], mail, purpose=f"room-{event}", now=now)


def tell_group(session: Session, request: RequestRow, event: str, *, now: datetime) -> None:
    """Afterwards the contacts of the group hear what the house answers."""
    room = get_room(session, request.room_id)
    names = {each.id: each.name for each in list_rooms(session, room.clearinghouse_id)}
    mail = mail_to_group(
        event, request, room_names=names, url=rooms_address(request.group_slug), zone=room.zone
    )
    _send(session, addresses_of_group(session, request.group_id), mail, purpose=f"room-{event}", now=now)


def tell_of_cancelled(
    session: Session, room_id: int, group_id: int, spans: Sequence[Span], *, reason: str, now: datetime
) -> None:
    """Afterwards the contacts of the group hear that the house has cancelled these times."""
    _tell_of_lost(session, mail_about_cancelled_booking, (room_id, group_id, spans, reason), now=now)


def tell_of_closed(
    session: Session, room_id: int, group_id: int, spans: Sequence[Span], *, reason: str, now: datetime
) -> None:
    """Afterwards the contacts of the group hear that the room is closed at these times."""
    _tell_of_lost(session, mail_about_closed_room, (room_id, group_id, spans, reason), now=now)


def _tell_of_lost(
    session: Session,
    write: Callable[..., tuple[str, str]],
    lost: tuple[int, int, Sequence[Span], str],
    *,
    now: datetime,
) -> None:
    room_id, group_id, spans, reason = lost
    room = get_room(session, room_id)
    slug = session.scalar(sa.select(Group.slug).where(Group.id == group_id)) or ""
    mail = write(
        room_name=room.name, spans=list(spans), reason=reason, url=rooms_address(slug), zone=room.zone
    )
    _send(session, addresses_of_group(session, group_id), mail, purpose="room-lost", now=now)


def addresses_of_group(session: Session, group_id: int) -> list[str]:
    """Answer where the contacts of a group are written to: those with an account, else the address of the group."""
    found = session.scalars(
        sa.select(User.email)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.group_id == group_id, User.is_active)
        .order_by(User.email)
    ).all()
    return list(found) or [session.scalar(sa.select(Group.contact_email).where(Group.id == group_id)) or ""]


def rooms_address(slug: str) -> str:
    """Answer where a group finds everything about its rooms."""
    return _address(f"/accounts/groups/{slug}/rooms")


def _address(path: str) -> str:
    return f"{current_app.config['WIRKREIS'].public_url}{path}"


def _send(
    session: Session, addresses: Sequence[str], mail: tuple[str, str], *, purpose: str, now: datetime
) -> None:
    subject, body = mail
    for address in addresses:
        if not address:
            continue
        try:
            # German, as app/rooms/emails.py writes them, whatever the language of the page.
            queue_mail(
                session, to=address, subject=subject, body=body, purpose=purpose, now=now, language="de"
            )
        except BadInput as error:
            logger.warning("a mail about rooms cannot be written", extra={"facts": {"field": error.field}})
