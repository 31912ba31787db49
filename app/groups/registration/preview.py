"""How the public page of a group will look, made of what was typed so far: what is hidden is known to be hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.groups.listing_columns import place_of, rule_of
from app.groups.meetings.schedules import day_of
from app.groups.registration.forms import EMAIL, NAME, PHONE
from app.groups.rules.listing import (
    AREA,
    ContactField,
    DisclosedContact,
    DisclosedPlace,
    TruePlace,
    disclosed_contact,
    disclosed_place,
)
from app.groups.rules.recurrence import Rule, days
from app.places.gazetteer import get_gazetteer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.clearinghouses.queries import HouseRow
    from app.groups.drafts import PlaceDraft
    from app.groups.models import Topic
    from app.groups.registration.whole import Whole

DATES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """What everybody will see, and beside it what nobody will: ``address`` is the true place as it is typed.

    ``given`` holds the contact as typed; what of it is missing in ``contact`` is hidden.
    """

    columns: dict[str, Any]
    topics: list[Topic]
    rule: Rule | None
    dates: tuple[datetime, ...]
    place: DisclosedPlace | None
    has_place: bool
    address: PlaceDraft | None
    locality: str
    contact: DisclosedContact
    house: HouseRow | None


def preview_of(session: Session, whole: Whole, *, house: HouseRow | None, now: datetime) -> Preview:
    """Answer the page as it would be; what is not understood yet is left out."""
    columns = whole.columns
    rule = rule_of(whole.rhythm, today=day_of(now))
    place = _place(whole, columns["disclosure"])
    locality = ""
    if place is not None and place.precision == AREA:
        locality = get_gazetteer(session).nearest_town(place.latitude, place.longitude).name
    return Preview(
        columns=columns,
        topics=whole.topics(session),
        rule=rule,
        dates=_dates(rule, now) if rule else (),
        place=place,
        has_place=place_of(whole.place) is not None,
        address=place_of(whole.place),
        locality=locality,
        contact=_contact(columns, whole, now),
        house=house,
    )


def _place(whole: Whole, disclosure: str) -> DisclosedPlace | None:
    """Answer the place as disclosed; its point is the centre of the postcode, as the address is looked up later."""
    typed, match = place_of(whole.place), whole.where
    if typed is None or match is None:
        return None
    true = TruePlace(
        typed.name,
        typed.street,
        typed.postcode,
        typed.town,
        match.latitude,
        match.longitude,
        is_approximate=True,
    )
    return disclosed_place(
        disclosure=disclosure, place=true, house_latitude=match.latitude, house_longitude=match.longitude
    )


def _contact(columns: dict[str, Any], whole: Whole, now: datetime) -> DisclosedContact:
    """Answer the contact as it will be shown once the last step is agreed to."""
    way = columns["contact_way"] or ""
    agreed = {NAME} & set(whole.consents) | {way} & {PHONE, EMAIL}
    fields = {
        what: ContactField(columns[f"contact_{what}"], now if what in agreed else None) for what in _CONTACT
    }
    return disclosed_contact(way=way, has_website=False, **fields)


_CONTACT = (NAME, PHONE, EMAIL)


def _dates(rule: Rule, now: datetime) -> tuple[datetime, ...]:
    zone = ZoneInfo(rule.zone)
    found = days(rule, since=day_of(now))
    return tuple(datetime.combine(day, rule.starts_at_local, zone) for day in islice(found, DATES_SHOWN))
