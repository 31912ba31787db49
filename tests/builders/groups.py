"""Groups, series and clearing houses for tests: sensible unless told otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from app.clearinghouses.services import register_clearinghouses
from app.groups.drafts import ContactDraft, GroupDraft, PlaceDraft
from app.groups.rules.recurrence import DATES, MONTHLY_DAY, MONTHLY_WEEKDAY, ORDINALS, WEEKLY, Rule, days
from app.groups.rules.schedule import Change, Closure, Series
from app.groups.services import register_group
from app.places.rules.free_days import FreeDay
from tests.builders import clearinghouses

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday morning; the present of tests that may choose it."""


def make_rule(*, weekday: int = 3, **given: Any) -> Rule:
    """Answer a series every Wednesday at seven in the evening; ``weekday`` for rules that have one only."""
    usual: dict[str, Any] = {
        "frequency": WEEKLY,
        "weekdays": (weekday,),
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
    """Answer any series that can take place, however rarely."""
    frequency = draw(st.sampled_from((WEEKLY, WEEKLY, MONTHLY_WEEKDAY, MONTHLY_WEEKDAY, MONTHLY_DAY, DATES)))
    first_on = draw(st.dates(date(2019, 1, 1), date(2030, 12, 31)))
    parts: dict[str, Any] = {}
    if frequency in {WEEKLY, MONTHLY_WEEKDAY}:
        parts["weekdays"] = _some(draw, range(1, 8), most=3)
    if frequency == MONTHLY_WEEKDAY:
        parts["ordinals"] = _some(draw, ORDINALS, most=3)
    if frequency == MONTHLY_DAY:
        parts["month_days"] = _some(draw, (1, 5, 15, 28, 29, 30, 31, -1), most=2)
    if frequency == DATES:
        days = st.dates(first_on, first_on + timedelta(days=900))
        parts["dates"] = tuple(sorted(draw(st.sets(days, min_size=1, max_size=12))))
    return Rule(
        frequency=frequency,
        starts_at_local=time(draw(st.integers(0, 23)), draw(st.sampled_from((0, 15, 30, 45)))),
        duration_minutes=draw(st.integers(1, 1440)),
        first_on=first_on,
        interval=draw(st.integers(1, 52) if frequency == WEEKLY else st.integers(1, 12)),
        until_on=draw(st.none() | st.dates(first_on + timedelta(days=400), date(2034, 1, 1))),
        **parts,
    )


def _some(draw: st.DrawFn, values: Iterable[int], *, most: int) -> tuple[int, ...]:
    return tuple(sorted(draw(st.sets(st.sampled_from(list(values)), min_size=1, max_size=most))))


@st.composite
def some_series(draw: st.DrawFn, *, since: date = date(2026, 6, 1)) -> Series:
    """Answer a series with changes, breaks, closed places and holidays in the two years after a day."""
    rule = draw(rules())
    place = draw(st.sampled_from((None, 1, 1, 1)))
    soon = st.integers(0, 700).map(lambda ahead: since + timedelta(days=ahead))
    own = list(takewhile(lambda day: day < since + timedelta(days=700), days(rule, since=since)))
    touched = draw(st.lists(st.sampled_from(own), unique=True, max_size=5)) if own else []
    changes = [draw(_change(soon, on)) for on in touched]
    added = draw(st.lists(soon, unique=True, max_size=2))
    changes += [Change("added", new_on=day, starts_at_local=time(9, 5)) for day in added]
    closures = st.lists(st.builds(_closure, soon, st.integers(0, 40)), max_size=2).map(tuple)
    holidays = draw(st.sets(soon, max_size=8))
    return Series(
        id=draw(st.integers(1, 3)),
        rule=rule,
        format=draw(st.sampled_from(("in_person", "hybrid"))) if place else "online",
        place=place,
        changes=tuple(changes),
        breaks=draw(closures),
        closures={1: draw(closures), 2: draw(closures)} if place else {},
        free_days={day: FreeDay("public", {"de": "Feiertag"}) for day in holidays},
    )


def _change(soon: st.SearchStrategy[date], on: date) -> st.SearchStrategy[Change]:
    moved = st.builds(
        Change,
        kind=st.just("moved"),
        on=st.just(on),
        new_on=soon,
        starts_at_local=st.sampled_from((None, time(10), time(23, 30))),
        duration_minutes=st.sampled_from((None, 45)),
        place=st.sampled_from((None, 2)),
    )
    return st.just(Change("cancelled", on=on, reason="Glatteis")) | moved


def _closure(first_on: date, length: int) -> Closure:
    return Closure(first_on, first_on + timedelta(days=length), "Umbau")


def random_rule(random: Random) -> Rule:
    """Answer any series that can take place, drawn from a generator."""
    is_weekly = random.random() < 0.5
    first_on = date(2019, 1, 1) + timedelta(days=random.randrange(4300))
    until_on = first_on + timedelta(days=random.randrange(2000)) if random.random() < 0.3 else None
    return Rule(
        frequency=WEEKLY if is_weekly else MONTHLY_WEEKDAY,
        weekdays=(random.randint(1, 7),),
        starts_at_local=time(random.randrange(24), random.choice((0, 15, 30, 45))),
        duration_minutes=random.randint(1, 1440),
        first_on=first_on,
        interval=random.choice((1, 1, 2, 3, 4)),
        ordinals=() if is_weekly else tuple(random.sample(ORDINALS, random.randint(1, 3))),
        until_on=until_on,
    )
