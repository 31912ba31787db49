"""Two groups become one: one stays as it is, the other's page, calendar and people lead to it.

Nothing is mixed by itself: topics and texts are those of the group that stays; of the other's series those that were
chosen go along, the others end.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.people import move_people
from app.groups.departures import Departure, carry_out_departure
from app.groups.meetings.schedules import day_of
from app.groups.meetings.services import end_series, touch_series
from app.groups.models import Group, GroupAbsence, MeetingSeries
from app.groups.rules.life import HIDDEN, LISTED, MERGED
from app.groups.rules.listing import is_stricter
from app.groups.rules.schedule import ONLINE
from app.groups.search_index import index_groups
from app.groups.services import change_group
from app.groups.upkeep.emails import Event
from app.groups.upkeep.notices import tell_contacts, tell_watchers
from app.groups.upkeep.services import lock, series_of
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def merge_groups(
    session: Session, gone_id: int, into_id: int, *, series_ids: Collection[int], now: datetime
) -> None:
    """Afterwards the first group goes on as part of the second, with the series chosen. Twice is once.

    Raises:
        NotFound: one of them is not there.
        RuleBroken: they are one and the same, of two houses, or not in a state for this; or a series would make known
            where it meets.
    """
    if gone_id == into_id:
        raise RuleBroken(_("Please choose another group; these are one and the same."), field="other")
    locked = {group_id: lock(session, group_id) for group_id in sorted((gone_id, into_id))}
    gone, into = locked[gone_id], locked[into_id]
    absence = session.get(GroupAbsence, gone_id)
    if gone.state == MERGED and absence is not None and absence.merged_into_id == into_id:
        return
    check_merging(gone, into)
    moving = [series for series in _series(session, gone_id) if series.id in series_ids]
    for series in moving:
        check_going_along(series.format, gone, into)
    _move_series(session, moving, gone, into, now=now)
    for series_id in series_of(session, gone_id):
        end_series(session, series_id, now=now)
    kept = frozenset(series.id for series in moving)
    carry_out_departure(session, Departure(gone_id, into_id, kept), now=now)
    change_group(session, gone_id, now=now, state=MERGED)
    session.merge(GroupAbsence(group_id=gone_id, since=now, reason="", merged_into_id=into_id))
    into.updated_at = now
    session.flush()
    index_groups(session, [into_id], today=day_of(now))
    _tell(session, gone, into, now=now)
    _note(session, gone, into, series=len(kept), now=now)


def check_merging(gone: Group, into: Group) -> None:
    """Return quietly when the first group can go on as part of the second.

    Raises:
        RuleBroken: they are of two houses, or not in a state for this.
    """
    if gone.clearinghouse_id != into.clearinghouse_id:
        raise RuleBroken(_("Both groups must belong to your clearing house."), field="other")
    if gone.state not in {LISTED, *HIDDEN}:
        raise RuleBroken(_("“%(name)s” is no longer there to be merged.", name=gone.name), field="other")
    if into.state != LISTED:
        raise RuleBroken(
            _("“%(name)s” is not listed. The group that stays must be listed.", name=into.name), field="other"
        )


def check_going_along(format_: str, gone: Group, into: Group) -> None:
    """Return quietly when a series can go along without its place becoming known better than was agreed.

    Raises:
        RuleBroken: the group that stays shows its places more exactly than the other one did.
    """
    if format_ != ONLINE and is_stricter(gone.disclosure, than=into.disclosure):
        raise RuleBroken(
            _(
                "“%(name)s” does not show its place as exactly as the group that stays. Its series cannot go along; "
                "please enter them anew once the group agrees that the place is shown.",
                name=gone.name,
            ),
            field="series",
        )


def _series(session: Session, group_id: int) -> list[MeetingSeries]:
    wanted = sa.select(MeetingSeries).where(MeetingSeries.group_id == group_id).order_by(MeetingSeries.id)
    return list(session.scalars(wanted.with_for_update()))


def _move_series(
    session: Session, moving: Collection[MeetingSeries], gone: Group, into: Group, *, now: datetime
) -> None:
    """Afterwards the series are those of the other group, at the place where they have met."""
    for series in moving:
        if series.format != ONLINE and series.place_id is None:
            series.place_id = gone.place_id
        series.group_id = into.id
    session.flush()
    touch_series(session, [series.id for series in moving], now=now)


def _tell(session: Session, gone: Group, into: Group, *, now: datetime) -> None:
    event = Event(MERGED, into_name=into.name, into_slug=into.slug)
    tell_contacts(session, gone, event, now=now)
    tell_watchers(session, gone, event, is_last=True, now=now)
    move_people(session, gone.id, into.id, now=now)
    tell_contacts(session, into, event, now=now)


def _note(session: Session, gone: Group, into: Group, *, series: int, now: datetime) -> None:
    house = {"now": now, "clearinghouse_id": gone.clearinghouse_id}
    note(session, "group.merged", group_id=gone.id, into=into.id, series=series, **house)  # type: ignore[arg-type]
    note(session, "group.took_in", group_id=into.id, other=gone.id, series=series, **house)  # type: ignore[arg-type]
