"""Who did what stays written, whoever would change it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.shared.extensions import db
from app.shared.history import JOB, PERSON, HistoryEntry, act_as, note
from app.shared.transactions import transaction
from tests.builders.groups import NOW


@pytest.mark.parametrize(
    "change",
    [sa.update(HistoryEntry).values(action="nothing.done"), sa.delete(HistoryEntry)],
    ids=["changed", "deleted"],
)
def test_what_was_done_can_neither_be_changed_nor_deleted(session, change):
    with transaction():
        note(session, "group.approved", now=NOW, group_id=7, fields=["name"])
    with pytest.raises(sa.exc.IntegrityError, match="history is never changed"), transaction():
        session.execute(change)
    entry = session.scalars(sa.select(HistoryEntry)).one()
    assert (entry.action, entry.group_id, entry.facts) == ("group.approved", 7, {"fields": ["name"]})


def test_it_is_written_as_done_by_whoever_acts(session):
    with transaction():
        note(session, "group.seeded", now=NOW)
        act_as(PERSON, 12)
        note(session, "group.approved", now=NOW)
        act_as(JOB)
        note(session, "group.fell_asleep", now=NOW)
    done = db.session.execute(
        sa.select(HistoryEntry.actor_kind, HistoryEntry.actor_id).order_by(HistoryEntry.id)
    ).all()
    assert [tuple(row) for row in done] == [("command", None), ("person", 12), ("job", None)]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_sqlite_does_not_replace_what_was_done_either(session):
    again = (
        "INSERT OR REPLACE INTO history_entry SELECT id, at, 'visitor', NULL, 'x', NULL, NULL, NULL, facts"
    )
    with transaction():
        note(session, "group.approved", now=NOW)
    with pytest.raises(sa.exc.IntegrityError, match="history is never changed"), transaction():
        session.execute(sa.text(f"{again} FROM history_entry"))
