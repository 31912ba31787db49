"""Every finished day is sealed, and whatever is changed afterwards is found."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import flask_migrate
import pytest
import sqlalchemy as sa

from app import create_app
from app.groups.topics import load_topics
from app.shared.extensions import db
from app.shared.history import HistoryEntry, note
from app.shared.history_seals import HistorySeal, seal_days, verify
from app.shared.jobs import JobOutcome, run_job_once
from app.shared.retention import apply_retention
from app.shared.transactions import transaction
from tests.builders.accounts import make_user
from tests.builders.groups import NOW
from tests.support.databases import MIGRATIONS, config_for

DAY = timedelta(days=1)
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
"""The end of the first day."""


def write(*moments, action="group.changed"):
    with transaction() as session:
        for moment in moments:
            note(session, action, now=moment, group_id=1, fields=["name", "ü"])


def seal_until(now):
    with transaction() as session:
        return [(each.day, each.entries) for each in seal_days(session, now=now)]


def as_owner(*statements):
    """Do what only somebody with all rights can."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql("SET session_replication_role = origin")
            return
        for table, event in (
            ("entry", "update"),
            ("entry", "delete"),
            ("seal", "update"),
            ("seal", "delete"),
        ):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS history_{table}_kept_{event}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def as_superuser(url):
    return sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect()


def test_a_day_is_sealed_an_hour_after_its_end_and_days_that_were_missed_are_made_up_for(session):
    write(NOW, NOW + timedelta(minutes=1), NOW + 2 * DAY)
    assert seal_until(MIDNIGHT + timedelta(minutes=59)) == []
    assert seal_until(MIDNIGHT + timedelta(hours=1)) == [(NOW.date(), 2)]
    assert seal_until(MIDNIGHT + timedelta(hours=2)) == []
    missed = seal_until(MIDNIGHT + 3 * DAY + timedelta(hours=1))
    assert missed == [(NOW.date() + DAY, 0), (NOW.date() + 2 * DAY, 1), (NOW.date() + 3 * DAY, 0)]
    found = verify(session)
    assert (found.days, found.entries, found.faults) == (4, 3, ())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE history_entry SET action = 'group.praised' WHERE id = {first}", "not as sealed"),
        ("UPDATE history_entry SET actor_kind = 'job' WHERE id = {first}", "not as sealed"),
        ("DELETE FROM history_entry WHERE id = {first}", "not as sealed (0 rows, 1 when it was sealed)"),
        ("UPDATE history_entry SET id = {first} - 1000 WHERE id = {first}", "not as sealed"),
        ("DELETE FROM history_seal WHERE day = '{day}'", "is missing"),
        ("UPDATE history_seal SET seal = 'x' WHERE day = '{day}'", "not as sealed"),
    ],
)
def test_whatever_somebody_with_all_rights_changes_later_is_found(change, fault, session, runner):
    write(NOW)
    write(NOW + DAY)
    write(NOW + 2 * DAY)
    seal_until(MIDNIGHT + 3 * DAY)
    assert runner.invoke(args=["history", "verify"]).exit_code == 0
    ids = session.scalars(sa.select(HistoryEntry.id).order_by(HistoryEntry.id)).all()
    session.rollback()
    is_seal = "history_seal" in change
    as_owner(change.format(first=ids[0], day=(NOW + DAY if is_seal else NOW).date()))
    said = runner.invoke(args=["history", "verify"])
    assert said.exit_code == 1
    assert fault in said.output
    assert str(NOW.date() + (DAY if is_seal else 0 * DAY)) in said.output


def test_a_row_that_comes_late_is_found(session):
    write(NOW)
    seal_until(MIDNIGHT + timedelta(hours=1))
    write(NOW + timedelta(hours=1))
    late = session.scalar(sa.select(sa.func.max(HistoryEntry.id)))
    assert verify(session).faults == (f"entry {late}: names a day that was sealed before",)


def test_seals_can_neither_be_changed_nor_deleted(session):
    write(NOW)
    seal_until(MIDNIGHT + timedelta(hours=1))
    for change in (sa.update(HistorySeal).values(seal="x"), sa.delete(HistorySeal)):
        with pytest.raises(sa.exc.IntegrityError, match="history is never changed"), transaction():
            session.execute(change)


