"""The start page, the finder with its list and map, and the same list for paper."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.guard import public

bp = Blueprint("groups", __name__, template_folder="../templates")


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """Answer the start page."""
    return render_template("groups/start.html")
