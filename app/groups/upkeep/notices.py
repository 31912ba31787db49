"""What those who read about a group are told of its life."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.meetings.watch_links import out_url
from app.groups.models import Group, MeetingWatch
from app.groups.readers import Reader, readers_of, readers_of_house, write_to
from app.groups.upkeep.emails import house_mail, life_mail, watcher_mail
from app.shared.outbox import About

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.upkeep.emails import Event


def tell_contacts(session: Session, group: Group, event: Event, *, now: datetime) -> None:
    """Afterwards the contacts of the group have a mail that says what has become of it."""
    write_to(
        session,
        readers_of(session, [group.id])[group.id],
        lambda _reader: life_mail(group.name, group.slug, event),
        purpose=f"group-{event.kind}",
        once=f"group-{event.kind}:{group.id}:{now.isoformat()}",
        about=About(group.id),
        now=now,
    )


def tell_house(session: Session, group: Group, *, now: datetime) -> None:
    """Afterwards its clearing house, if it has an address, has a mail that says that the group has closed itself."""
    write_to(
        session,
        readers_of_house(session, group.clearinghouse_id),
        lambda _reader: house_mail(group.name, group.slug),
        purpose="house-group-closed",
        once=f"house-group-closed:{group.id}:{now.isoformat()}",
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
        write_to(
            session,
            [Reader(f"watch:{watch.id}", watch.email, watch.language)],
            lambda _reader: watcher_mail(group.name, group.slug, event, is_last=is_last),
            purpose=f"watched-group-{event.kind}",
            once=f"watched-group-{event.kind}:{group.id}:{now.isoformat()}",
            now=now,
            unsubscribe_url=None if is_last else out_url(watch.id, watch.email),
        )
    if is_last:
        session.execute(sa.delete(MeetingWatch).where(MeetingWatch.group_id == group.id))
