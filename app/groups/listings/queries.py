"""Reads of versions: what waits at a house, a version with what it is compared to, all versions of a group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.groups.listings.content import content_of
from app.groups.listings.store import OVER, newest_version, open_version, was_approved
from app.groups.models import Group, ListingVersion
from app.groups.rules.life import DECLINED, SUBMITTED
from app.groups.rules.versions import APPROVED, OPEN_STATES, PENDING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Queued:
    """A version that waits; ``changes`` names its fields, empty for a group that comes for the first time."""

    id: int
    group_id: int
    group_name: str
    is_first: bool
    is_founding: bool
    changes: tuple[str, ...]
    submitted_at: datetime
    submitted_by: str


@dataclass(frozen=True, slots=True)
class UnderReview:
    """A version and what everybody sees meanwhile; None when the group was never approved."""

    version: ListingVersion
    group: Group
    shown: dict[str, Any] | None
    submitted_by: str

    @property
    def is_first(self) -> bool:
        """Whether the group was never approved."""
        return self.shown is None


@dataclass(frozen=True, slots=True)
class Kept:
    """A version as the list of all versions shows it, with the names of who handed it in and who decided it."""

    version: ListingVersion
    submitted_by: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class ToEdit:
    """What the form of a listing begins with: the content of version ``based_on``, and the newest version of all.

    Both numbers are 0 as long as there is no version.
    """

    content: dict[str, Any]
    based_on: int
    waiting: ListingVersion | None
    newest: ListingVersion | None
    was_approved: bool

    @property
    def seen(self) -> int:
        """The number of the newest version."""
        return self.newest.number if self.newest is not None else 0


def list_queue(session: Session, clearinghouse_id: int, *, state: str = PENDING) -> list[Queued]:
    """Answer what waits at a house: groups that come for the first time before edits, each the oldest first."""
    is_first = Group.state.in_((SUBMITTED, DECLINED))
    rows = session.execute(
        sa.select(ListingVersion, Group.name, is_first.label("is_first"), User.name.label("by"))
        .join(Group, Group.id == ListingVersion.group_id)
        .outerjoin(User, User.id == ListingVersion.submitted_by_id)
        .where(
            Group.clearinghouse_id == clearinghouse_id,
            Group.state.not_in(OVER),
            ListingVersion.state == state,
        )
        .order_by(is_first.desc(), ListingVersion.submitted_at, ListingVersion.id)
    )
    return [
        Queued(
            version.id,
            version.group_id,
            version.content["name"] if is_first else name,
            bool(is_first),
            version.content["status"] == "founding",
            tuple(version.changes),
            version.submitted_at,
            by or "",
        )
        for version, name, is_first, by in rows
    ]


def open_states(session: Session, group_ids: Collection[int]) -> dict[int, str]:
    """Answer, of each of these groups of which a version is not decided, the state of that version."""
    rows = session.execute(
        sa.select(ListingVersion.group_id, ListingVersion.state).where(
            ListingVersion.group_id.in_(group_ids), ListingVersion.state.in_(OPEN_STATES)
        )
    )
    return {row.group_id: row.state for row in rows}


def find_under_review(session: Session, version_id: int) -> UnderReview | None:
    """Answer a version of any state with what is shown of its group; None if there is none."""
    if not 0 < version_id <= LARGEST_ID:
        return None
    version = session.get(ListingVersion, version_id)
    if version is None:
        return None
    group = session.get_one(Group, version.group_id)
    by = session.get(User, version.submitted_by_id) if version.submitted_by_id else None
    shown = content_of(session, group) if was_approved(group) else None
    return UnderReview(version, group, shown, by.name if by else "")


def next_in_queue(session: Session, clearinghouse_id: int, *, after: int) -> int | None:
    """Answer the version that is looked at next, once ``after`` is done."""
    return next((each.id for each in list_queue(session, clearinghouse_id) if each.id != after), None)


def read_for_editing(session: Session, group: Group, *, with_waiting: bool) -> ToEdit:
    """Answer what the form begins with: what waits, if there is something and it is wanted, else what is shown."""
    waiting = open_version(session, group.id)
    newest = newest_version(session, group.id)
    begin = waiting if with_waiting or not was_approved(group) else None
    content = dict(begin.content) if begin is not None else content_of(session, group)
    begin = begin or newest_version(session, group.id, {APPROVED})
    return ToEdit(content, begin.number if begin is not None else 0, waiting, newest, was_approved(group))


def find_content(session: Session, group_id: int, number: int) -> dict[str, Any] | None:
    """Answer what a version says; of number 0 the first one, which is made with the first edit."""
    if not 0 <= number <= LARGEST_ID:
        return None
    wanted = sa.select(ListingVersion.content).where(
        ListingVersion.group_id == group_id, ListingVersion.number == max(number, 1)
    )
    return session.scalar(wanted)


def list_versions(session: Session, group_id: int) -> Sequence[Kept]:
    """Answer all versions of a group, the newest first."""
    submitter, decider = aliased(User), aliased(User)
    rows = session.execute(
        sa.select(ListingVersion, submitter.name, decider.name)
        .outerjoin(submitter, submitter.id == ListingVersion.submitted_by_id)
        .outerjoin(decider, decider.id == ListingVersion.decided_by_id)
        .where(ListingVersion.group_id == group_id)
        .order_by(ListingVersion.number.desc())
    )
    return [Kept(version, by or "", decided_by or "") for version, by, decided_by in rows]
