"""In which district, and so in which Land, an address lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from app.places.borders import german_districts
from app.places.models import Postcode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_FEW = 200
"""Postcodes up to which they are looked up one by one."""


class Whereabouts(NamedTuple):
    """What is known of an address; the point in degrees WGS 84, both or neither."""

    postcode: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def state_of(
    session: Session,
    *,
    postcode: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> str | None:
    """Answer the key of the Land (2 digits) as ``districts_of`` finds it, or None."""
    district = district_of(session, postcode=postcode, latitude=latitude, longitude=longitude)
    return district and district[:2]


def district_of(
    session: Session,
    *,
    postcode: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> str | None:
    """Answer the key of the district (5 digits) as ``districts_of`` finds it, or None."""
    return districts_of(session, [Whereabouts(postcode, latitude, longitude)])[0]


def districts_of(session: Session, addresses: Sequence[Whereabouts]) -> list[str | None]:
    """Answer the key of the district of each address, same order; its first two digits are the key of the Land.

    The postcode decides, since it is part of the address while borders are simplified; where there is none, or it is
    given to no area, the point does: outside Germany it counts as the nearest district. None when neither is known.

    Raises:
        ValueError: a coordinate is not a finite number.
    """
    known = _districts_by_postcode(session, {address.postcode for address in addresses if address.postcode})
    found = [known.get(address.postcode or "") for address in addresses]
    points = [
        (number, address.latitude, address.longitude)
        for number, address in enumerate(addresses)
        if found[number] is None and address.latitude is not None and address.longitude is not None
    ]
    if points:
        numbers, latitudes, longitudes = zip(*points, strict=True)
        for number, district in zip(numbers, german_districts().at(latitudes, longitudes), strict=True):
            found[number] = district
    return found


def _districts_by_postcode(session: Session, postcodes: set[str]) -> dict[str, str]:
    """Answer the district of each postcode; for many, the whole table is read at once."""
    rows = select(Postcode.postcode, Postcode.district_ags)
    if len(postcodes) <= _FEW:
        rows = rows.where(Postcode.postcode.in_(postcodes))
    return dict(session.execute(rows).tuples().all())
