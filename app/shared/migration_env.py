"""How Alembic writes our column types, so that a migration needs nothing of today's code."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.shared.database import Json, UtcDateTime


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Answer the plain SQLAlchemy form of our own column types; False leaves the rest to Alembic."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if item is Json or (isinstance(item, sa.JSON) and "postgresql" in item._variant_mapping):  # noqa: SLF001
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


HAND_MADE_TABLES = ("group_text",)
"""Tables that migrations make by hand, because the two databases need different ones (and those behind them)."""


def include_object(item: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:  # noqa: FBT001 - Alembic's call
    """Whether Alembic compares a table with the models: all but the hand-made ones."""
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", "")
    return not str(table or "").startswith(HAND_MADE_TABLES)
