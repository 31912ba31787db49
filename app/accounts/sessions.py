"""Who is signed in: a cookie with the key of a session, which the database knows and can end (Flask-Login, our rows).

Pages for everybody never look at it: they cost nothing more and are the same for all.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app, request, session
from flask_login import LoginManager, current_user, login_user, logout_user

from app.accounts import kept_sessions, queries, services
from app.accounts.keys import digest
from app.accounts.person import Person
from app.accounts.rules.browser_family import browser_family
from app.accounts.rules.email_address import is_demo_address
from app.shared import clock
from app.shared.extensions import db
from app.shared.revision import OutOfStep
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask, Response

    from config import Config

_KEY = "_user_id"
"""Where Flask-Login keeps what ``Person.get_id`` answers."""
_SEEN_STEP = timedelta(minutes=1)
"""How often it is noted that a session is used."""


class _SignedInPagesOnly(LoginManager):  # type: ignore[misc]
    """Flask-Login without its "remember me" cookie: looking for it would make every public page vary by cookie."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def init_sessions(app: Flask) -> None:
    """Afterwards ``find_signed_in`` answers who is signed in."""
    manager = _SignedInPagesOnly()
    # Its check is of the network address, which changes on the way; templates get no user unless a view asks.
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_find_person)


def find_signed_in() -> Person | None:
    """Answer who is signed in; None for a visitor, and when the session is over for any reason."""
    person = current_user._get_current_object()  # noqa: SLF001 - the stand-in's documented way to the thing itself
    if isinstance(person, Person):
        return person
    if session:
        session.clear()  # it is over: the cookie goes too
    return None


def _find_person(key: str) -> Person | None:
    """Answer whom a session belongs to, unless it was idle too long or was ended; a key that is old is renewed."""
    now = clock.now()
    found = queries.find_session(db.session(), digest(key), seen_since=idle_since(now))
    if found is None or not may_use(found.person.email):
        return None
    with suppress(OutOfStep):  # whoever only reads is served while the database is migrated
        if found.is_key_old:
            with transaction() as writer:
                key = session[_KEY] = kept_sessions.renew_key(writer, found.id, now=now)
        elif now - found.seen_at >= _SEEN_STEP:
            with transaction() as writer:
                kept_sessions.touch_session(writer, found.id, now=now)
    return replace(found.person, session_key=key)


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
    login_user(replace(person, session_key=key))


def sign_out() -> None:
    """Afterwards this session is over and the browser has no cookie."""
    with transaction() as writer:
        kept_sessions.end_session(writer, session.get(_KEY, ""))
    logout_user()
    session.clear()


def current_key() -> str:
    """Answer the key of this browser's session; empty without one."""
    return session.get(_KEY, "")


def idle_since(now: datetime) -> datetime:
    """Answer since when a session must have been used to be alive."""
    config: Config = current_app.config["WIRKREIS"]
    return now - timedelta(minutes=config.session_idle_minutes)
