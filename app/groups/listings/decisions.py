"""What a clearing house says to a version that waits: approved, changes asked for, declined; each said once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.accounts.models import User
from app.groups.listings.labels import STATE_LABELS, when_words
from app.groups.listings.notices import tell_submitter
from app.groups.listings.store import OVER, catch_up, open_version, was_approved, write_row
from app.groups.meetings.schedules import day_of
from app.groups.meetings.services import lock_group
from app.groups.models import Group, ListingVersion
from app.groups.rules.life import DECLINED as GROUP_DECLINED
from app.groups.rules.life import LISTED
from app.groups.rules.versions import APPROVED, CHANGES_ASKED, CHECKLIST, DECLINED, FIELDS, PENDING
from app.shared.errors import NotFound, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_REMARK = 1_000


class DecidedMeanwhile(RuleBroken):
    """The version does not wait any more: somebody has decided it, or the group has changed it; nothing is stored."""

    code = "decided_meanwhile"


def approve(session: Session, version_id: int, *, by: int | None, now: datetime) -> None:
    """Afterwards the version is what everybody sees; a group that was never approved is listed, confirmed as of today.

    Raises:
        NotFound: there is no such version.
        DecidedMeanwhile: it does not wait any more.
        RuleBroken: as a listing it would break a rule by now.
    """
    group, version = _lock_pending(session, version_id, now=now)
    is_first = not was_approved(group)
    first = {"state": LISTED, "last_confirmed_on": day_of(now)} if is_first else {}
    version.state = APPROVED
    _decided(version, by=by, now=now)
    session.flush()
    write_row(session, group, version.content, now=now, **first)
    _tell(session, group, version, "listing.approved", "listed" if is_first else "approved", now=now)


def ask_for_changes(
    session: Session,
    version_id: int,
    *,
    remarks: Mapping[str, str],
    unmet: Collection[str],
    by: int | None,
    now: datetime,
) -> None:
    """Afterwards whoever handed the version in has read what is to be changed, and where.

    ``remarks`` go with fields, ``unmet`` are the points of the checklist that do not hold.

    Raises:
        NotFound: there is no such version.
        DecidedMeanwhile: it does not wait any more.
        RuleBroken: nothing is named, or a remark is too long.
    """
    group, version = _lock_pending(session, version_id, now=now)
    said = {field: remarks[field].strip() for field in FIELDS if remarks.get(field, "").strip()}
    missing = [point for point in CHECKLIST if point in unmet]
    if not said and not missing:
        raise RuleBroken(_("Please say at least at one place what should be changed."), field="remarks")
    for field, remark in said.items():
        _check_length(remark, field=f"remark-{field}")
    version.state = CHANGES_ASKED
    version.remarks = said
    version.unmet = missing
    _decided(version, by=by, now=now)
    _tell(session, group, version, "listing.changes_asked", "changes_asked", now=now)


def decline(session: Session, version_id: int, *, reason: str, by: int | None, now: datetime) -> None:
    """Afterwards the version is not published, and whoever handed it in knows why.

    Raises:
        NotFound: there is no such version.
        DecidedMeanwhile: it does not wait any more.
        RuleBroken: no reason is given, or it is too long.
    """
    group, version = _lock_pending(session, version_id, now=now)
    if not reason.strip():
        raise RuleBroken(_("Please say why. The group reads it."), field="reason")
    _check_length(reason.strip(), field="reason")
    version.state = DECLINED
    version.reason = reason.strip()
    _decided(version, by=by, now=now)
    is_first = not was_approved(group)
    if is_first:
        group.state = GROUP_DECLINED
        group.updated_at = now
    _tell(session, group, version, "listing.declined", "declined" if is_first else "declined_edit", now=now)


def _lock_pending(session: Session, version_id: int, *, now: datetime) -> tuple[Group, ListingVersion]:
    """Answer the group, locked, and the version that waits, as of what is approved by now."""
    found = session.get(ListingVersion, version_id)
    if found is None:
        raise NotFound(_("There is no such version."), code="unknown_version")
    group = lock_group(session, found.group_id)
    session.refresh(found)
    if group.state in OVER:
        raise DecidedMeanwhile(_("This group is closed. You need not do anything."))
    if found.state != PENDING:
        raise DecidedMeanwhile(_who_and_when(session, found))
    catch_up(session, group, now=now)
    version = open_version(session, group.id)
    if version is None:
        raise DecidedMeanwhile(_("What was to be changed is shown already; there is nothing left to decide."))
    return group, version


def _who_and_when(session: Session, version: ListingVersion) -> str:
    """Answer what has become of a version in the meantime."""
    if version.state in {APPROVED, DECLINED, CHANGES_ASKED} and version.decided_at is not None:
        return _(
            "%(name)s has decided this already, %(moment)s: %(state)s.",
            name=_name(session, version.decided_by_id) or _("Somebody of your house"),
            moment=when_words(version.decided_at),
            state=STATE_LABELS[version.state],
        )
    newer = open_version(session, version.group_id)
    if newer is None:
        return _("The group has taken this back in the meantime. You need not do anything.")
    return _(
        "%(name)s has changed this in the meantime, %(moment)s. Please look at it as it is now.",
        name=_name(session, newer.submitted_by_id) or _("The group"),
        moment=when_words(newer.submitted_at),
    )


def _name(session: Session, user_id: int | None) -> str:
    user = session.get(User, user_id) if user_id else None
    return user.name if user else ""


def _decided(version: ListingVersion, *, by: int | None, now: datetime) -> None:
    version.decided_by_id, version.decided_at = by, now


def _check_length(text: str, *, field: str) -> None:
    if len(text) > LONGEST_REMARK:
        raise RuleBroken(_("Please use at most %(count)s characters.", count=LONGEST_REMARK), field=field)


def _tell(
    session: Session, group: Group, version: ListingVersion, action: str, event: str, *, now: datetime
) -> None:
    """Afterwards it is written what was decided, and whoever handed the version in hears of it."""
    session.flush()
    note(
        session,
        action,
        now=now,
        record_id=version.id,
        group_id=group.id,
        clearinghouse_id=group.clearinghouse_id,
        fields=list(version.remarks) or list(version.changes),
    )
    tell_submitter(session, group, version, event, now=now)
