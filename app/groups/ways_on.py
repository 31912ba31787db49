"""What helps somebody whose search found nothing: never a dead end, and each offer with what it would find."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.clearinghouses.services import Responsible, responsible_for
from app.groups import finder
from app.groups.catalogue import get_catalogue
from app.groups.forms import FinderRequest
from app.groups.interest.shown import ShownInterest, interest_near
from app.groups.models import Topic
from app.groups.text import fold
from app.groups.text_query import parse_words
from app.places.gazetteer import get_gazetteer
from app.places.matches import PlaceMatch

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RADII_KM = (5, 10, 25, 50, 100, 200)
MOST_WIDER = 2
MOST_WORDS = 3
_TYPED = re.compile(r"[^\s,;]+")


@dataclass(frozen=True, slots=True)
class Around:
    """A circle around the middle of an area, and how many groups it holds."""

    latitude: float
    longitude: float
    radius_km: int
    count: int


@dataclass(frozen=True, slots=True)
class WithPlace:
    """The same words when one of them is taken for a place."""

    q: str
    place: PlaceMatch
    count: int


@dataclass(frozen=True, slots=True)
class WaysOn:
    """Offers, each with the number of groups behind it; what would find nothing is not offered.

    Attributes:
        wider: radius in kilometres and count.
        around: for a district or Land: a circle around it.
        unfiltered_total: without day, time, format and the other filters.
        wordless_total: without the words.
        single_words: one of several words alone, and its count.
        with_place: one of the words taken as place.
        responsible: who can be asked; None when no place is known.
        interest: where interest can be left, and what is known of it.
    """

    wider: list[tuple[int, int]]
    around: Around | None
    unfiltered_total: int
    wordless_total: int
    single_words: list[tuple[str, int]]
    with_place: WithPlace | None
    responsible: Responsible | None
    interest: tuple[ShownInterest, ...]


def find_ways_on(
    session: Session,
    asked: FinderRequest,
    *,
    responsible: Responsible | None,
    interest: tuple[ShownInterest, ...],
    now: datetime,
) -> WaysOn:
    """Answer what to offer to somebody whose search found nothing; ``responsible`` and ``interest`` as found here."""

    def count(request: FinderRequest) -> int:
        return 0 if request == asked else finder.count_groups(session, request, now=now)

    typed = _TYPED.findall(asked.q)
    alone = [replace(asked, q=word) for word in typed if len(typed) > 1 and _means(session, word)]
    radii = wider_radii(asked) if asked.has_point else []
    finder.look_up_words(session, [*alone, *(replace(asked, radius_km=each) for each in radii[-1:])], now=now)
    wider: list[tuple[int, int]] = []
    if radii:
        counts = finder.count_within(session, asked, radii, now=now)
        wider = [(radius, found) for radius, found in zip(radii, counts, strict=True) if found][:MOST_WIDER]
    unfiltered = replace(asked, values={}, minute_from=None, minute_to=None, date_from=None, date_to=None)
    return WaysOn(
        wider=wider,
        around=_around(session, asked, now=now),
        unfiltered_total=count(unfiltered),
        wordless_total=count(replace(asked, q="")),
        single_words=[(each.q, found) for each in alone if (found := count(each))][:MOST_WORDS],
        with_place=_with_place(session, asked, typed, now=now),
        responsible=responsible,
        interest=interest,
    )


def wider_radii(asked: FinderRequest) -> list[int]:
    """Answer the radii of the menu that are wider than the present one."""
    return [radius for radius in RADII_KM if radius > asked.radius_km]


def _means(session: Session, word: str) -> bool:
    """Whether a word says something to the finder."""
    return bool(parse_words(word, get_catalogue(session).words))


def _around(session: Session, asked: FinderRequest, *, now: datetime) -> Around | None:
    """Answer the first circle around an area that holds a group."""
    place = asked.place
    if place is None or not place.is_area:
        return None
    for radius in (50, 100, 200):
        circle = replace(
            asked, near="", place=None, latitude=place.latitude, longitude=place.longitude, radius_km=radius
        )
        found = finder.count_groups(session, circle, now=now)
        if found:
            return Around(place.latitude, place.longitude, radius, found)
    return None


def _with_place(
    session: Session, asked: FinderRequest, typed: list[str], *, now: datetime
) -> WithPlace | None:
    """Answer the search with one word taken for a place, if a place has exactly this name or postcode."""
    if asked.near or asked.has_point or len(typed) < 2:
        return None
    for place, rest in _places_among(session, typed):
        located = replace(
            asked, q=rest, near=place.label, place=place, latitude=place.latitude, longitude=place.longitude
        )
        found = finder.count_groups(session, located, now=now)
        if found:
            return WithPlace(rest, place, found)
    return None


def _places_among(session: Session, typed: list[str]) -> Iterator[tuple[PlaceMatch, str]]:
    """Yield each word that is a postcode or the name of a town, with the words around it."""
    gazetteer = get_gazetteer(session)
    for index, word in enumerate(typed):
        place = gazetteer.resolve(word).match
        if place is None or place.is_area:
            continue
        if place.kind == "postcode" or fold(place.name) == fold(word):
            yield place, " ".join(typed[:index] + typed[index + 1 :])


def find_responsible(session: Session, asked: FinderRequest) -> Responsible | None:
    """Answer who is responsible for the place asked about; None without a place."""
    place = _place_asked(session, asked)
    return None if place is None else responsible_for(session, place)


def find_interest(
    session: Session, asked: FinderRequest, topics: Sequence[Topic], *, now: datetime
) -> tuple[ShownInterest, ...]:
    """Answer where interest in these topics can be left; with the district's number, whatever circle was asked for."""
    return interest_near(session, topics, _place_asked(session, asked), now=now)


def _place_asked(session: Session, asked: FinderRequest) -> PlaceMatch | None:
    """Answer the place asked about, or the postcode around the point; None without either."""
    if asked.place is not None or asked.latitude is None or asked.longitude is None:
        return asked.place
    return get_gazetteer(session).nearest_postcode(asked.latitude, asked.longitude)
