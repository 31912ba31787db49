"""People who wait for a group that does not exist yet, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.interest.foundings import start_founding
from app.groups.interest.joining import kept_for
from app.groups.models import Interest, Topic
from app.shared.transactions import transaction
from tests.builders.groups import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KOELN, BONN = "05315", "05314"
TOPIC = "long-covid"


def topic_id(session: Session, slug: str = TOPIC) -> int:
    """Answer the id of a topic."""
    return session.scalars(sa.select(Topic.id).where(Topic.slug == slug)).one()


def make_interest(session: Session, *, now: datetime = NOW, topic: str = TOPIC, **given: Any) -> int:
    """Store somebody who waits for a group in Köln and has confirmed it; answer their id."""
    usual: dict[str, Any] = {
        "district_ags": KOELN,
        "place": "",
        "radius_km": None,
        "email": None if "phone" in given else "jo@leise.example",
        "phone": None,
        "name": "",
        "language": "de",
        "consent_version": "1",
        "consent_purpose": "interest-list",
        "consent_way": "form",
        "consented_at": now,
        "entered_at": now,
        "counts_since": now,
        "expires_at": now + kept_for(),
    }
    with transaction(session) as writing:
        row = Interest(topic_id=topic_id(writing, topic), **{**usual, **given})
        writing.add(row)
        writing.flush()
        return row.id


def make_many(session: Session, count: int, *, now: datetime = NOW, **given: Any) -> list[int]:
    """Store so many with addresses of their own, each a minute after the other."""
    tag = f"{given.get('topic', TOPIC)}-{given.get('district_ags', KOELN)}"
    return [
        make_interest(
            session,
            now=now,
            email=f"{tag}-{number}@leise.example",
            counts_since=now + timedelta(minutes=number),
            **given,
        )
        for number in range(count)
    ]


def make_founding(
    session: Session, house_id: int, *, now: datetime = NOW, topic: str = TOPIC, district: str = KOELN
) -> int:
    """Store a founding that has just begun; answer its id."""
    return start_founding(session, house_id, topic_id(session, topic), district, now=now)
