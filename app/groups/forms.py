"""The shape of what the finder is asked: query parameters turned into values, each mistake with its sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.groups.models import Topic
from app.groups.rules.geo_search import E5, Box
from app.groups.rules.vocabulary import FACETS
from app.places.matches import PlaceMatch, Resolution

if TYPE_CHECKING:
    from app.groups.catalogue import TopicCatalogue
    from app.places.gazetteer import Gazetteer

MAX_Q = 200
MAX_NEAR = 200
MAX_RADIUS_KM = 200
DEFAULT_RADIUS_KM = 25
MOST_GUESSES = 6
MAX_PAGE = 10_000_000
PAGE_SIZE = 20
SORTS = ("distance", "relevance", "next_meeting")
_NUMBER = re.compile(r"[+-]?\d{1,3}(\.\d{1,30})?\Z", re.ASCII)
_DIGITS = re.compile(r"\d{1,9}\Z", re.ASCII)
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\Z", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)\Z", re.ASCII)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FinderRequest:
    """One question to the finder, understood; ``errors`` names what was not, field by field."""

    q: str = ""
    near: str = ""
    place: PlaceMatch | None = None
    alternatives: tuple[PlaceMatch, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float = DEFAULT_RADIUS_KM
    box: Box | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topics: tuple[Topic, ...] = ()
    houses: tuple[str, ...] = ()
    minute_from: int | None = None
    minute_to: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    sort: str = ""
    page: int = 1
    per_page: int = PAGE_SIZE
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_point(self) -> bool:
        """Whether distances can be measured: a position, or a place that is not an area."""
        return self.latitude is not None

    @property
    def is_area(self) -> bool:
        """Whether the place means everything inside a border."""
        return self.place is not None and self.place.is_area


class _Reader:
    """Reads parameters one by one and keeps the sentences about those that make no sense."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.args = args
        self.errors: dict[str, str] = {}

    def one(self, name: str, parse: Callable[[str], T], default: T, message: object) -> T:
        """Answer the parsed value; the default when it is missing, empty or refused."""
        text = self.args[name].strip() if name in self.args else ""
        if not text:
            return default
        try:
            return parse(text)
        except ValueError:
            self.errors[name] = str(message)  # lazy: it is looked up only now
            return default

    def text(self, name: str, limit: int) -> str:
        """Answer a text, refused when it is longer than the limit."""
        text = self.args.get(name, "").strip()
        if len(text) > limit:
            self.errors[name] = _("Please use at most %(count)s characters here.", count=limit)
            return text[:limit]
        return text

    def choices(self, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """Answer the known values given, each once."""
        given = tuple(dict.fromkeys(value.strip() for value in self.args.getlist(name) if value.strip()))
        unknown = [value for value in given if value not in known]
        if unknown:
            self.errors[name] = _(
                "“%(value)s” is not one of the choices here. Please choose: %(known)s.",
                value=unknown[0][:40],
                known=", ".join(known),
            )
        return tuple(value for value in given if value in known)


def read_finder_request(
    args: MultiDict[str, str], *, gazetteer: Gazetteer, catalogue: TopicCatalogue
) -> FinderRequest:
    """Answer what is asked; nothing is looked up but places and topics, and nothing raises."""
    args = readable(args)
    reader = _Reader(args)
    values = {facet: chosen for facet, known in FACETS.items() if (chosen := reader.choices(facet, known))}
    latitude, longitude = _position(reader)
    near = reader.text("near", MAX_NEAR)
    resolution = _resolve(reader, near, gazetteer) if near else Resolution(None)
    place = resolution.match
    if near:  # a place typed anew beats the position kept in the form
        latitude = longitude = None
    if place is not None and not place.is_area:
        latitude, longitude = place.latitude, place.longitude
    date_from, date_to = _days(reader)
    time_message = _l("Please write the time like this: 18:30.")
    return FinderRequest(
        q=_words(reader),
        near=near,
        place=place,
        alternatives=tuple(resolution.alternatives),
        latitude=latitude,
        longitude=longitude,
        radius_km=_radius_km(reader),
        box=_box(reader),
        values=values,
        topics=_topics(reader, catalogue),
        houses=tuple(dict.fromkeys(slug for slug in args.getlist("clearinghouse") if slug)),
        minute_from=reader.one("time_from", read_minute, None, time_message),
        minute_to=reader.one("time_to", read_minute, None, time_message),
        date_from=date_from,
        date_to=date_to,
        sort=reader.one("sort", _sort, "", _l("Please sort by one of: %(known)s.", known=", ".join(SORTS))),
        page=reader.one(
            "page", _counter(MAX_PAGE), 1, _l("There is no such page. Please start again with the first one.")
        ),
        per_page=reader.one(
            "per_page", _counter(100), PAGE_SIZE, _l("Please ask for 1 to 100 groups a page.")
        ),
        errors=reader.errors,
    )


def _days(reader: _Reader) -> tuple[date | None, date | None]:
    """Answer first and last day, both included; the last not before the first."""
    message = _l("Please write the date like this: 24.12.2026.")
    first = reader.one("date_from", read_day, None, message)
    last = reader.one("date_to", read_day, None, message)
    if first is not None and last is not None and last < first:
        reader.errors["date_to"] = _("The last day lies before the first. Please swap them.")
    return first, last


def _radius_km(reader: _Reader) -> float:
    message = _l("Please choose a distance from 1 to %(most)s kilometres.", most=MAX_RADIUS_KM)
    return reader.one("radius_km", _radius, float(DEFAULT_RADIUS_KM), message)


def _box(reader: _Reader) -> Box | None:
    message = _l(
        "Please give bbox as west,south,east,north in degrees, west before east and south before north."
    )
    return reader.one("bbox", read_box, None, message)


def readable(args: MultiDict[str, str]) -> MultiDict[str, str]:
    """Answer the parameters without signs that cannot be printed, which neither a page nor a database can hold."""
    if all(text.isprintable() for _name, text in args.items(multi=True)):
        return args
    return MultiDict((name, _readable(text)) for name, text in args.items(multi=True))


def _readable(text: str) -> str:
    """Answer the text with white space as spaces and without control characters."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text)


def read_number(text: str) -> float:
    """Answer a plain decimal number: no exponent, no words such as nan or inf.

    Raises:
        ValueError: it is something else.
    """
    if not _NUMBER.match(text):
        raise ValueError(text)
    return float(text)


def read_box(text: str) -> Box:
    """Answer the box ``west,south,east,north``; it holds the same whole 1e-5 degrees as the sides given.

    Raises:
        ValueError: not four numbers in range, or crossed.
    """
    parts = [part.strip() for part in text.split(",")]
    west, south, east, north = (read_number(part) for part in parts)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError(text)
    # Decimals, rounded up: with binary fractions a published point could fall on the wrong side of a border.
    return Box(*(math.ceil(Decimal(part) * E5) for part in parts))


def read_day(text: str) -> date:
    """Answer a day written as 2026-12-24 or 24.12.2026.

    Raises:
        ValueError: it is something else, or there is no such day.
    """
    german = _GERMAN_DAY.match(text)
    if german is not None:
        return date(int(german[3]), int(german[2]), int(german[1]))
    return date.fromisoformat(text)


def read_minute(text: str) -> int:
    """Answer a time of day ``HH:MM`` as minutes since midnight; 24:00 is 1440.

    Raises:
        ValueError: it is something else.
    """
    match = _TIME.match(text)
    if match is None or (match[1] == "24" and match[2] != "00"):
        raise ValueError(text)
    return int(match[1]) * 60 + int(match[2])


def _radius(text: str) -> float:
    radius = read_number(text)
    if not 1 <= radius <= MAX_RADIUS_KM:
        raise ValueError(text)
    return radius


def _counter(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not _DIGITS.match(text) or not 1 <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def _sort(text: str) -> str:
    if text not in SORTS:
        raise ValueError(text)
    return text


def _degrees(limit: int) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        value = read_number(text)
        if not math.fabs(value) <= limit:
            raise ValueError(text)
        return value

    return read


def _position(reader: _Reader) -> tuple[float | None, float | None]:
    """Answer the position given; both numbers or none."""
    message = _l("Please give lat and lon together, as degrees such as lat=50.94 and lon=6.96.")
    latitude = reader.one("lat", _degrees(90), None, message)
    longitude = reader.one("lon", _degrees(180), None, message)
    if (latitude is None) != (longitude is None):
        reader.errors.setdefault("lat" if latitude is None else "lon", str(message))
        return None, None
    return latitude, longitude


def _words(reader: _Reader) -> str:
    """Answer the words looked for; signs alone cannot be looked for."""
    q = reader.text("q", MAX_Q)
    if q and not any(letter.isalnum() for letter in q):
        reader.errors.setdefault("q", _("Please write a word here, for example “Depression”."))
    return q


def _resolve(reader: _Reader, near: str, gazetteer: Gazetteer) -> Resolution:
    """Answer the place; when it is unknown, a sentence with what was perhaps meant."""
    resolution = gazetteer.resolve(near)
    if resolution.match is not None or "near" in reader.errors:
        return resolution
    if not resolution.alternatives:  # the beginning of a postcode or name
        resolution = Resolution(None, gazetteer.suggest(near, limit=MOST_GUESSES))
    if resolution.alternatives:
        guesses = ", ".join(place.label for place in resolution.alternatives[:3])
        reader.errors["near"] = _(
            "We do not know “%(near)s”. Did you mean: %(guesses)s?", near=near, guesses=guesses
        )
    else:
        reader.errors["near"] = _(
            "We do not know “%(near)s”. Please enter a postcode or the name of a town in Germany.", near=near
        )
    return resolution


def _topics(reader: _Reader, catalogue: TopicCatalogue) -> tuple[Topic, ...]:
    slugs = dict.fromkeys(slug.strip() for slug in reader.args.getlist("topic") if slug.strip())
    unknown = [slug for slug in slugs if slug not in catalogue.by_slug]
    if unknown:
        reader.errors["topic"] = _(
            "There is no topic “%(slug)s”. Please choose one from the list of topics.", slug=unknown[0][:60]
        )
    return tuple(catalogue.by_slug[slug] for slug in slugs if slug in catalogue.by_slug)
