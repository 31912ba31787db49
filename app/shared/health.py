"""Liveness and readiness for whoever runs the service."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.guard import public
from app.shared.api_shape import json_answer
from app.shared.extensions import db
from config import ROOT

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """Answer 200 as long as the process can answer."""
    return json_answer({"status": "ok"})


@bp.get("/readyz")
@public
def ready() -> Response:
    """Answer 200 when the database is reached and its migrations are current, else 503 with what is missing."""
    try:
        with db.engine.connect() as connection:
            current = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError:
        return json_answer({"status": "database not reached"}, status=503)
    heads = set(ScriptDirectory(str(ROOT / "migrations")).get_heads())
    if current != heads:
        return json_answer({"status": "migrations not current"}, status=503)
    return json_answer({"status": "ready"})
