"""Notices are made and mailed portion by portion, each portion in a transaction of its own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.funding.services import notice_sending as sending
from app.funding.services import notices
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def make_notices(run_id: int, *, now: datetime, at_most: int | None = None) -> int:
    """Make the notices of a run that are due, each portion in a transaction of its own; answer how many were made.

    Whatever stops it in between leaves whole notices only, and the next one goes on from there.
    """
    due = notices.still_due(db.session(), run_id)[:at_most]
    made = 0
    for portion in _portions(due, notices.PORTION):
        with transaction() as session:
            made += notices.make_portion(session, run_id, portion, now=now)
    with transaction() as session:
        notices.end_making(session, run_id)
    return made


def mail_notices(run_id: int, *, now: datetime, at_most: int | None = None) -> int:
    """Queue the mails of a run's notices, each portion in a transaction of its own; answer how many."""
    waiting = sending.to_mail(db.session(), run_id)[:at_most]
    mailed = 0
    for portion in _portions(waiting, sending.PORTION):
        with transaction() as session:
            mailed += sending.mail_portion(session, portion, now=now)
    with transaction() as session:
        sending.end_mailing(session, run_id)
    return mailed


def _portions(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
