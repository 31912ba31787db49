"""Who is written to about a group, each once and in their language; and what they are told of its life."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.accounts.rules.email_address import fold_address
from app.clearinghouses.models import ClearingHouse
from app.groups.meetings.watch_links import out_url
from app.groups.models import Group, MeetingWatch
from app.groups.upkeep.emails import house_mail, life_mail, watcher_mail
from app.shared.errors import BadInput
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.outbox import NOBODY, About, queue_mail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.upkeep.emails import Event
    from app.shared.mail_text import Mail

logger = logging.getLogger("wirkreis.upkeep")


@dataclass(frozen=True, slots=True)
class Reader:
    """An address and the language of its owner; ``key`` names it in the outbox without the address."""

    key: str
    address: str
    language: str = DEFAULT_LANGUAGE


def readers_of(session: Session, group_ids: Iterable[int]) -> dict[int, list[Reader]]:
    """Answer the contacts of some groups: those with an account, and the address left with the clearing house."""
    ids = list(group_ids)
    readers: dict[int, dict[str, Reader]] = {group_id: {} for group_id in ids}
    rows = session.execute(
        sa.select(RoleGrant.group_id, User.id, User.email, User.language)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.group_id.in_(ids), User.is_active)
        .order_by(User.id)
    )
    for group_id, user_id, email, language in rows:
        readers[group_id][fold_address(email)] = Reader(f"user:{user_id}", email, language)
    left = sa.select(Group.id, Group.contact_email).where(Group.id.in_(ids), Group.contact_email != "")
    for group_id, email in session.execute(left):
        readers[group_id].setdefault(fold_address(email), Reader("contact", email))
    return {group_id: list(by_address.values()) for group_id, by_address in readers.items()}


def write_to(
    session: Session,
    reader: Reader,
    say: Callable[[], Mail],
    *,
    purpose: str,
    once_key: str,
    now: datetime,
    about: About = NOBODY,
    unsubscribe_url: str | None = None,
) -> bool:
    """Queue a mail; whether it was not queued before. An address that cannot be written to stops nothing else."""
    try:
        with speaking(reader.language):
            made = queue_mail(
                session,
                to=reader.address,
                mail=say(),
                purpose=purpose,
                now=now,
                once_key=once_key,
                about=about,
                unsubscribe_url=unsubscribe_url,
            )
    except BadInput:
        logger.warning("a mail about a group cannot be written", extra={"facts": {"once": once_key}})
        return False
    return made is not None


def tell_contacts(session: Session, group: Group, event: Event, *, now: datetime) -> None:
    """Afterwards the contacts of the group have a mail that says what has become of it."""
    for reader in readers_of(session, [group.id])[group.id]:
        write_to(
            session,
            reader,
            lambda: life_mail(group.name, group.slug, event),
            purpose=f"group-{event.kind}",
            once_key=f"group-{event.kind}:{group.id}:{now.isoformat()}:{reader.key}",
            about=About(group.id),
            now=now,
        )


def tell_house(session: Session, group: Group, *, now: datetime) -> None:
    """Afterwards its clearing house, if it has an address, has a mail that says that the group has closed itself."""
    address = session.scalar(sa.select(ClearingHouse.email).where(ClearingHouse.id == group.clearinghouse_id))
    if address:
        write_to(
            session,
            Reader("house", address),
            lambda: house_mail(group.name, group.slug),
            purpose="house-group-closed",
            once_key=f"house-group-closed:{group.id}:{now.isoformat()}",
            about=About(clearinghouse_id=group.clearinghouse_id),
            now=now,
        )


def tell_watchers(session: Session, group: Group, event: Event, *, is_last: bool, now: datetime) -> None:
    """Afterwards everybody who watches the group has a mail; when it is the last one, their addresses are deleted."""
    watches = session.scalars(
        sa.select(MeetingWatch)
        .where(MeetingWatch.group_id == group.id, MeetingWatch.confirmed_at.is_not(None))
        .order_by(MeetingWatch.id)
    ).all()
    for watch in watches:
        out = out_url(watch.id, watch.email)
        write_to(
            session,
            Reader(f"watch:{watch.id}", watch.email, watch.language),
            lambda: watcher_mail(group.name, group.slug, event, is_last=is_last),
            purpose=f"watched-group-{event.kind}",
            once_key=f"watched-group-{event.kind}:{group.id}:{now.isoformat()}:watch:{watch.id}",
            now=now,
            unsubscribe_url=None if is_last else out,
        )
    if is_last:
        session.execute(sa.delete(MeetingWatch).where(MeetingWatch.group_id == group.id))
