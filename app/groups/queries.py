"""Reads of groups, always as disclosed: no true place and no unconsented name leaves this module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.models import ClearingHouse
from app.groups.catalogue import topics_by_id
from app.groups.meetings.schedules import Schedule, Span, around, day_of, schedules_of
from app.groups.meetings.shown import ShownSchedule, disclose_schedule
from app.groups.models import Group, GroupTopic, MeetingPlace, Topic
from app.groups.rules.listing import (
    AREA,
    EXACT,
    ContactField,
    DisclosedContact,
    DisclosedPlace,
    disclosed_contact,
    disclosed_meeting,
    precision_of,
)
from app.groups.rules.recurrence import Rule, goes_on
from app.groups.rules.schedule import Meeting, next_meetings
from app.groups.rules.trust import Stage
from app.groups.search_index import group_columns, place_shown
from app.groups.upkeep.pace import stage_now
from app.places.gazetteer import get_gazetteer
from app.places.matches import PlaceMatch
from app.shared.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.engine import Row
    from sqlalchemy.orm import Session

DATES_ON_PAGE = 3
MOST_OFF_ON_PAGE = 8
"""Dates that do not take place, a summer break of a weekly group; the first of them say why."""
MAX_KEPT = 20_000


class GroupCard(NamedTuple):
    """A group as a list and the API show it; everything in it may be known by anybody.

    ``place`` is None for online groups; ``locality`` names the town of an exact or coarse place; ``rules`` are the
    series that go on; ``missed`` is the date before the next meeting that does not take place as one would think.
    ``is_unconfirmed``: nobody has confirmed the listing for too long (``rules/trust.py``).
    """

    id: int
    slug: str
    name: str
    description: str
    topics: tuple[Topic, ...]
    format: str
    status: str
    for_whom: tuple[str, ...]
    audiences: tuple[str, ...]
    languages: tuple[str, ...]
    access: tuple[str, ...]
    place: DisclosedPlace | None
    locality: str
    distance_km: float | None
    rules: tuple[Rule, ...]
    next_meeting: Meeting | None
    missed: Meeting | None
    house_slug: str
    house_name: str
    last_confirmed_on: date
    is_unconfirmed: bool


@dataclass(frozen=True, slots=True)
class WaysToReach:
    """How anybody may reach a group: its own contact as disclosed, its website, and the phone of its house."""

    contact: DisclosedContact
    website: str
    house_phone: str


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group as its own page shows it; ``next_meetings`` holds also the dates that do not take place.

    ``place_id`` is None unless the group meets there and everybody may know it.
    """

    card: GroupCard
    schedule: ShownSchedule
    first_visit: str
    website: str
    contact: DisclosedContact
    next_meetings: tuple[Meeting, ...]
    house_id: int
    place_id: int | None


@dataclass(frozen=True, slots=True)
class MapGroup:
    """What the map needs to name a single group, and how exactly its point is meant."""

    slug: str
    name: str
    precision: str


KeptCards = dict[int, tuple[GroupCard, datetime]]
"""Cards by group id, each with the moment it was read; true as long as no group of them has changed."""


def list_cards(
    session: Session,
    ids: Sequence[int],
    *,
    distances: Mapping[int, float | None],
    now: datetime,
    kept: KeptCards | None = None,
) -> list[GroupCard]:
    """Answer the cards of some listed groups in the order of the ids; three queries at most.

    Args:
        session: reads what is not kept.
        ids: of the groups.
        distances: kilometres of each, if there is a point to measure from.
        now: next meetings are as of this moment.
        kept: cards read before, none of them changed since; afterwards the ones read now are among them.
    """
    kept = {} if kept is None else kept
    cards = {group_id: found[0] for group_id in ids if _is_true(found := kept.get(group_id), now) and found}
    missing = [group_id for group_id in ids if group_id not in cards]
    if missing:
        fresh = {card.id: card for card in _read_cards(session, missing, now)}
        cards.update(fresh)
        if len(kept) + len(fresh) > MAX_KEPT:
            kept.clear()
        kept.update((group_id, (card, now)) for group_id, card in fresh.items())
    chosen = [cards[group_id] for group_id in ids if group_id in cards]
    return [card._replace(distance_km=distances.get(card.id)) for card in chosen] if distances else chosen


def _is_true(kept: tuple[GroupCard, datetime] | None, now: datetime) -> bool:
    """Whether a card kept is there, of today, and its next meeting is still the next one."""
    if kept is None:
        return False
    card, read_at = kept
    first = card.missed or card.next_meeting
    return read_at <= now and day_of(read_at) == day_of(now) and (first is None or now <= first.starts_at)


