"""How versions and the row of their group are written together; the group is locked by whoever calls this.

The row always says what is approved, or, before the first time, what was handed in. Whoever changes the row by another
way than a version is caught up with before the next version is made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.listings.checks import place_draft
from app.groups.listings.content import columns_of, content_of
from app.groups.meetings.services import touch_series
from app.groups.models import Group, GroupTopic, ListingVersion, MeetingSeries, Topic
from app.groups.noting import note_changes
from app.groups.rules.life import CLOSED, DECLINED, MERGED, SUBMITTED
from app.groups.rules.schedule import ONLINE
from app.groups.rules.versions import (
    APPROVED,
    OPEN_STATES,
    PENDING,
    SUPERSEDED,
    carry_over,
    changed_fields,
)
from app.groups.services import change_group, store_place

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OVER = frozenset({CLOSED, MERGED})
"""A group in such a state is not edited any more, and nothing of it waits."""


def was_approved(group: Group) -> bool:
    """Whether a group was approved at some time."""
    return group.state not in {SUBMITTED, DECLINED}


def newest_version(session: Session, group_id: int, states: Collection[str] = ()) -> ListingVersion | None:
    """Answer the version of a group that was made last, among those in some states."""
    wanted = sa.select(ListingVersion).where(ListingVersion.group_id == group_id)
    if states:
        wanted = wanted.where(ListingVersion.state.in_(states))
    return session.scalar(wanted.order_by(ListingVersion.number.desc()).limit(1))


def open_version(session: Session, group_id: int) -> ListingVersion | None:
    """Answer the version of a group that is not decided; there is one at most."""
    return newest_version(session, group_id, OPEN_STATES)


def add_version(
    session: Session, group: Group, content: Mapping[str, Any], *, state: str, now: datetime, **facts: Any
) -> ListingVersion:
    """Answer a new version of a group, stored.

    ``changes`` are those against what is approved: the row of the group, unless it is given.
    """
    newest = newest_version(session, group.id)
    if "changes" not in facts:
        shown = content_of(session, group)
        facts["changes"] = list(changed_fields(shown, content)) if was_approved(group) else []
    version = ListingVersion(
        group_id=group.id,
        number=1 if newest is None else newest.number + 1,
        state=state,
        content=dict(content),
        **{"submitted_at": now, "unmet": [], "remarks": {}, "reason": "", **facts},
    )
    session.add(version)
    session.flush()
    return version


def catch_up(session: Session, group: Group, *, now: datetime) -> None:
    """Afterwards the newest version that counts says what the row of the group says."""
    content = content_of(session, group)
    if not was_approved(group):
        if newest_version(session, group.id) is None:
            add_version(
                session, group, content, state=PENDING, now=now, submitted_at=group.created_at, changes=[]
            )
        return
    approved = newest_version(session, group.id, {APPROVED})
    if approved is None:
        since = min(group.updated_at, now)
        moments = {"submitted_at": since, "decided_at": since}
        add_version(session, group, content, state=APPROVED, now=now, changes=[], **moments)
    elif changes := changed_fields(approved.content, content):
        version = add_version(
            session, group, content, state=APPROVED, now=now, changes=list(changes), decided_at=now
        )
        carry_open_version_over(session, group, before=approved.content, shown=version.content, now=now)


def carry_open_version_over(
    session: Session, group: Group, *, before: Mapping[str, Any], shown: Mapping[str, Any], now: datetime
) -> None:
    """Afterwards what waits is what waited, on top of what is shown now; when nothing is left of it, nothing waits."""
    waiting = open_version(session, group.id)
    if waiting is None:
        return
    content = carry_over(before, waiting.content, shown)
    state, waiting.state = waiting.state, SUPERSEDED
    session.flush()
    if not changed_fields(shown, content):
        return
    kept = (
        "submitted_by_id",
        "submitted_at",
        "decided_by_id",
        "decided_at",
        "unmet",
        "remarks",
        "reason",
        "restores",
    )
    add_version(
        session,
        group,
        content,
        state=state,
        now=now,
        changes=list(changed_fields(shown, content)),
        **{name: getattr(waiting, name) for name in kept},
    )


def write_row(
    session: Session, group: Group, content: Mapping[str, Any], *, now: datetime, **columns: Any
) -> None:
    """Afterwards the row of the group says this, with some more columns, and so does the finder."""
    before = content_of(session, group)
    changed = set(changed_fields(before, content))
    if "topics" in changed:
        _write_topics(session, group.id, content["topics"])
    moves = "place" in changed
    place = place_draft(content)
    if moves and place is not None:
        group.place_id = store_place(session, place, now=now, needs_address=content["status"] != "founding")
    session.flush()
    change_group(session, group.id, now=now, **columns_of(content), **columns)
    if moves and place is None:
        group.place_id = None
        session.flush()
    # The row itself notes its own columns.
    if elsewhere := [field for field in ("topics", "place") if field in changed]:
        note_changes(session, group, elsewhere, now=now)
    if moves:
        touch_series(session, _series_at_the_groups_place(session, group.id), now=now)


def _write_topics(session: Session, group_id: int, slugs: Sequence[str]) -> None:
    ids = dict(session.execute(sa.select(Topic.slug, Topic.id).where(Topic.slug.in_(slugs))).tuples().all())
    session.execute(sa.delete(GroupTopic).where(GroupTopic.group_id == group_id))
    rows = [
        {"group_id": group_id, "topic_id": ids[slug], "position": position}
        for position, slug in enumerate(slugs)
    ]
    session.execute(sa.insert(GroupTopic), rows)


def _series_at_the_groups_place(session: Session, group_id: int) -> list[int]:
    return list(
        session.scalars(
            sa.select(MeetingSeries.id).where(
                MeetingSeries.group_id == group_id,
                MeetingSeries.place_id.is_(None),
                MeetingSeries.format != ONLINE,
            )
        )
    )
