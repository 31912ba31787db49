"""What those who look after a group can do with its listing: edit it, withdraw an edit, bring a version back.

What somebody of its clearing house writes is approved with that. What a contact writes is shown at once where it is
harmless and waits where it is not (``rules/versions.py``); before the first approval all of it waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.listings.checks import tidy_content
from app.groups.listings.content import content_of
from app.groups.listings.store import (
    OVER,
    add_version,
    carry_open_version_over,
    catch_up,
    newest_version,
    open_version,
    was_approved,
    write_row,
)
from app.groups.meetings.services import lock_group
from app.groups.models import Group, ListingVersion
from app.groups.rules.life import DECLINED, SUBMITTED
from app.groups.rules.versions import (
    APPROVED,
    FIELDS,
    OPEN_STATES,
    PENDING,
    SUPERSEDED,
    WITHDRAWN,
    Split,
    changed_fields,
    split_edit,
    without_lost_consents,
)
from app.shared.errors import NotFound, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Editor:
    """Who edits a listing; ``may_review`` when they decide for its clearing house."""

    user_id: int | None
    may_review: bool


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of an edit: the fields that are shown at once, those that wait; neither when nothing was changed."""

    live: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


class ChangedMeanwhile(RuleBroken):
    """Somebody else has changed the listing since the page was opened; nothing was stored."""

    code = "changed_meanwhile"


def edit_listing(
    session: Session,
    group_id: int,
    content: Mapping[str, Any],
    *,
    seen: int,
    by: Editor,
    now: datetime,
    restores: int | None = None,
) -> Edited:
    """Afterwards the content is shown, waits for review, or the one in part and the other in part.

    ``seen`` is the number of the newest version when the content was typed, 0 when there was none.

    Raises:
        ChangedMeanwhile: there is a newer one.
        RuleBroken: the listing would break a rule, or the group is over; nothing is stored.
    """
    group = _lock(session, group_id)
    newest = newest_version(session, group_id)
    if seen != (newest.number if newest else 0):
        raise ChangedMeanwhile(_("Somebody else has changed this listing in the meantime."))
    wish = tidy_content(session, group, content)
    shows_all = by.may_review and was_approved(group)
    waiting, shown = open_version(session, group_id), content_of(session, group)
    began_with = shown if waiting is None or shows_all else waiting.content
    if not changed_fields(began_with, wish) and group.state != DECLINED:
        return Edited()
    catch_up(session, group, now=now)
    if shows_all:
        return _show(session, group, wish, by=by, now=now, restores=restores)
    waiting = open_version(session, group_id)
    if not was_approved(group):
        return _hand_in_anew(session, group, wish, waiting=waiting, by=by, now=now)
    split = split_edit(shown, wish, read_by_staff=_description_read(session, group_id))
    return _take(session, group, wish, split, waiting=waiting, by=by, now=now, restores=restores)


def withdraw_edit(session: Session, group_id: int, *, now: datetime) -> None:
    """Afterwards what waited does not wait any more; who comes too late finds nothing to withdraw.

    Raises:
        RuleBroken: the group was never approved: then it is not an edit that waits, but the group.
    """
    group = lock_group(session, group_id)
    waiting = open_version(session, group_id)
    if waiting is None:
        return
    if not was_approved(group):
        raise RuleBroken(_("Please tell your clearing house that the group does not want to be listed."))
    waiting.state = WITHDRAWN
    session.flush()
    note(session, "listing.withdrawn", now=now, record_id=waiting.id, **_about(group))


def restore_version(
    session: Session, group_id: int, number: int, *, seen: int, by: Editor, now: datetime
) -> Edited:
    """Afterwards the group says, or wishes to say, what it said in an earlier version; a lost consent stays lost.

    Raises:
        NotFound: the group has no such version.
        ChangedMeanwhile: there is a newer version than the one that was seen.
        RuleBroken: as that listing would break a rule by now.
    """
    group = _lock(session, group_id)
    version = get_version(session, group_id, number)
    content = without_lost_consents(version.content, content_of(session, group))
    return edit_listing(session, group_id, content, seen=seen, by=by, now=now, restores=number)


def get_version(session: Session, group_id: int, number: int) -> ListingVersion:
    """Answer a version of a group.

    Raises:
        NotFound: there is none of this number.
    """
    version = session.scalar(
        sa.select(ListingVersion).where(ListingVersion.group_id == group_id, ListingVersion.number == number)
    )
    if version is None:
        raise NotFound(_("There is no such version."), code="unknown_version")
    return version


