"""The world that tests of the interface read, and clients of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.finder_world import World, get_world

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.fixture
def world(databases) -> World:
    """Some hundred groups on each kind of database; read them, never change them."""
    return get_world(databases)


@pytest.fixture
def world_client(world) -> FlaskClient:
    """Asks the world."""
    return world.app.test_client()
