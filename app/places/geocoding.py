"""Addresses to positions: a geocoder of the operator's choice, remembered, and the gazetteer behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim, Photon
from sqlalchemy.exc import IntegrityError

from app.places.gazetteer import get_gazetteer
from app.places.models import GeocodedAddress

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.places.matches import PlaceMatch
    from config import Config

Quality = Literal["exact", "postcode", "town", "none"]
TIMEOUT_SECONDS = 5
SECONDS_BETWEEN_REQUESTS = 1.0
KEPT = {True: timedelta(days=365), False: timedelta(days=30)}
"""How long an answer is believed, by whether something was found."""
MAX_DISTANCE_DEGREES = 0.35
"""An answer further from the postcode's or town's centre (some 30 km) is another street of the same name."""
_KM_PER_DEGREE_EAST = 0.63
_MAX_PART = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What the geocoder said to a question at a moment; no position when it knows no such address."""

    query: str
    position: tuple[float, float] | None
    source: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Geocoded:
    """Where an address is, in degrees WGS 84, how well that is known, and who said so.

    ``to_remember`` is an answer just given; store it with ``remember_answer``.
    """

    latitude: float | None
    longitude: float | None
    quality: Quality
    source: str
    to_remember: Answer | None = None


@dataclass(frozen=True, slots=True)
class _Address:
    street: str
    postcode: str
    town: str

    @property
    def query(self) -> str:
        return f"{self.street}, {self.postcode} {self.town}".strip()


def locate_address(
    session: Session,
    *,
    street: str,
    postcode: str,
    town: str,
    config: Config,
    now: datetime,
    timeout_seconds: float = TIMEOUT_SECONDS,
    ends_transaction: bool = False,
) -> Geocoded:
    """Answer where an address is, changing nothing; trouble with the network only makes the answer coarser.

    A remembered answer is used first; then the geocoder is asked, at most once a second for the whole process
    and for at most ``timeout_seconds``; else the centre of the postcode or town is taken. With ``ends_transaction``
    what the session holds is rolled back before the geocoder is asked, so that no transaction is open meanwhile.
    """
    address = _Address(*(" ".join(part.split())[:_MAX_PART] for part in (street, postcode, town)))
    coarse = _coarse_place(session, address)
    answer = new = None
    if config.geocoder_url and address.street and (address.postcode or address.town):
        answer = find_remembered(session, address.query, now=now)
        if answer is None:
            if ends_transaction:
                session.rollback()
            answer = new = _ask_safely(
                address, coarse, config=config, now=now, timeout_seconds=timeout_seconds
            )
    if answer and answer.position:
        return Geocoded(*answer.position, "exact", answer.source, new)
    if coarse is None:
        return Geocoded(None, None, "none", "gazetteer", new)
    quality: Quality = "postcode" if coarse.kind == "postcode" else "town"
    return Geocoded(coarse.latitude, coarse.longitude, quality, "gazetteer", new)


def find_remembered(session: Session, query: str, *, now: datetime) -> Answer | None:
    """Answer what the geocoder said to this question, unless it is too long ago to be believed."""
    row = session.get(GeocodedAddress, query)
    if row is None or now - row.asked_at > KEPT[row.found]:
        return None
    has_position = row.latitude is not None and row.longitude is not None
    position = (row.latitude, row.longitude) if row.found and has_position else None
    return Answer(row.query, position, row.source, row.asked_at)  # type: ignore[arg-type]


def remember_answer(session: Session, geocoded: Geocoded) -> None:
    """Afterwards an answer just given is in the session's transaction; one that came before it gives way."""
    answer = geocoded.to_remember
    if answer is None:
        return
    latitude, longitude = answer.position or (None, None)
    values = {
        "latitude": latitude,
        "longitude": longitude,
        "found": answer.position is not None,
        "source": answer.source,
        "asked_at": answer.asked_at,
    }
    try:
        with session.begin_nested():
            session.merge(GeocodedAddress(query=answer.query, **values))
    except IntegrityError:
        # Somebody asked the same at the same time and was faster; that answer is as good.
        return


def _coarse_place(session: Session, address: _Address) -> PlaceMatch | None:
    """Answer the postcode, else the town that the address names without doubt."""
    gazetteer = get_gazetteer(session)
    place = gazetteer.find_postcode(address.postcode)
    if place or not address.town:
        return place
    match = gazetteer.resolve(address.town).match
    return match if match and not match.is_area else None


def _ask_safely(
    address: _Address, coarse: PlaceMatch | None, *, config: Config, now: datetime, timeout_seconds: float
) -> Answer | None:
    """Answer what the geocoder says, a position that cannot be right counting as none; None after trouble."""
    try:
        position = _ask(address, config, timeout_seconds)
    except (GeopyError, OSError, ValueError, TypeError, LookupError, AttributeError):
        # The last four: an answer of another shape than the protocol's, which geopy does not check.
        return None
    position = position if position and _is_plausible(position, coarse) else None
    return Answer(address.query, position, _source(config.geocoder_url), now)


def _is_plausible(position: tuple[float, float], coarse: PlaceMatch | None) -> bool:
    latitude, longitude = position
    if coarse is None:
        return 47.2 <= latitude <= 55.1 and 5.8 <= longitude <= 15.1
    east = (longitude - coarse.longitude) * _KM_PER_DEGREE_EAST
    return math.hypot(east, latitude - coarse.latitude) <= MAX_DISTANCE_DEGREES


def _ask(address: _Address, config: Config, timeout_seconds: float) -> tuple[float, float] | None:
    """Answer the geocoder's position, or None when it knows no such address."""
    question: Any = {"street": address.street, "city": address.town, "country": "Deutschland"}
    more: dict[str, Any] = {"country_codes": "de"}
    if address.postcode:
        question["postalcode"] = address.postcode
    if _source(config.geocoder_url) == "photon":
        question, more = f"{address.query}, Deutschland", {}
    geocoder = _geocoder(config.geocoder_url, config.public_url)
    location = _one_a_second(geocoder, question, exactly_one=True, timeout=timeout_seconds, **more)
    if location is None:
        return None
    # geopy refuses what is no number or not finite with a ValueError.
    return round(float(location.latitude), 6), round(float(location.longitude), 6)


def _source(geocoder_url: str) -> str:
    return "photon" if geocoder_url.startswith("photon+") else "nominatim"


@cache
def _geocoder(geocoder_url: str, public_url: str) -> Any:
    """Answer the geopy geocoder for an address such as ``https://host/path`` or ``photon+https://host``."""
    address = urlsplit(geocoder_url.removeprefix("photon+"))
    kind = Photon if _source(geocoder_url) == "photon" else Nominatim
    return kind(
        scheme=address.scheme or "https",
        domain=(address.netloc + address.path).rstrip("/"),
        user_agent=f"Wirkreis/0.1 (+{public_url})",
        timeout=TIMEOUT_SECONDS,
    )


def _geocode(geocoder: Any, question: Any, **more: Any) -> Any:
    return geocoder.geocode(question, **more)


# One for the whole process, so that the operator of the geocoder sees at most one request a second.
_one_a_second = RateLimiter(
    _geocode,
    min_delay_seconds=SECONDS_BETWEEN_REQUESTS,
    max_retries=0,
    error_wait_seconds=SECONDS_BETWEEN_REQUESTS,
    swallow_exceptions=False,
)
