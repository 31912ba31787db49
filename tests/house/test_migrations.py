"""The migrations make the database that the models describe, from nothing, and take it back, on both kinds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import create_app
from app.shared.extensions import db
from app.shared.revision import PROGRAM
from tests.support.databases import MIGRATIONS, config_for
from tests.support.tree import ROOT


@pytest.fixture
def empty_app(empty_database_url):
    app = create_app(config_for(empty_database_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables():
    names = set(sa.inspect(db.engine).get_table_names())
    db.engine.dispose()
    return names


def test_there_is_one_head_and_the_program_knows_it():
    assert ScriptDirectory(MIGRATIONS).get_heads() == [PROGRAM]


def test_the_files_are_numbered_one_after_the_other():
    numbers = sorted(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_no_migration_imports_the_application():
    versions = (ROOT / "migrations" / "versions").glob("*.py")
    assert [
        path.name for path in versions if "from app" in (text := path.read_text()) or "import app" in text
    ] == []


def test_a_database_made_from_nothing_is_what_the_models_say(empty_app):
    flask_migrate.upgrade(directory=MIGRATIONS)
    flask_migrate.check(directory=MIGRATIONS)


def test_the_models_differ_in_nothing_that_the_check_leaves_out(empty_app):
    flask_migrate.upgrade(directory=MIGRATIONS)
    with db.engine.connect() as connection:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or name in db.metadata.tables,
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)
    # Foreign keys and indexes of a table that exists on one kind only are not the models' business.
    assert [difference for difference in differences if "add" in str(difference[0])] == []


def test_every_step_back_and_forth_works_and_leaves_nothing(empty_app):
    flask_migrate.upgrade(directory=MIGRATIONS)
    full = tables()
    flask_migrate.downgrade(directory=MIGRATIONS, revision="base")
    assert tables() <= {"alembic_version", "sqlite_sequence"}
    flask_migrate.upgrade(directory=MIGRATIONS)
    assert tables() == full


def test_each_single_step_can_be_undone(empty_app):
    for script in reversed(list(ScriptDirectory(MIGRATIONS).walk_revisions())):
        flask_migrate.upgrade(directory=MIGRATIONS, revision=script.revision)
        before = tables()
        flask_migrate.downgrade(directory=MIGRATIONS, revision="-1")
        flask_migrate.upgrade(directory=MIGRATIONS, revision=script.revision)
        assert tables() == before


def insert(connection, table: str, **values) -> None:
    """Store a row with these values, and something of the right kind in every other column that needs one."""
    described = sa.Table(table, sa.MetaData(), autoload_with=connection)
    for column in described.columns:
        if column.name not in values and not column.nullable and not column.primary_key:
            kind = column.type.as_generic().python_type
            values[column.name] = {bool: False, int: 1, str: "", dict: []}.get(
                kind, datetime(2026, 11, 23, 9, tzinfo=UTC)
            )
            if kind is date:
                values[column.name] = date(2026, 11, 23)
    connection.execute(sa.insert(described).values(**values))


def test_series_that_are_there_keep_their_weekday_through_the_richer_rhythms_and_back(empty_app):
    flask_migrate.upgrade(directory=MIGRATIONS, revision="0002")
    with db.engine.begin() as connection:
        insert(connection, "clearinghouse", id=1, slug="kiss", carrier_kind="association")
        of_group = {"clearinghouse_id": 1, "disclosure": "exact", "contact_way": "phone", "status": "open"}
        insert(connection, "group", id=1, slug="eins", format="online", for_affected=True, **of_group)
        at = {"group_id": 1, "interval": 2, "zone": "Europe/Berlin", "starts_at_local": time(19)}
        insert(connection, "meeting_series", id=1, frequency="weekly", weekday=2, ordinals=[], **at)
        insert(
            connection, "meeting_series", id=2, frequency="monthly_weekday", weekday=5, ordinals=[1, -1], **at
        )
    kept = sa.text(
        "SELECT weekday, frequency, interval, first_on, starts_at_local FROM meeting_series ORDER BY id"
    )
    with db.engine.connect() as connection:
        before = connection.execute(kept).all()
    flask_migrate.upgrade(directory=MIGRATIONS, revision="0003")
    with db.engine.begin() as connection:
        series = sa.Table("meeting_series", sa.MetaData(), autoload_with=connection)
        rows = connection.execute(sa.select(series).order_by(series.c.id)).all()
        assert [(row.weekdays, row.ordinals, row.dates) for row in rows] == [
            ([2], [], []),
            ([5], [1, -1], []),
        ]
        assert [(row.format, row.revision, row.shows_link) for row in rows] == [("online", 0, False)] * 2
        assert len({row.uid for row in rows}) == 2
        assert all(row.changed_at is not None for row in rows)
        of_series = {**rows[0]._mapping, "weekdays": [], "uid": "x"}
        connection.execute(
            sa.insert(series).values(**of_series | {"id": 3, "frequency": "monthly_day", "month_days": [15]})
        )
        insert(connection, "meeting_change", series_id=1, kind="cancelled", on_day=date(2026, 11, 24))
        insert(connection, "closure", group_id=1)
    flask_migrate.downgrade(directory=MIGRATIONS, revision="0002")
    with db.engine.connect() as connection:
        assert connection.execute(kept).all() == before
    flask_migrate.upgrade(directory=MIGRATIONS)


def test_what_was_said_of_listings_lies_in_the_inbox_of_the_house_and_goes_back(empty_app):
    moved = next((ROOT / "migrations" / "versions").glob("*_contact.py")).name[:4]
    flask_migrate.upgrade(directory=MIGRATIONS, revision=f"{int(moved) - 1:04}")
    with db.engine.begin() as connection:
        insert(connection, "clearinghouse", id=1, slug="kiss", carrier_kind="association")
        of_group = {"clearinghouse_id": 1, "disclosure": "exact", "contact_way": "phone", "status": "open"}
        insert(
            connection,
            "group",
            id=1,
            slug="eins",
            format="online",
            for_affected=True,
            state="listed",
            **of_group,
        )
        said = {"group_id": 1, "message": "Jetzt um acht", "reply_to": "a@example.org"}
        insert(connection, "listing_report", id=7, reason="time", **said)
        insert(connection, "listing_report", id=9, reason="closed", **said | {"message": ""})
    flask_migrate.upgrade(directory=MIGRATIONS, revision=moved)
    with db.engine.begin() as connection:
        of_house = sa.text("SELECT clearinghouse_id, group_id, kind, reason, email, state FROM house_message")
        assert sorted(connection.execute(of_house).tuples()) == [
            (1, 1, "report", reason, "a@example.org", "new") for reason in ("closed", "time")
        ]
        of_message = {
            "clearinghouse_id": 1,
            "kind": "question",
            "state": "new",
            "language": "de",
            "token": "x",
        }
        insert(connection, "house_message", **of_message)  # its number is a new one
    flask_migrate.downgrade(directory=MIGRATIONS, revision="-1")
    with db.engine.connect() as connection:
        kept = sa.text("SELECT reason, message, reply_to FROM listing_report ORDER BY id")
        assert connection.execute(kept).tuples().all() == [
            ("time", "Jetzt um acht", "a@example.org"),
            ("closed", "", "a@example.org"),
        ]
    flask_migrate.upgrade(directory=MIGRATIONS)


def test_roles_that_were_for_the_network_and_are_now_for_one_insurer_or_region_have_to_be_given_anew(
    empty_app,
):
    flask_migrate.upgrade(directory=MIGRATIONS, revision="0020")
    roles = ("admin", "coordinator", "funding_office", "insurer_officer")
    had = sa.text("SELECT role FROM role_grant ORDER BY role")
    with db.engine.begin() as connection:
        insert(connection, "user", id=1, email="a@example.org", language="de")
        for number, role in enumerate(roles):
            insert(connection, "role_grant", user_id=1, role=role)
            insert(connection, "invitation", key_hash=f"key {number}", email="b@example.org", role=role)
    flask_migrate.upgrade(directory=MIGRATIONS, revision="0021")
    with db.engine.begin() as connection:
        assert list(connection.scalars(had)) == ["admin", "coordinator"]
        invited = connection.scalars(sa.text("SELECT role FROM invitation ORDER BY role"))
        assert list(invited) == ["admin", "coordinator"]
        insert(connection, "insurer", id=1, slug="kasse", family="aok")
        insert(connection, "role_grant", user_id=1, role="insurer_officer", insurer_id=1)
    flask_migrate.downgrade(directory=MIGRATIONS, revision="-1")
    with db.engine.connect() as connection:
        assert list(connection.scalars(had)) == ["admin"]
