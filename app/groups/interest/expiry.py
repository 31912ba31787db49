"""The end of interest: asked 30 days before whether it still holds, deleted when it does not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.interest.emails import renewal_mail
from app.groups.interest.joining import about_words
from app.groups.interest.links import OUT, RENEW, interest_url
from app.groups.models import Interest
from app.groups.rules.interest import RENEWAL_NOTICE, is_up_for_renewal
from app.shared.languages import speaking
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def list_up_for_renewal(session: Session, *, now: datetime) -> list[int]:
    """Answer the ids of the confirmed addresses that end in the next 30 days."""
    due = sa.select(Interest.id).where(
        Interest.email.is_not(None),
        Interest.counts_since.is_not(None),
        Interest.expires_at > now,
        Interest.expires_at <= now + RENEWAL_NOTICE,
    )
    return list(session.scalars(due.order_by(Interest.id)))


def ask_to_renew(session: Session, ids: list[int], *, now: datetime) -> int:
    """Afterwards a mail waits for each of these that was not asked before this end; answers how many are new."""
    queued = 0
    for interest in session.scalars(sa.select(Interest).where(Interest.id.in_(ids)).order_by(Interest.id)):
        if interest.email is None or not is_up_for_renewal(interest.expires_at, now=now):
            continue
        with speaking(interest.language):
            mail_id = queue_mail(
                session,
                to=interest.email,
                mail=renewal_mail(
                    about_words(session, interest),
                    interest_url(RENEW, interest.id, interest.email),
                    until=interest.expires_at,
                ),
                purpose="interest-renewal",
                now=now,
                once_key=f"interest-renewal:{interest.id}:{interest.expires_at:%Y%m%d%H%M%S%f}",
                unsubscribe_url=interest_url(OUT, interest.id, interest.email),
            )
        queued += mail_id is not None
    return queued


def forget_interest(session: Session, before: datetime) -> int:
    """Afterwards nothing is left of interest that had ended by then; answer how many went."""
    ended = sa.delete(Interest).where(Interest.expires_at <= before).returning(Interest.id)
    return len(session.scalars(ended.execution_options(synchronize_session=False)).all())
