"""One group gets a later last day in a round, with a reason that it is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.mails.changes import more_time_mail
from app.funding.models import DeadlineExtension, GrantRequest, GrantRound
from app.funding.queries.applications import OpenRound, read_round_of
from app.funding.queries.assessing import arrival_in_time
from app.funding.rules.deadlines import Arrival
from app.funding.rules.grant_round import LATE
from app.funding.services.changes import checked_words, write_to_group
from app.funding.services.conflicts import refuse_conflicted
from app.funding.services.rounds import hold_round
from app.groups.presentation import date_words
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def extend_deadline(
    session: Session,
    group_id: int,
    round_: GrantRound,
    last_day: date,
    words: str,
    *,
    seen_day: date,
    by: int,
    now: datetime,
) -> None:
    """Afterwards requests of this group are in time until that day; one that was late for it counts as extended.

    ``seen_day`` is the last day that the page showed.

    Raises:
        RuleBroken: no reason, no later day, or somebody has moved it since.
    """
    words = checked_words(words, _("Please say why."), field="words")
    refuse_conflicted(session, by, [group_id], now=now)
    hold_round(session, round_.id)
    found = read_round_of(session, group_id, round_)
    _check_day(found, last_day, seen_day)
    session.add(
        DeadlineExtension(
            round_id=round_.id,
            group_id=group_id,
            number=found.extension.number + 1 if found.extension else 1,
            last_day=last_day,
            words=words,
            extended_by=by,
            extended_at=now,
        )
    )
    session.flush()
    about = {"group_id": group_id, "clearinghouse_id": found.group.clearinghouse_id}
    note(session, "grant_round.deadline_extended", now=now, record_id=round_.id, **about)
    after = read_round_of(session, group_id, round_)
    _restand(session, after, now=now)
    write_to_group(
        session,
        after,
        lambda url: more_time_mail(after.group.name, round_.year, date_words(last_day), words, url),
        purpose="application-more-time",
        now=now,
    )


def _restand(session: Session, found: OpenRound, *, now: datetime) -> None:
    """Let a late request that came by the later day count as extended."""
    application = found.application
    if application is None or application.received_on is None:
        return
    standing = arrival_in_time(found, Arrival(application.received_on, application.posted_on))
    request = session.scalar(
        sa.select(GrantRequest)
        .where(
            GrantRequest.round_id == found.round.id,
            GrantRequest.group_id == found.group.id,
            GrantRequest.standing == LATE,
        )
        .with_for_update()
    )
    if request is None or standing == LATE:
        return
    request.standing, request.updated_at = standing, now
    request.version += 1
    session.flush()


def _check_day(found: OpenRound, last_day: date, seen_day: date) -> None:
    if found.last_day != seen_day:
        raise RuleBroken(
            _(
                "The last day for this group is %(day)s by now. Please look again; nothing was stored.",
                day=date_words(found.last_day),
            ),
            code="changed_meanwhile",
        )
    if last_day <= found.last_day:
        raise RuleBroken(_("Please choose a later day."), field="due_on")
    if (last_day - found.last_day).days > 366:
        raise RuleBroken(_("Please choose a day within a year."), field="due_on")
