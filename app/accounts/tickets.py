"""What a page carries between two steps, signed: nobody else can make it, and it is void after a quarter of an hour.

So the first half of signing in needs neither a cookie nor a row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

if TYPE_CHECKING:
    from collections.abc import Sequence

LIFE = timedelta(minutes=15)


def make_ticket(purpose: str, *facts: str | int, now: datetime) -> str:
    """Answer a ticket that holds these facts."""
    return str(_serializer(purpose).dumps([int(now.timestamp()), *facts]))


def read_ticket(purpose: str, ticket: str, *, now: datetime) -> Sequence[Any] | None:
    """Answer the facts of a ticket; None when it is not ours, for something else, or too old."""
    try:
        made_at, *facts = _serializer(purpose).loads(ticket)
    except BadData:
        return None
    is_fresh = 0 <= int(now.timestamp()) - made_at <= LIFE.total_seconds()
    return facts if is_fresh else None


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"ticket:{purpose}")
