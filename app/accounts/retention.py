"""What the accounts package forgets, and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app

from app.accounts.address_changes import forget_old_changes
from app.accounts.invitations import forget_old_invitations
from app.accounts.kept_sessions import forget_idle_sessions
from app.accounts.links import forget_old_links
from app.shared.retention import Retention

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from config import Config


def _forget_sessions(session: Session, before: datetime) -> int:
    config: Config = current_app.config["WIRKREIS"]
    return forget_idle_sessions(session, seen_before=before - timedelta(minutes=config.session_idle_minutes))


RULES = (
    Retention("idle-sessions", "user_session", "sessions that were idle too long", 0, _forget_sessions),
    Retention("used-links", "mailed_link", "links that no longer work", 0, forget_old_links),
    Retention(
        "address-changes", "address_change", "changes that nobody confirmed in time", 0, forget_old_changes
    ),
    Retention(
        "invitations", "invitation", "invitations that nobody answered in time", 0, forget_old_invitations
    ),
)
