"""The world that tests of pages read, and a browser in it."""

from __future__ import annotations

import pytest

from tests.builders.finder_world import World, get_world
from tests.support.browser import Browser


@pytest.fixture
def world(databases) -> World:
    """Some hundred groups on each kind of database; read them, never change them."""
    return get_world(databases)


@pytest.fixture
def visitor(world) -> Browser:
    """A browser that checks every page of the world."""
    from tests.support.client import ServerLikeClient

    world.app.test_client_class = ServerLikeClient
    return Browser(world.app.test_client())
