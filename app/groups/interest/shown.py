"""What anybody may know of the interest in a topic: a floor, for one topic in one district (``rules/interest.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.interest.regions import district_words
from app.groups.models import Interest, Topic
from app.groups.rules.interest import shown_floor
from app.places.matches import PlaceMatch
from app.shared.languages import in_language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class ShownInterest:
    """A way on: leave your interest in a topic (empty: any) near a place; ``at_least`` so many did in ``district``."""

    slug: str = ""
    topic: str = ""
    near: str = ""
    district: str = ""
    at_least: int | None = None


def interest_near(
    session: Session, topics: Sequence[Topic], place: PlaceMatch | None, *, now: datetime
) -> tuple[ShownInterest, ...]:
    """Answer what is known of some topics at a place, whatever else was asked; a Land or nowhere has no number."""
    near = place.label if place else ""
    if not topics:
        return (ShownInterest(near=near),)
    few = list(dict.fromkeys(topics))[:MOST_TOPICS]
    ags = place.district_ags if place else None
    floors = shown_floors(session, [topic.id for topic in few], ags, now=now) if ags else {}
    district = district_words(session, [ags])[ags] if ags and any(floors.values()) else ""
    return tuple(
        ShownInterest(topic.slug, in_language(topic.names), near, district, floors.get(topic.id))
        for topic in few
    )


def shown_floors(
    session: Session, topic_ids: Sequence[int], district_ags: str, *, now: datetime
) -> dict[int, int | None]:
    """Answer the number that may be shown of each topic in one district: confirmed addresses only."""
    rows = session.execute(
        sa.select(Interest.topic_id, sa.func.count())
        .where(
            Interest.topic_id.in_(topic_ids),
            Interest.district_ags == district_ags,
            Interest.email.is_not(None),
            Interest.counts_since.is_not(None),
            Interest.expires_at > now,
        )
        .group_by(Interest.topic_id)
    )
    return {topic_id: shown_floor(count) for topic_id, count in rows}
