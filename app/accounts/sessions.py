"""Who is signed in: a cookie with the key of a session, which the database knows and can end.

Pages for everybody never look at it: they cost nothing more and are the same for all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app, request, session

from app.accounts import kept_sessions, queries, services
from app.accounts.keys import digest
from app.accounts.rules.browser_family import browser_family
from app.accounts.rules.email_address import is_demo_address
from app.shared import clock
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from datetime import datetime

    from app.accounts.person import Person
    from config import Config

_KEY = "key"
_SEEN_STEP = timedelta(minutes=1)
"""How often it is noted that a session is used."""


def find_signed_in() -> Person | None:
    """Answer who is signed in; None for a visitor, and when the session is over for any reason."""
    now = clock.now()
    key = session.get(_KEY)
    found = (
        queries.find_session(db.session(), digest(key), seen_since=idle_since(now))
        if isinstance(key, str)
        else None
    )
    if found is None or not may_use(found.person.email):
        if session:
            session.clear()  # it is over: the cookie goes too
        return None
    if found.is_key_old:
        with transaction() as writer:
            session[_KEY] = kept_sessions.renew_key(writer, found.id, now=now)
    elif now - found.seen_at >= _SEEN_STEP:
        with transaction() as writer:
            kept_sessions.touch_session(writer, found.id, now=now)
    return found.person


def may_use(address: str) -> bool:
    """Whether an account with this address may be used here: in production none of a demonstration."""
    config: Config = current_app.config["WIRKREIS"]
    return not (config.is_production and is_demo_address(address))


def sign_in(person: Person) -> None:
    """Afterwards this browser is signed in, with a new key; a session it had before is over."""
    now = clock.now()
    with transaction() as writer:
        kept_sessions.end_session(writer, session.get(_KEY, ""))
        key = kept_sessions.begin_session(
            writer, person.id, browser=browser_family(request.user_agent.string), now=now
        )
        services.note_sign_in(writer, person.id, now=now)
    session.clear()
    session[_KEY] = key


def sign_out() -> None:
    """Afterwards this session is over and the browser has no cookie."""
    with transaction() as writer:
        kept_sessions.end_session(writer, session.get(_KEY, ""))
    session.clear()


def current_key() -> str:
    """Answer the key of this browser's session; empty without one."""
    return session.get(_KEY, "")


def idle_since(now: datetime) -> datetime:
    """Answer since when a session must have been used to be alive."""
    config: Config = current_app.config["WIRKREIS"]
    return now - timedelta(minutes=config.session_idle_minutes)
