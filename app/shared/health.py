"""Liveness and readiness for whoever runs the service."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.guard import public
from app.shared.api_shape import json_answer
from app.shared.extensions import db
from app.shared.revision import PROGRAM, database_revision

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """Answer 200 as long as the process can answer."""
    return json_answer({"status": "ok"})


@bp.get("/readyz")
@public
def ready() -> Response:
    """Answer 200 when the database is reached and stands where the program does, else 503 with what is missing."""
    try:
        found = database_revision(db.engine)
    except SQLAlchemyError:
        return json_answer({"status": "database not reached"}, status=503)
    if found != PROGRAM:
        stands = {"program": PROGRAM, "database": found}
        return json_answer({"status": "migrations not current", **stands}, status=503)
    return json_answer({"status": "ready"})