def _lock(session: Session, group_id: int) -> Group:
    """Answer the group, locked, if its listing can be edited at all."""
    group = lock_group(session, group_id)
    if group.state in OVER:
        raise RuleBroken(
            _("This group is closed. Its listing cannot be changed any more."), code="group_over"
        )
    return group


def _show(
    session: Session, group: Group, wish: dict[str, Any], *, by: Editor, now: datetime, restores: int | None
) -> Edited:
    """Show what somebody of the house wrote; what waited waits on top of it."""
    before = content_of(session, group)
    changed = changed_fields(before, wish)
    facts = {
        "submitted_by_id": by.user_id,
        "decided_by_id": by.user_id,
        "decided_at": now,
        "restores": restores,
    }
    version = add_version(session, group, wish, state=APPROVED, now=now, **facts)
    write_row(session, group, wish, now=now)
    carry_open_version_over(session, group, before=before, shown=wish, now=now)
    _note_edit(session, group, version, waiting=(), now=now)
    return Edited(live=changed)


def _hand_in_anew(
    session: Session,
    group: Group,
    wish: dict[str, Any],
    *,
    waiting: ListingVersion | None,
    by: Editor,
    now: datetime,
) -> Edited:
    """Put the new text of a group that was never approved in the place of the old one; nothing of it is shown."""
    changed = changed_fields(content_of(session, group), wish)
    _supersede(session, waiting)
    version = add_version(
        session, group, wish, state=PENDING, now=now, submitted_by_id=by.user_id, changes=list(changed)
    )
    write_row(session, group, wish, now=now, state=SUBMITTED)
    _note_edit(session, group, version, waiting=changed, now=now)
    return Edited(waiting=FIELDS)


def _take(
    session: Session,
    group: Group,
    wish: dict[str, Any],
    split: Split,
    *,
    waiting: ListingVersion | None,
    by: Editor,
    now: datetime,
    restores: int | None,
) -> Edited:
    """Show what may be shown, and let the rest wait in the place of what waited before."""
    facts = {"submitted_by_id": by.user_id, "restores": restores}
    version = None
    if split.live:
        version = add_version(session, group, split.shown, state=APPROVED, now=now, decided_at=now, **facts)
        write_row(session, group, split.shown, now=now)
    had_waited_since = _waits_unchanged_since(waiting, wish, split.waiting)
    _supersede(session, waiting)
    if split.waiting:
        submitted_at = had_waited_since or now
        version = add_version(
            session, group, wish, state=PENDING, now=now, submitted_at=submitted_at, **facts
        )
    if version is not None:
        _note_edit(session, group, version, waiting=split.waiting, now=now)
    return Edited(split.live, split.waiting)


def _waits_unchanged_since(
    waiting: ListingVersion | None, wish: Mapping[str, Any], fields: tuple[str, ...]
) -> datetime | None:
    """Answer since when these very changes wait; None when they are new."""
    if waiting is None or waiting.state != PENDING or set(waiting.changes) != set(fields):
        return None
    differing = set(changed_fields(waiting.content, wish))
    return None if differing & set(fields) else waiting.submitted_at


def _supersede(session: Session, waiting: ListingVersion | None) -> None:
    if waiting is not None:
        waiting.state = SUPERSEDED
        session.flush()


def _description_read(session: Session, group_id: int) -> str:
    """Answer the description that staff has read last; that of the first version if they have read none here."""
    wanted = sa.select(ListingVersion).where(ListingVersion.group_id == group_id)
    read = session.scalar(
        wanted.where(ListingVersion.state == APPROVED, ListingVersion.decided_by_id.is_not(None))
        .order_by(ListingVersion.number.desc())
        .limit(1)
    )
    first = (
        read
        or session.scalars(
            wanted.where(ListingVersion.state.not_in(OPEN_STATES)).order_by(ListingVersion.number).limit(1)
        ).one()
    )
    return str(first.content["description"])


def _note_edit(
    session: Session,
    group: Group,
    version: ListingVersion,
    *,
    waiting: tuple[str, ...],
    now: datetime,
) -> None:
    """Write down what waits and what was brought back; what is shown at once is noted with the row of the group."""
    if version.restores is not None:
        number = version.restores
        note(session, "listing.restored", now=now, record_id=version.id, number=number, **_about(group))
    if waiting:
        fields = list(waiting)
        note(session, "listing.handed_in", now=now, record_id=version.id, fields=fields, **_about(group))


def _about(group: Group) -> dict[str, int]:
    return {"group_id": group.id, "clearinghouse_id": group.clearinghouse_id}
