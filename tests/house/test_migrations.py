"""The migrations make the database that the models describe, from nothing, and take it back, on both kinds."""

from __future__ import annotations

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import create_app
from app.shared.extensions import db
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


def test_there_is_one_head():
    assert len(ScriptDirectory(MIGRATIONS).get_heads()) == 1


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
