"""Who wants to be told when a meeting does not take place: asked twice, ended with one click, not kept for long.

That somebody watches a group says something of their health. So nobody but the owner of an address learns whether it is
among those who watch: what a page says never depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.rules.email_address import fold_address
from app.groups.meetings.emails import watch_confirmation_mail
from app.groups.meetings.links import LinkOver
from app.groups.meetings.telling import start_telling
from app.groups.meetings.watch_links import CONFIRM, OUT, confirm_url, out_url, read_watch_link
from app.groups.models import Group, MeetingTold, MeetingWatch
from app.groups.rules.life import HIDDEN, LISTED
from app.shared.database import insert_into
from app.shared.languages import speaking
from app.shared.outbox import queue_mail
from app.shared.signed_links import fingerprint

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.queries import GroupCard

UNCONFIRMED_DAYS = 7
MOST_UNCONFIRMED = 5
"""So many groups can be asked for with one address before its owner confirms any: nobody is flooded by a stranger."""
PURPOSE = "watch-confirmation"


def ask_to_watch(session: Session, group: GroupCard, email: str, *, language: str, now: datetime) -> None:
    """Afterwards a mail to this address waits that asks whether its owner wants to be told; at most one an hour.

    Whether the address is known is not told: it gets the same mail, which changes nothing once it has confirmed.

    Raises:
        BadInput: the address cannot be written to.
    """
    address = fold_address(email)
    if _has_many_open(session, group.id, address):
        return
    new = insert_into(session, MeetingWatch).values(
        group_id=group.id, email=address, language=language, created_at=now
    )
    session.execute(
        new.on_conflict_do_update(
            index_elements=["group_id", "email"],
            set_={"language": new.excluded.language, "created_at": new.excluded.created_at},
            where=MeetingWatch.confirmed_at.is_(None),
        )
    )
    own = sa.select(MeetingWatch.id).where(MeetingWatch.group_id == group.id, MeetingWatch.email == address)
    watch_id = session.scalars(own).one()
    with speaking(language):
        queue_mail(
            session,
            to=address,
            mail=watch_confirmation_mail(group.name, confirm_url(watch_id, address)),
            purpose=PURPOSE,
            now=now,
            once_key=f"{PURPOSE}:{group.id}:{fingerprint(address)}:{now:%Y-%m-%d-%H}",
            unsubscribe_url=out_url(watch_id, address),
        )


@dataclass(frozen=True, slots=True)
class AskedGroup:
    """The listed group that the owner of an address asked about, and whether they have confirmed that."""

    watch_id: int
    slug: str
    name: str
    is_confirmed: bool


def find_asked_group(session: Session, token: str) -> AskedGroup:
    """Answer the group for which a confirmation is asked.

    Raises:
        LinkUnreadable: the token is none of ours.
        LinkOver: the address was deleted since, or the group is no longer listed.
    """
    link = read_watch_link(CONFIRM, token)
    row = session.execute(
        sa.select(MeetingWatch.id, MeetingWatch.email, MeetingWatch.confirmed_at, Group.slug, Group.name)
        .join(Group, Group.id == MeetingWatch.group_id)
        .where(MeetingWatch.id == link.watch_id, Group.is_listed)
    ).one_or_none()
    if row is None or not link.fits(row.email):
        raise LinkOver(
            _(
                "This link holds for seven days, and as long as the group is listed. You can enter your address once "
                "more on the group's page."
            )
        )
    return AskedGroup(row.id, row.slug, row.name, is_confirmed=row.confirmed_at is not None)


def confirm_watch(session: Session, watch_id: int, *, now: datetime) -> None:
    """Afterwards the owner of the address is told of what changes from now on. Doing it twice is doing it once."""
    watch = session.get(MeetingWatch, watch_id, with_for_update=True, populate_existing=True)
    if watch is None or watch.confirmed_at is not None:
        return
    # Two who confirm at the same time go one after the other, so that one of them is the first.
    session.get(Group, watch.group_id, with_for_update=True)
    is_first = not session.scalar(
        sa.select(
            sa.exists().where(MeetingWatch.group_id == watch.group_id, MeetingWatch.confirmed_at.is_not(None))
        )
    )
    watch.confirmed_at = now
    session.flush()
    if is_first:
        start_telling(session, watch.group_id, now=now)


def end_watch(session: Session, token: str) -> None:
    """Afterwards the address is deleted. Doing it twice is doing it once.

    Raises:
        LinkUnreadable: the token is none of ours.
    """
    link = read_watch_link(OUT, token)
    email = session.scalar(sa.select(MeetingWatch.email).where(MeetingWatch.id == link.watch_id))
    if email is not None and link.fits(email):
        session.execute(sa.delete(MeetingWatch).where(MeetingWatch.id == link.watch_id))


def forget_unconfirmed(session: Session, before: datetime) -> int:
    """Afterwards there is no address that was entered before and not confirmed; answer how many went."""
    return _forget(session, MeetingWatch.confirmed_at.is_(None), MeetingWatch.created_at < before)


def forget_unlisted(session: Session, _before: datetime) -> int:
    """Afterwards nobody watches a group that will not come back; answer how many addresses went."""
    is_over = sa.select(Group.id).where(Group.state.not_in({LISTED, *HIDDEN}))
    return _forget(session, MeetingWatch.group_id.in_(is_over))


def _forget(session: Session, *which: sa.ColumnElement[bool]) -> int:
    """Delete these addresses, and what was told of groups that nobody watches any more."""
    gone = session.scalars(sa.delete(MeetingWatch).where(*which).returning(MeetingWatch.id)).all()
    confirmed = sa.select(MeetingWatch.group_id).where(MeetingWatch.confirmed_at.is_not(None))
    session.execute(
        sa.delete(MeetingTold)
        .where(MeetingTold.group_id.not_in(confirmed))
        .execution_options(synchronize_session=False)
    )
    return len(gone)


def _has_many_open(session: Session, group_id: int, address: str) -> bool:
    """Whether an address waits for confirmation for so many other groups that one more would be a nuisance."""
    waiting = sa.select(sa.func.count()).where(
        MeetingWatch.email == address,
        MeetingWatch.group_id != group_id,
        MeetingWatch.confirmed_at.is_(None),
    )
    return (session.scalar(waiting) or 0) >= MOST_UNCONFIRMED
