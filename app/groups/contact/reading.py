"""What the staff of a clearing house reads: its inbox, and the mails that did not get through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.models import ClearingHouse
from app.groups.contact.inbox import BY_SEEKER, DONE, NEW
from app.groups.models import Group, HouseMessage, HouseMessageText
from app.shared.bounces import without_addresses
from app.shared.errors import RuleBroken
from app.shared.outbox import OutboxMail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_SHOWN = 100
EXCERPT = 160


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A message as the list shows it: the beginning of the newest words of who asked."""

    id: int
    kind: str
    reason: str
    name: str
    group_name: str
    state: str
    since: datetime
    excerpt: str


@dataclass(frozen=True, slots=True)
class WrittenText:
    """Something that was written about a message, and, not by who asked, for which house."""

    author: str
    house_name: str
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """A mail that did not get through: what it was for, when and why, and whom to phone; nothing of what it said."""

    id: int
    purpose: str
    written_at: datetime
    known_at: datetime
    reason: str
    group_name: str
    contact_name: str
    contact_phone: str


def list_inbox(session: Session, house_id: int, state: str) -> list[InboxLine]:
    """Answer the messages of a house in a state: those that wait the longest first; of those done, the newest."""
    newest = (
        sa.select(HouseMessageText.text)
        .where(HouseMessageText.message_id == HouseMessage.id, HouseMessageText.author == BY_SEEKER)
        .order_by(HouseMessageText.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    order = HouseMessage.done_at.desc() if state == DONE else HouseMessage.waiting_since
    rows = session.execute(
        sa.select(HouseMessage, Group.name, newest)
        .outerjoin(Group, Group.id == HouseMessage.group_id)
        .where(HouseMessage.clearinghouse_id == house_id, HouseMessage.state == state)
        .order_by(order, HouseMessage.id)
        .limit(MOST_SHOWN)
    )
    return [
        InboxLine(
            each.id,
            each.kind,
            each.reason,
            each.name,
            group_name or "",
            each.state,
            each.waiting_since,
            _excerpt(text or ""),
        )
        for each, group_name, text in rows
    ]


def count_inbox(session: Session, house_id: int) -> dict[str, int]:
    """Answer how many messages of a house are in each state."""
    rows = session.execute(
        sa.select(HouseMessage.state, sa.func.count())
        .where(HouseMessage.clearinghouse_id == house_id)
        .group_by(HouseMessage.state)
    )
    return dict(rows.tuples().all())


def list_waiting_messages(session: Session, house_id: int) -> list[InboxLine]:
    """Answer what waits for an answer."""
    return list_inbox(session, house_id, NEW)


def list_texts(session: Session, message_id: int) -> list[WrittenText]:
    """Answer everything that was written about a message, the oldest first."""
    rows = session.execute(
        sa.select(HouseMessageText, ClearingHouse.name)
        .outerjoin(ClearingHouse, ClearingHouse.id == HouseMessageText.clearinghouse_id)
        .where(HouseMessageText.message_id == message_id)
        .order_by(HouseMessageText.written_at, HouseMessageText.id)
    )
    return [WrittenText(each.author, name or "", each.text, each.written_at) for each, name in rows]


def list_returned(session: Session, house_id: int, *, seen: bool) -> list[ReturnedMail]:
    """Answer the mails about a house or its groups that did not get through, the oldest first."""
    rows = session.execute(
        sa.select(OutboxMail, Group.name, Group.contact_name, Group.contact_phone)
        .outerjoin(Group, Group.id == OutboxMail.group_id)
        .where(
            _is_about(house_id),
            OutboxMail.bounced_at.is_not(None),
            OutboxMail.seen_at.is_not(None) if seen else OutboxMail.seen_at.is_(None),
        )
        .order_by(OutboxMail.bounced_at.desc() if seen else OutboxMail.bounced_at, OutboxMail.id)
        .limit(MOST_SHOWN)
    )
    return [
        ReturnedMail(
            mail.id,
            mail.purpose,
            mail.created_at,
            mail.bounced_at or mail.created_at,
            without_addresses(mail.last_error or ""),
            name or "",
            contact_name or "",
            contact_phone or "",
        )
        for mail, name, contact_name, contact_phone in rows
    ]


def mark_seen(session: Session, house_id: int, mail_id: int, *, now: datetime) -> bool:
    """Afterwards the mail no longer waits in the list; False when it is no such mail of the house."""
    mail = session.scalar(
        sa.select(OutboxMail)
        .outerjoin(Group, Group.id == OutboxMail.group_id)
        .where(OutboxMail.id == mail_id, _is_about(house_id), OutboxMail.bounced_at.is_not(None))
    )
    if mail is None:
        return False
    mail.seen_at = mail.seen_at or now
    return True


def list_houses_to_hand_to(session: Session, house_id: int) -> Sequence[tuple[str, str]]:
    """Answer name and slug of the other houses, by name."""
    found = session.execute(
        sa.select(ClearingHouse.name, ClearingHouse.slug)
        .where(ClearingHouse.id != house_id)
        .order_by(ClearingHouse.name)
    )
    return found.tuples().all()


def get_house_named(session: Session, text: str) -> ClearingHouse:
    """Answer the house of this name or slug.

    Raises:
        RuleBroken: there is none.
    """
    wanted = text.strip()
    found = session.scalars(
        sa.select(ClearingHouse)
        .where(sa.or_(ClearingHouse.name == wanted, ClearingHouse.slug == wanted))
        .limit(1)
    ).one_or_none()
    if found is None:
        raise RuleBroken(_("There is no clearing house of this name. Please choose one from the list."))
    return found


def _is_about(house_id: int) -> sa.ColumnElement[bool]:
    """Whose staff is told: the house that looks after the group now; without a group the house that is named."""
    return sa.or_(
        Group.clearinghouse_id == house_id,
        sa.and_(OutboxMail.group_id.is_(None), OutboxMail.clearinghouse_id == house_id),
    )


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[:EXCERPT].rsplit(" ", 1)[0] + " …"
