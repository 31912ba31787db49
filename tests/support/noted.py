"""Watches every request of every test: one that stored something has also written down that it did.

A change is seen where it reaches the database, so no view and no service can be forgotten.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import has_request_context, request
from sqlalchemy import event

from app.shared.extensions import db

if TYPE_CHECKING:
    from flask import Flask

_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)

NEEDS_NONE = {
    "outbox_mail": "a mail is no record; what it tells of is noted",
    "user_session": "who was signed in when is nobody's business; ending sessions on purpose is noted",
    "mailed_link": "a question that nobody may have asked; what is done by the link is noted",
    "finder_entry": "derived",
    "finder_state": "derived",
    "group_text": "derived",
    "meeting_told": "derived",
    "recovery_code": "using one is signing in",
    "meeting_watch": "that somebody watches a group is health data; nobody may learn of it",
    "conversation": "that somebody writes to a group is health data; nobody may learn of it",
    "used_proof": "a number that keeps a form from being sent twice",
    "registration_draft": "what nobody has sent is nobody's business; sending it is noted",
    "geocoded_address": "what a public directory answered",
    "group_text_fts": "derived",
    "notice_order": "that making goes on or is over; that somebody ordered it is noted",
}
"""Table → why a change of it needs no entry of its own."""
SIGNING_IN = {
    "accounts.send_login",
    "accounts.send_code",
    "accounts.finish_sign_in_by_link",
    "accounts.finish_sign_up",
    "accounts.finish_choosing_password",
    "accounts.answer_invitation",
}
"""Where ``user`` learns when somebody last signed in, or which code was used, in a transaction of its own."""
_SEEN = "tests_wrote"


def watch_history(app: Flask) -> list[str]:
    """Answer a list that fills with what was stored by a request without an entry in the history."""
    complaints: list[str] = []
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "before_cursor_execute")
    def _writes(connection: Any, *_rest: Any) -> None:
        connection.info["tests_changes"] = _changes(connection)

    @event.listens_for(engine, "after_cursor_execute")
    def _wrote(connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        found = _WRITES.match(statement)
        is_sqlite = connection.dialect.name == "sqlite"
        rows = _changes(connection) - connection.info["tests_changes"] if is_sqlite else cursor.rowcount
        # SQLite counts rows that are given back (RETURNING, as of several entries at once) only when they are fetched.
        if found and (rows or found[1].lower() == "history_entry") and has_request_context():
            connection.info.setdefault(_SEEN, set()).add(found[1].lower())

    @event.listens_for(engine, "commit")
    def _committed(connection: Any) -> None:
        wrote = connection.info.pop(_SEEN, set())
        silent = {table for table in wrote - NEEDS_NONE.keys() if not table.startswith("finder")}
        if request and request.endpoint in SIGNING_IN:
            silent.discard("user")
        if silent and "history_entry" not in wrote:
            complaints.append(f"{request.method} {request.path} changed {', '.join(sorted(silent))}")

    @event.listens_for(engine, "rollback")
    def _undone(connection: Any) -> None:
        connection.info.pop(_SEEN, None)

    return complaints


def _changes(connection: Any) -> int:
    """Answer how many rows this connection has ever changed; its cursor does not know before all are fetched."""
    return int(getattr(connection.connection.dbapi_connection, "total_changes", 0))
