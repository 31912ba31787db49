"""The page that people start from once they have signed in, and where they are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts import kept_sessions, queries
from app.accounts.guard import get_person, requires
from app.accounts.keys import digest
from app.accounts.labels import ROLE_NAMES, browser_words
from app.accounts.sessions import current_key, idle_since
from app.accounts.start_links import list_start_links, list_waiting_for
from app.accounts.views.blueprint import bp
from app.shared import clock
from app.shared.extensions import db
from app.shared.history import note
from app.shared.transactions import transaction
from app.shared.worklist import waiting_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


MOST_WAITING = 10


@bp.get("/accounts")
@requires("be_signed_in")
def start() -> ResponseReturnValue:
    """Who somebody is here, and what they can do."""
    person, now = get_person(), clock.now()
    waiting = list_waiting_for(db.session(), person, now=now)
    return render_template(
        "accounts/start.html",
        person=person,
        roles=queries.list_roles(db.session(), person.id),
        role_names=ROLE_NAMES,
        has_left="left" in request.args,
        links=list_start_links(db.session(), person),
        waiting=[(line, waiting_words(line.since, now)) for line in waiting[:MOST_WAITING]],
        count=len(waiting),
    )


@bp.get("/accounts/sessions")
@requires("be_signed_in")
def sessions() -> ResponseReturnValue:
    """Where somebody is signed in."""
    return _sessions_page()


@bp.post("/accounts/sessions")
@requires("be_signed_in")
def end_sessions() -> ResponseReturnValue:
    """End one session of the person, or all but this one."""
    number, person, now = request.form.get("session", ""), get_person(), clock.now()
    with transaction() as session:
        if number.isascii() and number.isdecimal() and len(number) < 10:
            if kept_sessions.end_session_of(session, person.id, int(number)):
                note(session, "account.session_ended", now=now, record_id=person.id)
        elif "others" in request.form:
            kept_sessions.sign_out_everywhere(session, person.id, but_for=current_key())
            note(session, "account.signed_out_everywhere", now=now, record_id=person.id)
        else:
            return redirect(url_for("accounts.sessions"), code=303)
    return redirect(url_for("accounts.sessions", ended=1), code=303)


def _sessions_page() -> str:
    kept = queries.list_sessions(db.session(), get_person().id, seen_since=idle_since(clock.now()))
    here = digest(current_key())
    return render_template(
        "accounts/sessions.html",
        sessions=[(each, browser_words(each.browser), each.key_hash == here) for each in kept],
        has_ended="ended" in request.args,
    )
