"""What waits for the staff of a house because of the funding of its groups."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.funding.queries.check_queue import list_queue
from app.funding.queries.open_rounds import Unsubmitted, list_unsubmitted
from app.funding.rules.checks import CONTENT, WAITING
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared.worklist import Waiting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NEAR = timedelta(days=21)
"""How long before its last day a request that is not finished waits for the staff as well."""
URGENT = timedelta(days=3)
LATE_SIGNATURE = timedelta(days=3)
"""After so long without a signature somebody may have missed the mail."""


def waiting_requests(session: Session, house_id: int, now: datetime) -> list[Waiting]:
    """Answer the requests of the groups of a house that may miss their last day, and those that wait for signatures."""
    found = list_unsubmitted(session, now=now, clearinghouse_id=house_id)
    return [_waiting(each, now) for each in found if _needs_a_look(each, now)]


def _needs_a_look(each: Unsubmitted, now: datetime) -> bool:
    if each.asked_at is not None and now - each.asked_at >= LATE_SIGNATURE:
        return True
    return each.last_day - day_of(now) <= NEAR


def _waiting(each: Unsubmitted, now: datetime) -> Waiting:
    day = date_words(each.last_day)
    if each.asked_at is not None:
        what = _("%(signed)s of 2 have signed, until %(day)s", signed=each.signed, day=day)
    else:
        what = _("request not finished, until %(day)s", day=day)
    return Waiting(
        kind=_("Funding"),
        what=what,
        since=each.asked_at or each.saved_at,
        button=_("Look"),
        url=url_for("funding.of_group", slug=each.group_slug),
        who=each.group_name,
        is_urgent=each.last_day - day_of(now) <= URGENT,
    )


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
