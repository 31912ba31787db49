"""Who is signed in: a cookie that begins with signing in, checked against the database at each use.

The cookie says who it is and with which version of the sessions it began, signed; the account decides whether that
still holds. Pages for everybody never look at it: they cost nothing more and are the same for all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app, session
from flask_login import LoginManager, current_user, login_user, logout_user

from app.accounts import queries
from app.accounts.person import Person
from app.shared import clock
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask import Flask, Response

    from config import Config

_SEEN_AT = "seen_at"
_SEEN_STEP = timedelta(minutes=1)
"""How often the cookie is written anew while somebody works."""


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


def sign_in(person: Person) -> None:
    """Afterwards this browser is signed in; nothing of a session it had before is left."""
    session.clear()
    login_user(person)
    session[_SEEN_AT] = int(clock.now().timestamp())


def sign_out() -> None:
    """Afterwards this browser is signed out and has no cookie."""
    logout_user()
    session.clear()


def _find_person(session_key: str) -> Person | None:
    """Answer whom a session belongs to, unless it was idle too long or its version is over."""
    config: Config = current_app.config["WIRKREIS"]
    idle_seconds = int(clock.now().timestamp()) - int(session.get(_SEEN_AT, 0))
    if idle_seconds >= config.session_idle_minutes * 60:
        return None
    user_id, _dot, version = session_key.partition(".")
    person = queries.find_person(db.session(), int(user_id))
    if person is None or str(person.session_version) != version:
        return None
    if idle_seconds >= _SEEN_STEP.total_seconds():
        session[_SEEN_AT] = int(clock.now().timestamp())
    return person
