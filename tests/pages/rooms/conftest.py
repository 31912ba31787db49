"""A house with rooms, a group that meets there, and who works for either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from app.groups.models import Group
from app.rooms.services.bookings import book_for_house
from app.rooms.services.requests import RequestDraft, ask_for_room
from app.shared import clock
from tests.builders.groups import make_group, make_house, make_place, make_rule
from tests.builders.rooms import BERLIN, make_room


def in_days(days: int, at: time = time(19)) -> datetime:
    """Answer a time by the clock on the wall, so many days from today."""
    today = clock.now().astimezone(BERLIN).date()
    return datetime.combine(today + timedelta(days=days), at, BERLIN).astimezone(UTC)


@dataclass
class House:
    """Ids of what is there."""

    session: object
    house: int
    small: int
    large: int
    group: int
    slug: str

    def ask(self, *days, **given):
        """Ask for the small room at seven on the days given, an hour and a half each."""
        from app.rooms.rules.availability import Span

        dates = [Span(in_days(day), in_days(day) + timedelta(minutes=90)) for day in days]
        draft = RequestDraft(self.group, self.small, 10, dates, **given)
        made = ask_for_room(self.session, draft, asked_by_id=None, now=clock.now())
        self.session.commit()
        return made

    def take(self, day, *, room=None, title="Vorstand", at=time(19)):
        """Let the house itself have a room for an hour."""
        from app.rooms.rules.availability import Span

        span = Span(in_days(day, at), in_days(day, at) + timedelta(hours=1))
        made = book_for_house(self.session, room or self.small, span, title=title, now=clock.now())
        self.session.commit()
        return made


@pytest.fixture
def house(session):
    now = clock.now()
    house_id = make_house(session)
    weekly = make_rule(weekday=in_days(7).astimezone(BERLIN).isoweekday(), first_on=date(2024, 1, 1))
    group = make_group(session, clearinghouse_id=house_id, access=["step_free"], series=[weekly], now=now)
    slug = session.scalar(sa.select(Group.slug).where(Group.id == group))
    small = make_room(session, "Raum Linde", clearinghouse_id=house_id, now=now)
    large = make_room(
        session,
        "Saal",
        clearinghouse_id=house_id,
        capacity=40,
        place=make_place(name="Saal", street="Saalgasse 1"),
        now=now,
    )
    session.commit()
    return House(session, house_id, small, large, group, slug)


@pytest.fixture
def staff(signed_in, house):
    """Somebody at the desk of the house."""
    return signed_in("desk_staff", clearinghouse=house.house)


@pytest.fixture
def contact(signed_in, house):
    """A contact of the group."""
    return signed_in("group_contact", group=house.group)
