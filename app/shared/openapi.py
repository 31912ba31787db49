"""The description of the machine interface, kept by hand in ``openapi.json``; a test holds it against the routes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Response

from app.accounts.guard import public
from app.shared.api_shape import json_answer

bp = Blueprint("openapi", __name__)


@bp.get("/api/v1/openapi.json")
@public
def describe() -> Response:
    """Answer the OpenAPI 3.1 description."""
    return json_answer(description())


@cache
def description() -> dict[str, Any]:
    """Answer the parsed description."""
    parsed: dict[str, Any] = orjson.loads(Path(__file__).with_suffix(".json").read_bytes())
    return parsed
