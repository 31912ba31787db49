"""Empties a database of its groups and clearing houses, so that a demonstration can begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.clearinghouses.models import Branch, Catchment, ClearingHouse, OpeningHour
from app.groups.models import (
    Closure,
    Founding,
    FoundingInvitation,
    FoundingStep,
    Group,
    GroupAbsence,
    GroupTopic,
    HouseMessage,
    Interest,
    ListingVersion,
    MeetingAttendance,
    MeetingChange,
    MeetingConfirmation,
    MeetingPlace,
    MeetingSeries,
    MeetingTold,
    MeetingWatch,
)
from app.groups.search_index import rebuild_index

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

CHILDREN_FIRST = (
    HouseMessage,
    ListingVersion,
    GroupAbsence,
    FoundingInvitation,
    FoundingStep,
    Founding,
    Interest,
    MeetingTold,
    MeetingWatch,
    MeetingConfirmation,
    MeetingAttendance,
    Closure,
    MeetingChange,
    MeetingSeries,
    GroupTopic,
    Group,
    MeetingPlace,
    OpeningHour,
    Catchment,
    Branch,
    ClearingHouse,
)


def remove_groups_and_clearinghouses(session: Session, *, today: date) -> None:
    """Afterwards there is no group, no meeting place and no clearing house, and the finder knows."""
    for model in CHILDREN_FIRST:
        session.execute(sa.delete(model))
    rebuild_index(session, today=today)
