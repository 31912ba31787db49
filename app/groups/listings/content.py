"""A listing as the content of a version (``rules/versions.py``), read from the rows of a group and written for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.catalogue import topics_by_id
from app.groups.listing_checks import CHANGEABLE
from app.groups.models import Group, GroupTopic, MeetingPlace
from app.groups.rules.versions import CONTACT_FIELDS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.drafts import PlaceDraft

_SAME_NAME = (
    "name",
    "description",
    "first_visit",
    "audiences",
    "languages",
    "format",
    "access",
    "status",
    "disclosure",
    "contact_way",
    "website",
)
PLACE_PARTS = ("name", "street", "postcode", "town")


def content_from(
    columns: Mapping[str, Any], *, topics: Sequence[str], place: MeetingPlace | PlaceDraft | None
) -> dict[str, Any]:
    """Answer the content of a group with these columns, slugs of topics and meeting place."""
    for_whom = [value for value in ("affected", "relatives") if columns[f"for_{value}"]]
    return {
        **{field: columns[field] for field in _SAME_NAME},
        "topics": list(topics),
        "for_whom": for_whom,
        "place": None if place is None else {part: getattr(place, part).strip() for part in PLACE_PARTS},
        **{
            field: contact_field(columns[field], columns[f"{field}_consented_at"]) for field in CONTACT_FIELDS
        },
    }


def contact_field(value: str, consented_at: datetime | None) -> dict[str, Any]:
    """Answer a name, number or address with the moment at which its person agreed to be shown."""
    return {"value": value, "consented_at": consented_at and consented_at.isoformat()}


def content_of(session: Session, group: Group) -> dict[str, Any]:
    """Answer the content of a group as its row says: what is approved, or, before the first time, was handed in."""
    columns = {name: getattr(group, name) for name in CHANGEABLE}
    place = group.place_id and session.get(MeetingPlace, group.place_id)
    return content_from(columns, topics=_topic_slugs(session, group.id), place=place or None)


def columns_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a content as columns of a group, all but its place and its topics."""
    return {
        **{field: content[field] for field in _SAME_NAME},
        "for_affected": "affected" in content["for_whom"],
        "for_relatives": "relatives" in content["for_whom"],
        **{field: content[field]["value"] for field in CONTACT_FIELDS},
        **{f"{field}_consented_at": _moment(content[field]["consented_at"]) for field in CONTACT_FIELDS},
    }


def _topic_slugs(session: Session, group_id: int) -> list[str]:
    ids = list(
        session.scalars(
            sa.select(GroupTopic.topic_id)
            .where(GroupTopic.group_id == group_id)
            .order_by(GroupTopic.position)
        )
    )
    by_id = topics_by_id(session, set(ids))
    return [by_id[topic_id].slug for topic_id in ids]


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
