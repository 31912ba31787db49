"""Scheduled work of the accounts package: what is over is forgotten."""

from __future__ import annotations

from datetime import datetime

from app.accounts.address_changes import forget_old_changes
from app.accounts.invitations import forget_old_invitations
from app.accounts.kept_sessions import forget_idle_sessions
from app.accounts.links import forget_old_links
from app.accounts.sessions import idle_since
from app.shared.jobs import Job
from app.shared.transactions import transaction


def forget_what_is_over(now: datetime) -> int:
    """Delete sessions that were idle too long, links and invitations that no longer work; answer how many rows went."""
    with transaction() as session:
        return (
            forget_idle_sessions(session, seen_before=idle_since(now))
            + forget_old_links(session, now=now)
            + forget_old_changes(session, now=now)
            + forget_old_invitations(session, now=now)
        )


JOBS = [Job(name="forget-signed-in", period_seconds=3600, run=forget_what_is_over)]
