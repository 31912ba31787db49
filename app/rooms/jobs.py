"""What is done about rooms from time to time."""

from __future__ import annotations

from datetime import datetime

from app.rooms.services.decisions import release_unanswered_offers
from app.shared.jobs import Job
from app.shared.transactions import transaction


def _release(now: datetime) -> None:
    """Free what offers held that nobody answered."""
    with transaction() as session:
        release_unanswered_offers(session, now=now)


JOBS = (Job(name="release-room-offers", period_seconds=3_600, run=_release),)
