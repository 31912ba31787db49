"""What the first page of an application begins with: what the group's record and its attendance tell already."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from app.groups.meetings.attendance import attendance_of
from app.groups.meetings.schedules import day_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.models import Group


def prefilled(session: Session, group: Group, *, now: datetime) -> dict[str, list[str]]:
    """Answer the fields of the page about the group, as far as they are known."""
    year = day_of(now).year
    figures = [attendance_of(session, group.id, each, now=now) for each in (year, year - 1)]
    averages = [each.average for each in figures if each.average]
    held = max(each.held for each in figures)
    known = {"leaders": ["none"]}
    if averages:
        known["members"] = [str(math.floor(averages[0] + 0.5))]
    if held:
        known["meetings"] = [str(held)]
    if group.status != "waiting_list":
        known["is_open"] = ["y"]
    return known
