"""A house with two rooms, and a group that meets there."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.rooms.services.requests import RequestDraft, ask_for_room
from tests.builders.accounts import make_user
from tests.builders.groups import NOW, make_group, make_house
from tests.builders.rooms import local_span, make_room


@dataclass
class House:
    """Ids of what is there, and short ways to use it."""

    session: object
    house: int
    small: int
    large: int
    group: int

    def ask(self, *begins, room=None, people=10, now=NOW, **more):
        """Ask for the small room on some dates of an hour and a half each; answer the request's id."""
        dates = [local_span(each) for each in begins]
        draft = RequestDraft(self.group, room or self.small, people, dates, **more)
        return ask_for_room(self.session, draft, asked_by_id=None, now=now)


@pytest.fixture
def house(session):
    house_id = make_house(session)
    group = make_group(session, clearinghouse_id=house_id, access=["step_free", "sign_language"])
    make_user(session, "group_contact", group=group, email="kontakt@example.org")
    return House(
        session,
        house_id,
        make_room(session, "Raum Linde", clearinghouse_id=house_id),
        make_room(session, "Saal", clearinghouse_id=house_id, capacity=40, access=["step_free", "lift"]),
        group,
    )
