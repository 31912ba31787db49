"""The inverted index of words: ``group_text``, with FTS5 on SQLite and GIN on PostgreSQL; written by ``search_index``.

Both databases take many rows far quicker together than one by one. PostgreSQL collects new rows in a list and sorts
them into its index when the list is full; every search reads that list too, so it is emptied after each write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from app.shared.database import insert_rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_TABLE = sa.table("group_text", sa.column("group_id"), sa.column("tokens"))
Texts = Sequence[tuple[int, list[str]]]
"""Group ids, each with its tokens."""
_BULK_LIST, _SHORTEST_LIST = "4MB", "64kB"
"""How long PostgreSQL's list of new rows may grow: a search reads through the first in some 2 ms, for a moment only."""
_IDS_IN_SQLITE = "SELECT group_concat(rowid) FROM group_text_fts WHERE group_text_fts MATCH :words{}"
_IDS_IN_POSTGRESQL = (
    "SELECT string_agg(int8send(group_id), '') FROM group_text WHERE tokens @@ CAST(:words{} AS tsquery)"
)


def store_texts(session: Session, ids: Sequence[int], texts: Texts) -> None:
    """Afterwards the index holds these words of some groups, and no others of them."""
    gone = sa.text("DELETE FROM group_text WHERE group_id IN :ids")
    session.execute(gone.bindparams(sa.bindparam("ids", expanding=True)), {"ids": list(ids)})
    add_texts(session, texts)


def add_texts(session: Session, texts: Texts) -> None:
    """Afterwards the index holds these words as well, of groups it did not hold."""
    # Letters and digits only: nothing has to be quoted in a tsvector either.
    rows = [{"group_id": group_id, "tokens": " ".join(words)} for group_id, words in texts]
    if _is_sqlite(session):
        insert_rows(session, _TABLE, rows)
        return
    # The list is emptied by the row that makes it too long: the last one, which finds it so at once.
    for limit, part in ((_BULK_LIST, rows[:-1]), (_SHORTEST_LIST, rows[-1:])):
        session.connection().exec_driver_sql(f"SET LOCAL gin_pending_list_limit = '{limit}'")
        insert_rows(session, _TABLE, part)


@contextmanager
def all_texts_anew(session: Session) -> Iterator[None]:
    """Forget all words; what ``add_texts`` gives inside is the whole index afterwards."""
    if not _is_sqlite(session):
        session.execute(sa.text("DELETE FROM group_text"))
        yield
        return
    # Row by row, FTS5 takes eight times as long as from the finished table, and marks every row that it loses.
    connection = session.connection()
    find_triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'group_text'"
    triggers = connection.exec_driver_sql(find_triggers).all()
    for trigger in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}")
    connection.exec_driver_sql("DELETE FROM group_text")
    yield
    connection.exec_driver_sql("INSERT INTO group_text_fts (group_text_fts) VALUES ('rebuild')")
    for trigger in triggers:
        connection.exec_driver_sql(trigger.sql)


def find_by_words(session: Session, expressions: Sequence[str]) -> list[np.ndarray[Any, np.dtype[np.int64]]]:
    """Answer for each expression of ``text_query`` the ids of the groups whose words fit, ascending; one statement."""
    is_sqlite = _is_sqlite(session)
    one = _IDS_IN_SQLITE if is_sqlite else _IDS_IN_POSTGRESQL
    statement = "SELECT " + ", ".join(f"({one.format(number)})" for number in range(len(expressions)))
    words = {f"words{number}": expression for number, expression in enumerate(expressions)}
    row = session.execute(sa.text(statement), words).one()
    if is_sqlite:
        return [np.array(found.split(",") if found else [], np.int64) for found in row]
    return [np.sort(np.frombuffer(packed or b"", ">i8").astype(np.int64)) for packed in row]


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
