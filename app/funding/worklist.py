"""What waits for the staff of a house because of the money that its groups ask for."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.funding.queries.check_queue import list_queue
from app.funding.rules.checks import CONTENT, WAITING
from app.groups.meetings.schedules import day_of
from app.shared.worklist import Waiting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def waiting_checks(session: Session, house_id: int, now: datetime) -> list[Waiting]:
    """Answer one line for all requests of the groups of a house whose content nobody has checked."""
    queue = list_queue(session, region_ids=(), house_ids=(house_id,), today=day_of(now))
    waiting = [line for line in queue if line.state == WAITING and CONTENT not in line.results]
    if not waiting:
        return []
    days = [line.application.received_on for line in waiting if line.application.received_on]
    since = datetime.combine(min(days, default=day_of(now)), time(), UTC)
    return [
        Waiting(
            kind=_("Funding"),
            what=ngettext(
                "%(num)s request for funding to be checked",
                "%(num)s requests for funding to be checked",
                len(waiting),
            ),
            since=min(since, now),
            button=_("Check"),
            url=url_for("funding.checks"),
        )
    ]
