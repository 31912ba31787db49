"""What cannot be beaten: a Flask route that returns ready bytes, as many as the page has (FLOOR_BYTES)."""

from __future__ import annotations

import os

from flask import Flask, Response

BODY = (b"<p>Wirkreis</p>\n" * (int(os.environ.get("FLOOR_BYTES", "1000")) // 16 + 1))[
    : int(os.environ.get("FLOOR_BYTES", "1000"))
]
app = Flask("floor", static_folder=None)


@app.get("/groups")
def ready() -> Response:
    """Answer the bytes."""
    return Response(BODY, content_type="text/html; charset=utf-8")
