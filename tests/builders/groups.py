"""Groups, series and clearing houses for tests: sensible unless told otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from app.clearinghouses.services import register_clearinghouses
from app.groups.rules.recurrence import MONTHLY_WEEKDAY, ORDINALS, WEEKLY, Rule
from app.groups.services import ContactDraft, GroupDraft, PlaceDraft, register_group
from tests.builders import clearinghouses

if TYPE_CHECKING:
    from random import Random

    from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday morning; the present of tests that may choose it."""


def make_rule(**given: Any) -> Rule:
    """Answer a series every Wednesday at seven in the evening."""
    usual: dict[str, Any] = {
        "frequency": WEEKLY,
        "weekday": 3,
        "starts_at_local": time(19),
        "duration_minutes": 90,
        "first_on": date(2024, 1, 1),
    }
    return Rule(**{**usual, **given})


def make_place(**given: Any) -> PlaceDraft:
    """Answer a meeting place in the middle of Köln whose point is known."""
    usual: dict[str, Any] = {
        "name": "Bürgerhaus",
        "street": "Lindenallee 3",
        "postcode": "50667",
        "town": "Köln",
        "latitude": 50.93812,
        "longitude": 6.95731,
        "point_quality": "exact",
    }
    return PlaceDraft(**{**usual, **given})


def make_contact(**given: Any) -> ContactDraft:
    """Answer a contact by way of the clearing house."""
    return ContactDraft(**given)


def make_draft(*, clearinghouse_id: int, **given: Any) -> GroupDraft:
    """Answer an open group in Köln for people with depression, Wednesdays at seven."""
    usual: dict[str, Any] = {
        "name": "Lichtblick",
        "description": "Wir hören einander zu.",
        "topics": ["depression"],
        "last_confirmed_on": date(2026, 9, 1),
        "place": make_place(),
        "series": [make_rule()],
    }
    if given.get("format") == "online":
        usual["place"] = None
    return GroupDraft(clearinghouse_id=clearinghouse_id, **{**usual, **given})


def make_group(session: Session, *, now: datetime = NOW, **given: Any) -> int:
    """Store such a group, and a clearing house if none is given; answer its id."""
    if "clearinghouse_id" not in given:
        given["clearinghouse_id"] = make_house(session, now=now)
    return register_group(session, make_draft(**given), now=now)


def make_house(session: Session, name: str = "KISS Köln", *, now: datetime = NOW, **given: Any) -> int:
    """Store a clearing house for Köln unless told otherwise; answer its id."""
    return register_clearinghouses(session, [clearinghouses.make_house(name, **given)], now)[0]


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Answer any series that can take place."""
    is_weekly = draw(st.booleans())
    first_on = draw(st.dates(date(2019, 1, 1), date(2030, 12, 31)))
    until_on = draw(st.none() | st.dates(first_on, date(2034, 1, 1)))
    ordinals = () if is_weekly else tuple(draw(st.sets(st.sampled_from(ORDINALS), min_size=1, max_size=3)))
    return Rule(
        frequency=WEEKLY if is_weekly else MONTHLY_WEEKDAY,
        weekday=draw(st.integers(1, 7)),
        starts_at_local=time(draw(st.integers(0, 23)), draw(st.sampled_from((0, 15, 30, 45)))),
        duration_minutes=draw(st.integers(1, 1440)),
        first_on=first_on,
        interval=draw(st.integers(1, 52) if is_weekly else st.integers(1, 12)),
        ordinals=ordinals,
        until_on=until_on,
    )


def random_rule(random: Random) -> Rule:
    """Answer any series that can take place, drawn from a generator."""
    is_weekly = random.random() < 0.5
    first_on = date(2019, 1, 1) + timedelta(days=random.randrange(4300))
    until_on = first_on + timedelta(days=random.randrange(2000)) if random.random() < 0.3 else None
    return Rule(
        frequency=WEEKLY if is_weekly else MONTHLY_WEEKDAY,
        weekday=random.randint(1, 7),
        starts_at_local=time(random.randrange(24), random.choice((0, 15, 30, 45))),
        duration_minutes=random.randint(1, 1440),
        first_on=first_on,
        interval=random.choice((1, 1, 2, 3, 4)),
        ordinals=() if is_weekly else tuple(random.sample(ORDINALS, random.randint(1, 3))),
        until_on=until_on,
    )