def _read_cards(session: Session, ids: Sequence[int], now: datetime) -> list[GroupCard]:
    rows = session.execute(_CARD_ROWS, {"ids": list(ids)}).all()
    topics = topics_of(session, ids)
    schedules = schedules_of(session, rows, span=around(day_of(now)))
    localities = _localities(session, {row.id: place_shown(row) for row in rows})
    return [
        _card(
            row,
            topics=topics[row.id],
            schedule=schedules[row.id],
            locality=localities[row.id],
            distance_km=None,
            now=now,
        )
        for row in rows
    ]


def get_group_page(session: Session, slug: str, *, now: datetime, span: Span | None = None) -> GroupPage:
    """Answer a listed group; its dates are true in ``span``, which is the near future unless told.

    Raises:
        NotFound: there is none of this slug, or it is not listed.
    """
    row = session.execute(_PAGE_ROW, {"slug": slug}).one_or_none()
    if row is None:
        raise unknown_group()
    schedule = schedules_of(session, [row], span=span or around(day_of(now)))[row.id]
    place = place_shown(row)
    card = _card(
        row,
        topics=topics_of(session, [row.id])[row.id],
        schedule=schedule,
        locality=_localities(session, {row.id: place})[row.id],
        distance_km=None,
        now=now,
    )
    shown = disclose_schedule(row, schedule)
    return GroupPage(
        card,
        shown,
        row.first_visit,
        row.website,
        _contact(row),
        _without_most_off(shown.upcoming(now=now, count=DATES_ON_PAGE)),
        row.clearinghouse_id,
        _known_place(row, place, schedule),
    )


def _without_most_off(meetings: list[Meeting]) -> tuple[Meeting, ...]:
    """Answer some dates without the cancelled ones after the first few, which would bury the others."""
    off = [meeting for meeting in meetings if meeting.is_cancelled][:MOST_OFF_ON_PAGE]
    return tuple(meeting for meeting in meetings if not meeting.is_cancelled or meeting in off)


def _known_place(row: Row[Any], place: DisclosedPlace | None, schedule: Schedule) -> int | None:
    """Answer the id of the group's place if it meets there and everybody may know it."""
    is_exact = place is not None and place.precision == EXACT
    meets_there = any(series.place == row.place_id for series in schedule.series)
    return row.place_id if is_exact and meets_there else None


def unknown_group() -> NotFound:
    """Answer the refusal for a group that is not there, or not listed."""
    message = _("We do not know this group. It may have closed, or its name has changed.")
    return NotFound(message, code="unknown_group")


def ways_to_reach(session: Session, ids: Sequence[int]) -> dict[int, WaysToReach]:
    """Answer how each of some listed groups may be reached."""
    rows = session.execute(_CONTACT_ROWS, {"ids": list(ids)}) if ids else ()
    return {row.id: WaysToReach(_contact(row), row.website, row.house_phone) for row in rows}


def map_groups(session: Session, ids: Sequence[int]) -> dict[int, MapGroup]:
    """Answer slug and name of some groups."""
    if not ids:
        return {}
    rows = session.execute(_MAP_ROWS, {"ids": list(ids)})
    return {
        row.id: MapGroup(row.slug, row.name, precision_of(row.disclosure, has_point=row.has_point))
        for row in rows
    }


def count_listed(session: Session) -> int:
    """Answer how many groups are listed."""
    return session.scalar(sa.select(sa.func.count()).select_from(Group).where(Group.is_listed)) or 0


def count_any(session: Session) -> int:
    """Answer how many groups there are, listed or not."""
    return session.scalar(sa.select(sa.func.count()).select_from(Group)) or 0


_GROUP, _HOUSE = Group.__table__, ClearingHouse.__table__
_TOPICS = GroupTopic.__table__
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)


def _joined(*more: str) -> sa.Select[Any]:
    """Select groups with their place and clearing house, and more columns of the group."""
    names = (_HOUSE.c.slug.label("house_slug"), _HOUSE.c.name.label("house_name"))
    selected = group_columns("created_at", *more).add_columns(*names)
    return selected.join(_HOUSE, _HOUSE.c.id == _GROUP.c.clearinghouse_id).where(Group.is_listed)


