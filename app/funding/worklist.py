"""What waits for the staff of a house because of the funding of its groups."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.funding.queries.check_queue import list_queue
from app.funding.queries.group_waiting import (
    ChangeAsked,
    ProofMissing,
    list_changes_asked,
    list_proofs_missing,
)
from app.funding.queries.open_rounds import Unsubmitted, list_unsubmitted
from app.funding.queries.project_days import Unproven, list_unproven
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
    """Answer what the groups of a house may miss: last days, signatures, changes they were asked for, proofs."""
    found = list_unsubmitted(session, now=now, clearinghouse_id=house_id)
    return [
        *(_waiting(each, now) for each in found if _needs_a_look(each, now)),
        *(_asked(each, now) for each in list_changes_asked(session, house_id)),
        *(_missing(each) for each in list_proofs_missing(session, house_id, on=day_of(now))),
        *(
            _missing_of_project(each)
            for each in list_unproven(session, clearinghouse_id=house_id)
            if each.due_on < day_of(now)
        ),
    ]


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
    return _line(
        what,
        each.asked_at or each.saved_at,
        each.group_name,
        url_for("funding.of_group", slug=each.group_slug),
        is_urgent=each.last_day - day_of(now) <= URGENT,
    )


def _asked(each: ChangeAsked, now: datetime) -> Waiting:
    return _line(
        _("changes asked for, until %(day)s", day=date_words(each.due_on)),
        each.asked_at,
        each.group_name,
        url_for("funding.of_group", slug=each.group_slug),
        is_urgent=each.due_on - day_of(now) <= URGENT,
    )


def _missing(each: ProofMissing) -> Waiting:
    return _line(
        _(
            "proof of use for %(year)s is missing since %(day)s",
            year=each.year,
            day=date_words(each.due_on),
        ),
        datetime.combine(each.due_on, time(), UTC),
        each.group_name,
        url_for("funding.write_proof", slug=each.group_slug, year=each.year),
    )


def _missing_of_project(each: Unproven) -> Waiting:
    return _line(
        _(
            "proof of use for project %(number)s is missing since %(day)s",
            number=each.number,
            day=date_words(each.due_on),
        ),
        datetime.combine(each.due_on, time(), UTC),
        each.group_name,
        url_for("funding.project", slug=each.group_slug, project_id=each.project_id),
    )


def _line(what: str, since: datetime, who: str, url: str, *, is_urgent: bool = False) -> Waiting:
    return Waiting(_("Funding"), what, since, _("Look"), url, who, is_urgent)


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
