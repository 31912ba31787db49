"""The free days of some regions, gathered from the laws and from the table of school holidays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.places.public_holidays import public_holidays
from app.places.queries import list_school_holidays
from app.places.rules.free_days import FreeDays

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session


def free_days(session: Session, regions: Iterable[str], *, first: date, last: date) -> FreeDays:
    """Answer the free days from ``first`` to ``last``, both included; a region is the key of a Land or a district.

    School holidays are known up to ``school_holidays_known_until`` of the Land; later days are ordinary ones.

    Raises:
        KeyError: a region lies in no Land.
    """
    public = {region: public_holidays(region, first, last) for region in set(regions)}
    school = list_school_holidays(session, states={region[:2] for region in public}, first=first, last=last)
    return FreeDays(first, last, public=public, school=school)
