"""For which region somebody leaves their interest: a district, or a circle around a place that lies in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.models import Catchment
from app.places.gazetteer import get_gazetteer
from app.places.matches import PlaceMatch
from app.places.models import District
from app.places.rules.labels import district_in_words
from app.shared.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RADII_KM = (10, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Region:
    """A district; with ``place`` and ``radius_km`` a circle around a place in it. It counts for the district."""

    district_ags: str
    place: str = ""
    radius_km: int | None = None


class UnclearPlace(BadInput):
    """The words may mean several places, ``choices`` by their labels, or none."""

    def __init__(self, message: str, choices: Iterable[str] = ()) -> None:
        super().__init__(message, field="near")
        self.choices = list(choices)


def read_region(session: Session, near: str, *, radius_km: int | None) -> Region:
    """Answer the region that somebody means.

    Raises:
        UnclearPlace: nothing, several places or a whole Land is meant, or no clearing house works there.
    """
    if not near.strip():
        raise UnclearPlace(_("Please enter a postcode or a town."))
    found = get_gazetteer(session).resolve(near)
    place = found.match
    others = [each for each in found.alternatives if each.kind != "state"]
    if place is None:
        sentence = _("Which place do you mean?") if others else _("We do not know this place.")
        raise UnclearPlace(sentence, [each.label for each in others])
    if place.district_ags is None:
        raise UnclearPlace(_("This is a whole Land. Please enter a postcode, a town or a district."))
    if any(each.district_ags != place.district_ags for each in others):
        choices = [each.label for each in (place, *others)]
        raise UnclearPlace(_("There are several places of this name. Which one do you mean?"), choices)
    if not has_house(session, place.district_ags):
        raise UnclearPlace(
            _(
                "No clearing house works in this district yet, so nobody could call you together. Please take a place "
                "in a neighbouring district, or ask the nearest clearing house."
            )
        )
    if radius_km is None:
        return Region(place.district_ags)
    return Region(place.district_ags, place.label, radius_km)


def has_house(session: Session, district_ags: str) -> bool:
    """Whether a clearing house is responsible for a district or a part of it."""
    return bool(session.scalar(sa.select(sa.exists().where(Catchment.district_ags == district_ags))))


def districts_of_house(session: Session, house_id: int) -> list[str]:
    """Answer the keys of the districts that a house is responsible for, or for a part of."""
    own = sa.select(Catchment.district_ags).where(Catchment.clearinghouse_id == house_id)
    return list(session.scalars(own.distinct().order_by(Catchment.district_ags)))


def district_words(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """Answer what people call some districts, by key: “Köln”, “Landkreis Ahrweiler”."""
    rows = session.execute(
        sa.select(District.ags, District.name, District.type).where(District.ags.in_(set(keys)))
    )
    return {ags: district_in_words(name, kind) for ags, name, kind in rows}


def region_words(district: str, place: str, radius_km: int | None) -> str:
    """Answer a region as people say it."""
    if radius_km is None:
        return district
    return _("%(km)s km around %(place)s (%(district)s)", km=radius_km, place=place, district=district)


def point_near(session: Session, latitude: float, longitude: float) -> PlaceMatch:
    """Answer the postcode around a point, by which its district is known."""
    return get_gazetteer(session).nearest_postcode(latitude, longitude)
