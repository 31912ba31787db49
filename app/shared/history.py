"""Who did what to which record, and when: written in the same transaction, never changed, never deleted.

The database refuses to change or delete a row (triggers; on PostgreSQL the application's role may not either). So
nothing personal stands in it: a person is a number, and facts are words of the program, ids and names of fields.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import g, has_app_context, has_request_context
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import Processing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.shared.database import Base as Model
else:
    Model = db.Model

PERSON = "person"
VISITOR = "visitor"
LINK = "link"
"""Whoever holds a mailed link, without signing in."""
JOB = "job"
COMMAND = "command"


class HistoryEntry(Model):
    """One thing that was done. ``action`` names what it was done to, and what in the past tense: ``group.approved``.

    Ids are numbers without a foreign key: the row outlives what it tells of.
    """

    __tablename__ = "history_entry"
    __table_args__ = (
        sa.CheckConstraint(
            "actor_kind IN ('person', 'visitor', 'link', 'job', 'command')", name="actor_kind"
        ),
        sa.CheckConstraint("(actor_kind = 'person') = (actor_id IS NOT NULL)", name="person_has_id"),
        {
            "info": {
                "processing": Processing(
                    purpose="to show who changed what, to the lead of a clearing house and to courts",
                    people="people who sign in, as a number",
                    basis="Art. 6(1)(c) and (f) GDPR",
                    kept="as long as what it tells of; the number means nobody once the account is erased",
                    columns=("actor_id",),
                    accounts=("actor_id",),
                ),
                "append_only": True,
            }
        },
    )

    id: Mapped[IntPk]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str]
    record_id: Mapped[int | None]
    group_id: Mapped[int | None] = mapped_column(index=True)
    clearinghouse_id: Mapped[int | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]


def act_as(kind: str, user_id: int | None = None) -> None:
    """Afterwards what is done in this request, job or command is noted as done by them."""
    g.acting = (kind, user_id)


def note(
    session: Session,
    action: str,
    *,
    now: datetime,
    record_id: int | None = None,
    group_id: int | None = None,
    clearinghouse_id: int | None = None,
    **facts: str | int | bool | list[str] | None,
) -> HistoryEntry:
    """Afterwards it is written, if the caller commits, that whoever acts here did this; answer what is written.

    ``record_id`` is that of what the first word of ``action`` names, where it is no group and no house. ``facts`` hold
    nothing personal and nothing typed by people: names of fields, states, counts, ids.
    """
    kind, user_id = _acting()
    entry = HistoryEntry(
        at=now,
        actor_kind=kind,
        actor_id=user_id,
        action=action,
        record_id=record_id,
        group_id=group_id,
        clearinghouse_id=clearinghouse_id,
        facts=facts,
    )
    session.add(entry)
    return entry


def _acting() -> tuple[str, int | None]:
    known: tuple[str, int | None] | None = g.get("acting") if has_app_context() else None
    return known or (VISITOR if has_request_context() else COMMAND, None)
