"""The world that tests of the finder read."""

from __future__ import annotations

import pytest

from tests.builders.finder_world import World, get_world


@pytest.fixture
def world(databases) -> World:
    """Some hundred groups on each kind of database; read them, never change them."""
    return get_world(databases)
