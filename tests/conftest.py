"""Fixtures that every test may use; what they are made of is in tests/support."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest
import pytest_socket
from hypothesis import settings

pytest.register_assert_rewrite("tests.support.page", "tests.support.browser")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskCliRunner
    from sqlalchemy.orm import Session

    from tests.support.browser import Browser
    from tests.support.client import ServerLikeClient
    from tests.support.databases import Databases
    from tests.support.signed_in import SignIn

pytest_plugins = ["tests.support.chromium", "tests.support.geocoder"]

# Nothing of the machine or of a developer's shell may decide what a test finds.
for _name in (
    "DATABASE_URL",
    "MIGRATION_DATABASE_URL",
    "MAIL_URL",
    "GEOCODER_URL",
    "TILE_URL",
    "PUBLIC_URL",
    "REDIS_URL",
    "REPLY_DOMAIN",
):
    os.environ.pop(_name, None)
os.environ["APP_ENV"] = "test"
os.environ["SECRET_KEY"] = "only-for-tests-only-for-tests"

# What one process has compiled the next one finds: each worker and each server begins in a third of the time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Two cores that others use as well: how long an example takes says nothing.
# Sixty examples instead of a hundred: what a rule gets wrong has shown within thirty, and each run draws others.
settings.register_profile(
    "wirkreis", max_examples=60, deadline=None, derandomize=os.environ.get("CI", "").lower() == "true"
)
settings.load_profile("wirkreis")

_LONGEST = ("tests/cli/", "tests/house/", "tests/services/funding/")
_KEPT = ("gazetteer", "topics")
_kept: dict[str, dict[str, Any]] = {}


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Nobody but this machine can be reached from a test."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    pytest_socket._remove_restrictions()


@pytest.fixture(scope="session")
def _sqlite() -> Iterator[Databases]:
    from tests.support.databases import SqliteDatabases

    databases = SqliteDatabases()
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[Databases]:
    from tests.support.databases import PostgresqlDatabases

    databases = PostgresqlDatabases()
    yield databases
    databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """A kind of database; a test that uses it, or what is made from it, runs once on each kind."""
    found: Databases = request.getfixturevalue(f"_{request.param}")
    return found


@pytest.fixture
def database_url(databases: Databases) -> str:
    """The URL of a database of this test's own: migrated, with geography and topics, else empty."""
    return databases.clean()


@pytest.fixture
def empty_database_url(databases: Databases) -> str:
    """The URL of a database without tables, for tests of migrations."""
    return databases.empty()


@pytest.fixture
def app(database_url: str, databases: Databases) -> Iterator[Flask]:
    """An application on a database of its own. No context is pushed; ``session`` pushes one."""
    from app import create_app
    from app.groups.catalogue import get_catalogue
    from app.places.gazetteer import get_gazetteer
    from app.shared.extensions import db
    from tests.support.client import ServerLikeClient
    from tests.support.databases import config_for
    from tests.support.noted import watch_history

    app = create_app(config_for(database_url))
    app.test_client_class = ServerLikeClient
    with app.app_context():
        engine = db.engine
    databases.lend(engine)
    # As in a server that has warmed up. Both are made from what the template holds, which takes a second: made once.
    if databases.kind not in _kept:
        with app.app_context():
            get_gazetteer(db.session())
            get_catalogue(db.session())
        _kept[databases.kind] = {name: app.extensions[name] for name in _KEPT}
    app.extensions.update(_kept[databases.kind])
    not_noted = watch_history(app)
    yield app
    with app.app_context():
        db.session.remove()
    databases.take_back(engine)
    assert not_noted == [], "Changes that nobody can read of: see tests/support/noted.py."


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session of the test itself, in an application context; a request sees what it has arranged."""
    from app.shared.extensions import db

    with app.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> ServerLikeClient:
    """A plain HTTP client: for JSON, files and headers."""
    from tests.support.client import ServerLikeClient

    client = app.test_client()
    assert isinstance(client, ServerLikeClient)
    return client


@pytest.fixture
def browser(client: ServerLikeClient) -> Browser:
    """A browser without a screen, which checks each page it opens: ``get``, ``follow``, ``submit``."""
    from tests.support.browser import Browser

    return Browser(client)


@pytest.fixture
def signed_in(app: Flask, session: Session) -> SignIn:
    """Opens browsers of people who are signed in: ``signed_in("desk_staff", clearinghouse=house_id)``."""
    from tests.support.signed_in import SignIn

    return SignIn(app, session)


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs commands: ``runner.invoke(args=["places", "load"])``."""
    return app.test_cli_runner()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Afterwards what takes longest comes first: else one worker waits in the end for what the other has just begun."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


def pytest_collection_finish() -> None:
    """Afterwards the collector of garbage passes over what stays, and looks seldom: it was a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests with Chromium share a server and so go to one worker, first; any other goes where there is time.

    The mark ``xdist_group`` would say the same, but is passed over in silence from pytest 9.2 on (pytest-xdist #1386).
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else nodeid

    return Scheduling(config, log)