def test_a_chain_made_anew_does_not_hold_the_seal_that_was_logged(session, runner, app):
    write(NOW)
    assert run_job_once(app, "seal-history", MIDNIGHT + timedelta(hours=1)) is JobOutcome.DONE
    head = verify(session).head
    session.rollback()
    assert runner.invoke(args=["history", "verify", "--head", head]).exit_code == 0
    as_owner("DELETE FROM history_seal", "UPDATE history_entry SET action = 'group.praised'")
    seal_until(MIDNIGHT + timedelta(hours=2))
    assert runner.invoke(args=["history", "verify"]).exit_code == 0
    assert runner.invoke(args=["history", "verify", "--head", head]).exit_code == 1


def test_twenty_who_write_while_days_are_sealed_lose_nothing_and_break_no_seal(app, session):
    write(NOW)
    session.rollback()
    faults = []

    def keep_writing(number):
        with app.app_context():
            try:
                for turn in range(5):
                    write(NOW + DAY, NOW + DAY + timedelta(seconds=number * 5 + turn))
            except Exception as error:  # noqa: BLE001 - told below
                faults.append(error)
            finally:
                db.session.remove()

    writers = [threading.Thread(target=keep_writing, args=(number,)) for number in range(20)]
    for each in writers:
        each.start()
    first = seal_until(MIDNIGHT + timedelta(hours=1))
    for each in writers:
        each.join()
    assert faults == []
    assert first == [(NOW.date(), 1)]
    assert seal_until(MIDNIGHT + DAY + timedelta(hours=1)) == [(NOW.date() + DAY, 200)]
    assert verify(session).faults == ()


@pytest.fixture
def two_roles(_postgresql):
    """The URLs of an empty database for its owner and for the application, neither of them a superuser."""
    url = _postgresql.empty()
    database = sa.make_url(url).database
    roles = ("wirkreis_owner", "wirkreis_app")
    with as_superuser(url) as connection:
        for role in roles:
            connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
        connection.exec_driver_sql(f"ALTER DATABASE {database} OWNER TO wirkreis_owner")
    yield tuple(url.replace("://app@", f"://{role}@") for role in roles)
    with as_superuser(url) as connection:
        connection.exec_driver_sql("REASSIGN OWNED BY wirkreis_owner TO app")
        for role in roles:
            connection.exec_driver_sql(f"DROP OWNED BY {role}")
            connection.exec_driver_sql(f"DROP ROLE {role}")


def test_the_role_of_the_application_can_add_to_the_history_and_do_nothing_else_to_it(two_roles):
    owner, own = two_roles
    app = create_app(replace(config_for(own), migration_database_url=owner))
    with app.app_context():
        flask_migrate.upgrade(directory=MIGRATIONS)
        flask_migrate.upgrade(directory=MIGRATIONS)  # once more, as with every release
        write(NOW)
        assert run_job_once(app, "seal-history", MIDNIGHT + timedelta(hours=1)) is JobOutcome.DONE
        for table in ("history_entry", "history_seal"):
            for change in (
                f"UPDATE {table} SET id = id",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
                f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                f"DROP TABLE {table}",
                "SET session_replication_role = replica",
                "CREATE TABLE mine (id integer)",
                "UPDATE alembic_version SET version_num = '0001'",
            ):
                with db.engine.connect() as connection, pytest.raises(sa.exc.ProgrammingError):
                    connection.exec_driver_sql(change)
        assert verify(db.session()).faults == ()
        with transaction() as session:  # and all the rest of what the application does
            load_topics(session)
            make_user(session, "admin")
        apply_retention(NOW + 400 * DAY)
        db.session.remove()
        db.engine.dispose()


def test_without_any_entry_there_is_nothing_to_seal(session, runner):
    assert seal_until(MIDNIGHT + 30 * DAY) == []
    assert "0 days with 0 entries" in runner.invoke(args=["history", "verify"]).output
    assert verify(session).head == "0" * 64
    assert session.scalars(sa.select(HistorySeal.day)).all() == []
