"""The one shape of every machine answer: collections, errors, caching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from flask import Response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.shared.errors import DomainError

JSON_TYPE = "application/json; charset=utf-8"
GEOJSON_TYPE = "application/geo+json; charset=utf-8"


def json_answer(body: Any, *, status: int = 200, content_type: str = JSON_TYPE) -> Response:
    """Answer a body as compact UTF-8 JSON that any site may read."""
    response = Response(orjson.dumps(body), status=status, content_type=content_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def collection(items: Sequence[Any], *, total: int, next_url: str | None = None, **more: Any) -> Response:
    """Answer ``{"total", "items", "next"}`` and whatever else the collection says of itself."""
    return json_answer({"total": total, "items": items, "next": next_url, **more})


def error_answer(error: DomainError) -> Response:
    """Answer ``{"error": {"code", "message", "status"}}``."""
    body: dict[str, Any] = {"code": error.code, "message": error.message, "status": error.status}
    if error.field:
        body["field"] = error.field
    return json_answer({"error": body}, status=error.status)
