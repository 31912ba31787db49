"""Is there such a group already? Listed groups of the same or a related topic nearby, with what everybody may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.groups import finder
from app.groups.catalogue import get_catalogue
from app.groups.forms import FinderRequest
from app.groups.rules.schedule import ONLINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.groups.models import Topic
    from app.groups.queries import GroupCard
    from app.places.matches import PlaceMatch

RADIUS_KM = 25
MOST_SAME = 3
MOST_RELATED = 2
RELATED_TOPICS = 5


@dataclass(frozen=True, slots=True)
class Alike:
    """Groups of the same topic, and of a related one, the nearest first."""

    same: tuple[GroupCard, ...] = ()
    related: tuple[GroupCard, ...] = ()


def find_alike(
    session: Session, topics: Sequence[Topic], place: PlaceMatch | None, *, format_: str, now: datetime
) -> Alike:
    """Answer the groups that somebody should know of who founds another; for an online group the online ones."""
    if not topics or (place is None and format_ != ONLINE):
        return Alike()
    asked = FinderRequest(values={"format": (ONLINE,)})
    if format_ != ONLINE and place is not None:
        asked = FinderRequest(latitude=place.latitude, longitude=place.longitude, radius_km=RADIUS_KM)
    same = _nearest(session, asked, topics[:1], count=MOST_SAME, now=now)
    known = {card.id for card in same}
    related = [
        card
        for topic in [*topics[1:], *get_catalogue(session).related(topics[:1])][:RELATED_TOPICS]
        for card in _nearest(session, asked, [topic], count=MOST_RELATED, now=now)
        if card.id not in known
    ]
    distinct = {card.id: card for card in sorted(related, key=lambda card: card.distance_km or 0)}
    return Alike(tuple(same), tuple(distinct.values())[:MOST_RELATED])


def _nearest(
    session: Session, asked: FinderRequest, topics: Sequence[Topic], *, count: int, now: datetime
) -> list[GroupCard]:
    wanted = FinderRequest(
        latitude=asked.latitude,
        longitude=asked.longitude,
        radius_km=asked.radius_km,
        values=asked.values,
        topics=tuple(topics),
        per_page=count,
    )
    if wanted.has_point:
        return finder.find_nearest(session, wanted, count=count, now=now)
    return finder.find_groups(session, wanted, now=now).cards
