"""What changes clearing houses, and the answer to who is responsible for a place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses import queries
from app.clearinghouses.models import Branch, Catchment, ClearingHouse, OpeningHour
from app.clearinghouses.rules.catchment import nearest, responsible_for_districts, responsible_for_point
from app.clearinghouses.rules.opening_hours import Interval
from app.clearinghouses.rules.vocabulary import ACCESSIBILITY, CARRIER_KINDS, CHANNELS, SLUG, slug_of
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.clearinghouses.queries import HouseRow
    from app.places.matches import PlaceMatch

RESERVED_SLUGS = frozenset({"for", "map"})
"""Words that are pages of their own under /clearinghouses."""


@dataclass(frozen=True, slots=True)
class BranchDraft:
    """One address of a house to be; ``hours`` by channel hold only there."""

    name: str
    street: str
    postcode: str
    town: str
    latitude: float
    longitude: float
    is_main: bool = False
    hours: Mapping[str, Sequence[Interval]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClearingHouseDraft:
    """A clearing house to be.

    ``slug`` is made from the name when empty. ``catchment`` holds (district, postcode or None for all of it);
    ``hours`` are those of the whole house, by channel.
    """

    name: str
    carrier: str
    carrier_kind: str
    branches: Sequence[BranchDraft]
    catchment: Sequence[tuple[str, str | None]]
    hours: Mapping[str, Sequence[Interval]] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    email: str = ""
    website: str = ""
    languages: Sequence[str] = ("de",)
    accessibility: Sequence[str] = ()
    side_task: bool = False
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who is responsible for a place.

    ``exact`` says that the table names ``houses``. Where it names none, ``nearest`` is the nearest house, which is
    not responsible, ``nearest_km`` away as the crow flies; None only when there is no house at all.
    """

    houses: list[HouseRow]
    nearest: HouseRow | None = None
    nearest_km: float | None = None

    @property
    def exact(self) -> bool:
        """Whether the table names somebody."""
        return bool(self.houses)


def register_clearinghouses(
    session: Session, drafts: Iterable[ClearingHouseDraft], now: datetime
) -> list[int]:
    """Afterwards all the houses are stored, in a handful of statements; answers their ids in the given order.

    Raises:
        RuleBroken: a draft breaks a rule, or a slug is taken; nothing is stored then.
    """
    houses = list(drafts)
    for draft in houses:
        _check(draft)
    if not houses:
        return []
    slugs = _free_slugs(session, houses)
    ids = list(
        session.scalars(
            sa.insert(ClearingHouse).returning(ClearingHouse.id, sort_by_parameter_order=True),
            [_house_values(draft, slug, now) for draft, slug in zip(houses, slugs, strict=True)],
        )
    )
    of_house = list(zip(ids, houses, strict=True))
    branches = [(house_id, branch) for house_id, draft in of_house for branch in draft.branches]
    branch_ids = session.scalars(
        sa.insert(Branch).returning(Branch.id, sort_by_parameter_order=True),
        [_branch_values(house_id, branch) for house_id, branch in branches],
    )
    hours = [row for house_id, draft in of_house for row in _hour_values(house_id, None, draft.hours)]
    for (house_id, branch), branch_id in zip(branches, branch_ids, strict=True):
        hours += _hour_values(house_id, branch_id, branch.hours)
    if hours:
        session.execute(sa.insert(OpeningHour), hours)
    session.execute(
        sa.insert(Catchment),
        [
            {"clearinghouse_id": house_id, "district_ags": district_ags, "postcode": postcode}
            for house_id, draft in of_house
            for district_ags, postcode in draft.catchment
        ],
    )
    return ids


def responsible_for(session: Session, match: PlaceMatch) -> Responsible:
    """Answer who is responsible for a place of the gazetteer, and the nearest house where nobody is.

    A postcode is looked up as it is. A district or a Land has all the houses inside. A town has the houses of its
    district and of the postcode nearest to it; a town that is a district has all of that district's.
    """
    ids = _responsible_ids(session, match)
    if ids:
        by_id = queries.houses_by_id(session, ids)
        return Responsible(houses=[by_id[each] for each in ids])
    points = [(point.id, point.latitude, point.longitude) for point in queries.list_points(session)]
    found = nearest(points, latitude=match.latitude, longitude=match.longitude)
    if found is None:
        return Responsible(houses=[])
    house_id, distance_km = found
    house = queries.houses_by_id(session, [house_id])[house_id]
    return Responsible(houses=[], nearest=house, nearest_km=distance_km)


def _responsible_ids(session: Session, match: PlaceMatch) -> list[int]:
    """Answer the ids of the houses the table names for a place, in order."""
    whole = _whole_districts(session, match)
    if whole:
        rows = queries.list_catchment_of_districts(session, whole)
        return responsible_for_districts(rows, whole)
    postcode = match.name if match.kind == "postcode" else _nearest_postcode(session, match)
    rows = queries.list_catchment_of_point(session, postcode=postcode, district_ags=match.district_ags)
    return responsible_for_point(rows, postcode=postcode, district_ags=match.district_ags)


