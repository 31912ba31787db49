"""Which groups may be the same as one that is registered: of its topics, nearby, or handed in at the same house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups import finder
from app.groups.catalogue import get_catalogue
from app.groups.forms import FinderRequest
from app.groups.models import Group, GroupTopic, MeetingPlace, Topic
from app.groups.rules.life import SUBMITTED
from app.groups.rules.listing import EXACT
from app.places.gazetteer import get_gazetteer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RADIUS_KM = 10
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Similar:
    """A group that may be the same; the distance is measured to what everybody may know of its place."""

    name: str
    slug: str
    is_listed: bool
    distance_km: float | None = None
    is_roughly: bool = False


def list_similar(
    session: Session, group: Group, content: Mapping[str, Any], *, now: datetime
) -> list[Similar]:
    """Answer listed groups of the same main topic within ten kilometres, and those that wait at the same house."""
    topic = get_catalogue(session).by_slug.get(content["topics"][0]) if content["topics"] else None
    if topic is None:
        return []
    waiting = session.execute(
        sa.select(Group.name, Group.slug)
        .join(GroupTopic, GroupTopic.group_id == Group.id)
        .join(Topic, Topic.id == GroupTopic.topic_id)
        .where(
            Group.clearinghouse_id == group.clearinghouse_id,
            Group.state == SUBMITTED,
            Group.id != group.id,
            Topic.slug == topic.slug,
        )
        .order_by(Group.id)
        .limit(MOST_SHOWN)
    )
    return [
        *(Similar(name, slug, is_listed=False) for name, slug in waiting),
        *_nearby(session, group, content, topic, now=now),
    ]


def _nearby(
    session: Session, group: Group, content: Mapping[str, Any], topic: Topic, *, now: datetime
) -> list[Similar]:
    point = _point(session, group, content)
    if point is None:
        return []
    asked = FinderRequest(latitude=point[0], longitude=point[1], radius_km=RADIUS_KM, topics=(topic,))
    cards = finder.find_nearest(session, asked, count=MOST_SHOWN, now=now, without=group.id)
    return [
        Similar(
            card.name,
            card.slug,
            is_listed=True,
            distance_km=card.distance_km,
            is_roughly=card.place is None or card.place.precision != EXACT,
        )
        for card in cards
    ]


def _point(session: Session, group: Group, content: Mapping[str, Any]) -> tuple[float, float] | None:
    """Answer where the group meets: its pin, if the place is still that, else the middle of the postcode."""
    place = session.get(MeetingPlace, group.place_id) if group.place_id else None
    wanted = content["place"]
    if wanted is None:
        return None
    is_same = place is not None and (place.street, place.postcode) == (wanted["street"], wanted["postcode"])
    if place is not None and is_same and place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    found = get_gazetteer(session).find_postcode(wanted["postcode"])
    return (found.latitude, found.longitude) if found is not None else None