_CARD_ROWS = _joined().where(_GROUP.c.id.in_(_IDS))
_CONTACT = (
    "website",
    "contact_way",
    "contact_name",
    "contact_name_consented_at",
    "contact_phone",
    "contact_phone_consented_at",
    "contact_email",
    "contact_email_consented_at",
)
_CONTACT_ROWS = (
    sa.select(_GROUP.c.id, *(_GROUP.c[name] for name in _CONTACT), _HOUSE.c.phone.label("house_phone"))
    .join(_HOUSE, _HOUSE.c.id == _GROUP.c.clearinghouse_id)
    .where(_GROUP.c.id.in_(_IDS), Group.is_listed)
)
_PAGE_ROW = _joined(*_CONTACT).where(_GROUP.c.slug == sa.bindparam("slug"))
_MAP_ROWS = (
    sa.select(
        _GROUP.c.id,
        _GROUP.c.slug,
        _GROUP.c.name,
        _GROUP.c.disclosure,
        MeetingPlace.latitude.is_not(None).label("has_point"),
    )
    .outerjoin(MeetingPlace, MeetingPlace.id == _GROUP.c.place_id)
    .where(_GROUP.c.id.in_(_IDS), Group.is_listed)
)
_TOPIC_ROWS = (
    sa.select(_TOPICS.c.group_id, _TOPICS.c.topic_id)
    .where(_TOPICS.c.group_id.in_(_IDS))
    .order_by(_TOPICS.c.group_id, _TOPICS.c.position)
)


def topics_of(session: Session, ids: Sequence[int]) -> dict[int, list[Topic]]:
    """Answer the topics of some groups, what each is mostly about first."""
    rows = session.execute(_TOPIC_ROWS, {"ids": list(ids)}).all()
    by_id = topics_by_id(session, {topic_id for _group_id, topic_id in rows})
    topics: dict[int, list[Topic]] = defaultdict(list)
    for group_id, topic_id in rows:
        topics[group_id].append(by_id[topic_id])
    return topics


def _localities(session: Session, places: Mapping[int, DisclosedPlace | None]) -> dict[int, str]:
    """Answer the town to name with each place: its own if exact, the one nearest to the centre of a coarse cell."""
    gazetteer = get_gazetteer(session)
    localities = {}
    for group_id, place in places.items():
        if place is None:
            localities[group_id] = ""
        elif place.precision == AREA:
            localities[group_id] = _nearest_town(gazetteer.nearest_town, place.latitude, place.longitude)
        else:
            localities[group_id] = place.town
    return localities


@lru_cache(maxsize=20_000)
def _nearest_town(nearest_town: Any, latitude: float, longitude: float) -> str:
    town: PlaceMatch = nearest_town(latitude, longitude)
    return town.name


def _contact(row: Row[Any]) -> DisclosedContact:
    """Answer the contact of a row that has the columns of ``_CONTACT``, as disclosed."""
    return disclosed_contact(
        way=row.contact_way,
        name=ContactField(row.contact_name, row.contact_name_consented_at),
        phone=ContactField(row.contact_phone, row.contact_phone_consented_at),
        email=ContactField(row.contact_email, row.contact_email_consented_at),
        has_website=bool(row.website),
    )


def _to_come(rule: Rule, today: date) -> Rule:
    """Answer the rule; of a list of dates, those to come."""
    return replace(rule, dates=tuple(day for day in rule.dates if day >= today)) if rule.dates else rule


def _card(
    row: Row[Any],
    *,
    topics: list[Topic],
    schedule: Schedule,
    locality: str,
    distance_km: float | None,
    now: datetime,
) -> GroupCard:
    """Answer the card of a row of ``_joined()``."""
    upcoming = next_meetings(schedule.series, now=now, count=1)
    takes_place = upcoming[-1] if upcoming and not upcoming[-1].is_cancelled else None
    missed = next((each for each in upcoming if each.is_cancelled), None)
    today = day_of(now)
    for_whom = [
        value for value, is_so in (("affected", row.for_affected), ("relatives", row.for_relatives)) if is_so
    ]
    return GroupCard(
        id=row.id,
        slug=row.slug,
        name=row.name,
        description=row.description,
        topics=tuple(topics),
        format=row.format,
        status=row.status,
        for_whom=tuple(for_whom),
        audiences=tuple(row.audiences),
        languages=tuple(row.languages),
        access=tuple(row.access),
        place=place_shown(row),
        locality=locality,
        distance_km=distance_km,
        rules=tuple(
            _to_come(series.rule, today) for series in schedule.series if goes_on(series.rule, today=today)
        ),
        next_meeting=takes_place and disclosed_meeting(takes_place, disclosure=row.disclosure),
        missed=missed and disclosed_meeting(missed, disclosure=row.disclosure),
        house_slug=row.house_slug,
        house_name=row.house_name,
        last_confirmed_on=row.last_confirmed_on,
        is_unconfirmed=stage_now(row, now=now) >= Stage.NOT_CONFIRMED,
    )