def _whole_districts(session: Session, match: PlaceMatch) -> list[str]:
    """Answer the districts a place is made of; none when it lies inside one."""
    if match.kind == "state":
        return queries.list_districts_of_state(session, match.state_ags or "")
    if match.district_ags is None:
        return []
    if match.kind == "district":
        return [match.district_ags]
    if match.kind == "town" and queries.find_district_name(session, match.district_ags) == match.name:
        return [match.district_ags]
    return []


def _nearest_postcode(session: Session, match: PlaceMatch) -> str | None:
    """Answer the postcode of the district whose centre is nearest to the place; None without a district."""
    if match.district_ags is None:
        return None
    postcodes = queries.list_postcode_points(session, match.district_ags)
    numbered = [
        (number, latitude, longitude) for number, (_code, latitude, longitude) in enumerate(postcodes)
    ]
    found = nearest(numbered, latitude=match.latitude, longitude=match.longitude)
    return postcodes[found[0]][0] if found else None


def _check(draft: ClearingHouseDraft) -> None:
    """Refuse a draft that breaks a rule.

    Raises:
        RuleBroken: says which rule, of which house.
    """
    main_branches = sum(branch.is_main for branch in draft.branches)
    weeks = [draft.hours, *(branch.hours for branch in draft.branches)]
    rules = (
        (bool(draft.name.strip()), _("A clearing house needs a name."), "name"),
        (
            draft.carrier_kind in CARRIER_KINDS,
            _("Please choose what kind of organisation runs it."),
            "carrier_kind",
        ),
        (main_branches == 1, _("Exactly one address is the main one."), "branches"),
        (
            not draft.website or draft.website.startswith(("https://", "http://")),
            _("The website begins with https://."),
            "website",
        ),
        (bool(draft.catchment), _("Please name at least one district it is responsible for."), "catchment"),
        (len(set(draft.catchment)) == len(draft.catchment), _("A district is named twice."), "catchment"),
        (
            set(draft.accessibility) <= set(ACCESSIBILITY),
            _("A mark of accessibility is not known."),
            "accessibility",
        ),
        (
            all(set(week) <= set(CHANNELS) for week in weeks),
            _("Hours are for phone, visit or appointment."),
            "hours",
        ),
        (
            not draft.slug or bool(SLUG.fullmatch(draft.slug)),
            _("A short name has small letters and hyphens."),
            "slug",
        ),
    )
    for holds, message, name in rules:
        if not holds:
            raise RuleBroken(f"{draft.name}: {message}", field=name)


def _free_slugs(session: Session, drafts: Sequence[ClearingHouseDraft]) -> list[str]:
    """Answer a slug for each draft; those made from names get a number where they are taken.

    Raises:
        RuleBroken: a slug that was asked for is taken.
    """
    asked = Counter(draft.slug for draft in drafts if draft.slug)
    taken = set(RESERVED_SLUGS) | set(session.scalars(sa.select(ClearingHouse.slug)))
    doubled = next((slug for slug, times in asked.items() if times > 1 or slug in taken), None)
    if doubled:
        raise RuleBroken(
            _("The short name %(slug)s is taken.", slug=doubled), code="slug_taken", field="slug"
        )
    taken |= asked.keys()
    answer: list[str] = []
    for draft in drafts:
        slug = draft.slug or _first_free(slug_of(draft.name), taken)
        taken.add(slug)
        answer.append(slug)
    return answer


def _first_free(slug: str, taken: set[str]) -> str:
    """Answer the slug, with the smallest number from 2 on that makes it free."""
    if slug not in taken:
        return slug
    number = 2
    while f"{slug[:60]}-{number}" in taken:
        number += 1
    return f"{slug[:60]}-{number}"


def _house_values(draft: ClearingHouseDraft, slug: str, now: datetime) -> dict[str, Any]:
    """Answer the row of a house."""
    return {
        "slug": slug,
        "name": draft.name,
        "carrier": draft.carrier,
        "carrier_kind": draft.carrier_kind,
        "about": dict(draft.about),
        "phone": draft.phone,
        "email": draft.email,
        "website": draft.website,
        "languages": list(draft.languages),
        "accessibility": list(draft.accessibility),
        "side_task": draft.side_task,
        "created_at": now,
    }


def _branch_values(house_id: int, branch: BranchDraft) -> dict[str, Any]:
    """Answer the row of a branch."""
    return {
        "clearinghouse_id": house_id,
        "name": branch.name,
        "street": branch.street,
        "postcode": branch.postcode,
        "town": branch.town,
        "latitude": branch.latitude,
        "longitude": branch.longitude,
        "is_main": branch.is_main,
    }


def _hour_values(
    house_id: int, branch_id: int | None, hours: Mapping[str, Sequence[Interval]]
) -> list[dict[str, Any]]:
    """Answer the rows of opening hours."""
    return [
        {
            "clearinghouse_id": house_id,
            "branch_id": branch_id,
            "channel": channel,
            "weekday": each.weekday,
            "opens_at": each.opens_at,
            "closes_at": each.closes_at,
        }
        for channel, week in hours.items()
        for each in week
    ]
