"""Everything the network holds about somebody with an account, found by what each table says of itself.

A table that forgets to say how its rows are found fails a house test, so nothing can be left out by accident.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.shared.extensions import db
from app.shared.history import HistoryEntry
from app.shared.privacy import Processing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


def personal_tables() -> Iterator[tuple[sa.Table, Processing]]:
    """Yield every table that holds personal data, with what it says of them, by name."""
    for name in sorted(db.metadata.tables):
        table = db.metadata.tables[name]
        processing = table.info.get("processing")
        if isinstance(processing, Processing):
            yield table, processing


def collect_data(session: Session, user_id: int, *, now: datetime) -> dict[str, Any]:
    """Answer everything about a person, as JSON takes it: table → purpose, period and rows."""
    user = session.get_one(User, user_id)
    given: dict[str, Any] = {}
    for table, processing in personal_tables():
        owned = _owned(table, processing, user)
        rows = [] if owned is None else _rows(session, table, processing, owned)
        named = _named(session, table, processing, user_id)
        if rows or named:
            given[str(table.name)] = {
                "why": processing.purpose,
                "legal_basis": processing.basis,
                "kept": processing.kept,
                "rows": rows,
            } | ({"you_are_named_in": named} if named else {})
    return {"made_at": now.isoformat(), "account": user.id, "data": given}


def _owned(table: sa.Table, processing: Processing, user: User) -> sa.ColumnElement[bool] | None:
    """Answer which rows of a table belong to a person; None when none can."""
    found = [table.c[name] == user.id for name in processing.accounts]
    found += [sa.func.lower(sa.func.trim(table.c[name])) == user.email for name in processing.addresses]
    own_groups = sa.select(RoleGrant.group_id).where(
        RoleGrant.user_id == user.id, RoleGrant.group_id.is_not(None)
    )
    found += [table.c[name].in_(own_groups) for name in processing.groups]
    if table.name == HistoryEntry.__tablename__:  # what others did to the account is about them as well
        found.append(sa.and_(table.c.action.like("account.%"), table.c.record_id == user.id))
    return sa.or_(*found) if found else None


def _rows(
    session: Session, table: sa.Table, processing: Processing, owned: sa.ColumnElement[bool]
) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name not in processing.withheld]
    found = session.execute(sa.select(*columns).where(owned).order_by(*table.primary_key.columns))
    return [{str(name): _plain(value) for name, value in row.items()} for row in found.mappings()]


def _named(session: Session, table: sa.Table, processing: Processing, user_id: int) -> list[dict[str, Any]]:
    """Answer in which rows of others a person stands, and as what; not what else stands there."""
    keys = list(table.primary_key.columns)
    return [
        {"as": name} | {str(key): _plain(value) for key, value in row.items()}
        for name in processing.named
        for row in session.execute(sa.select(*keys).where(table.c[name] == user_id)).mappings()
    ]


def _plain(value: Any) -> Any:
    """Answer a value as JSON knows it."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return "…" if isinstance(value, bytes) else value
