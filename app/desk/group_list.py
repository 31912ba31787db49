"""The groups of a house as its staff look through them: what they may filter by, and what they see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.models import Group, GroupTopic, MeetingPlace, Topic
from app.groups.rules.life import CLOSED, DECLINED, LISTED, MERGED, STATES
from app.groups.rules.vocabulary import STATUSES
from app.groups.text import fold
from app.shared.languages import current_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

PER_PAGE = 50
CONFIRMED_WITHIN = timedelta(days=365)
SORTS = ("name", "town", "confirmed", "newest")
WITHOUT_CONTACT = "none"
NOT_CONFIRMED = "late"
ENDED = "ended"
"""Stands for all states in which a group is no more."""
STATE_CHOICES = (*(state for state in STATES if state not in {CLOSED, DECLINED, MERGED}), ENDED)
_ENDED = (CLOSED, DECLINED, MERGED)


@dataclass(frozen=True, slots=True)
class GroupFilter:
    """What is asked for; what is empty asks for nothing. What cannot be read in an address counts as empty."""

    q: str = ""
    state: str = ""
    status: str = ""
    topic: str = ""
    contact: str = ""
    confirmed: str = ""
    sort: str = "name"

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> GroupFilter:
        """Answer what an address asks for."""
        return cls(
            q=args.get("q", "").strip()[:100],
            state=_known(args.get("state", ""), STATE_CHOICES),
            status=_known(args.get("status", ""), STATUSES),
            topic=args.get("topic", "")[:100],
            contact=_known(args.get("contact", ""), (WITHOUT_CONTACT,)),
            confirmed=_known(args.get("confirmed", ""), (NOT_CONFIRMED,)),
            sort=_known(args.get("sort", ""), SORTS) or "name",
        )

    def in_address(self, **changes: str) -> dict[str, Any]:
        """Answer the parameters of an address that asks for the same, but for the changes."""
        fields = {name: getattr(self, name) for name in self.__slots__} | changes
        return {name: value for name, value in fields.items() if value and (name, value) != ("sort", "name")}

    @property
    def asks_for_something(self) -> bool:
        """Whether it leaves groups out."""
        return any(getattr(self, name) for name in self.__slots__ if name != "sort")


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group as its house knows it."""

    id: int
    slug: str
    name: str
    topics: tuple[str, ...]
    topic_slugs: tuple[str, ...]
    town: str
    state: str
    status: str
    contact_name: str
    contact_phone: str
    contact_email: str
    last_confirmed_on: date
    created_on: date

    @property
    def has_contact(self) -> bool:
        """Whether anybody of it can be reached."""
        return bool(self.contact_phone or self.contact_email)


def list_lines(session: Session, house_id: int) -> list[GroupLine]:
    """Answer all groups of a house, in whatever state; it has some hundred."""
    rows = session.execute(
        sa.select(Group, MeetingPlace.town)
        .outerjoin(MeetingPlace, MeetingPlace.id == Group.place_id)
        .where(Group.clearinghouse_id == house_id)
    ).all()
    topics = _topics_of(session, house_id)
    return [_line(group, town or "", topics.get(group.id, ())) for group, town in rows]


def choose_lines(lines: Iterable[GroupLine], wanted: GroupFilter, *, today: date) -> list[GroupLine]:
    """Answer those that are asked for, in the order asked for; words stand in name, topics, town or contact."""
    found = [line for line in lines if _matches(line, wanted, today=today)]
    return sorted(found, key=lambda line: _sort_key(line, wanted.sort))


def _topics_of(session: Session, house_id: int) -> dict[int, list[tuple[str, str]]]:
    """Answer slug and name of the topics of each group of a house, what it is mostly about first."""
    rows = session.execute(
        sa.select(GroupTopic.group_id, Topic.slug, Topic.names)
        .join(Topic, Topic.id == GroupTopic.topic_id)
        .join(Group, Group.id == GroupTopic.group_id)
        .where(Group.clearinghouse_id == house_id)
        .order_by(GroupTopic.group_id, GroupTopic.position)
    )
    topics: dict[int, list[tuple[str, str]]] = {}
    for group_id, slug, names in rows:
        topics.setdefault(group_id, []).append((slug, names[current_language()]))
    return topics


def _line(group: Group, town: str, topics: Sequence[tuple[str, str]]) -> GroupLine:
    return GroupLine(
        id=group.id,
        slug=group.slug,
        name=group.name,
        topics=tuple(name for _slug, name in topics),
        topic_slugs=tuple(slug for slug, _name in topics),
        town=town,
        state=group.state,
        status=group.status,
        contact_name=group.contact_name,
        contact_phone=group.contact_phone,
        contact_email=group.contact_email,
        last_confirmed_on=group.last_confirmed_on,
        created_on=group.created_at.date(),
    )


def _matches(line: GroupLine, wanted: GroupFilter, *, today: date) -> bool:
    """Whether a group is asked for; without a state those that are no more are left out."""
    states = _ENDED if wanted.state == ENDED else (wanted.state,) if wanted.state else ()
    is_late = line.last_confirmed_on < today - CONFIRMED_WITHIN
    text = fold(" ".join((line.name, line.town, line.contact_name, *line.topics)))
    return (
        (line.state in states if states else line.state not in _ENDED)
        and wanted.status in ("", line.status)
        and (not wanted.topic or wanted.topic in line.topic_slugs)
        and not (wanted.contact and line.has_contact)
        and not (wanted.confirmed and not (is_late and line.state == LISTED))
        and all(word in text for word in fold(wanted.q).split())
    )


def _sort_key(line: GroupLine, sort: str) -> tuple[object, ...]:
    name = (fold(line.name), line.id)
    if sort == "town":
        return (fold(line.town), *name)
    if sort == "confirmed":
        return (line.last_confirmed_on, *name)
    if sort == "newest":
        return (-line.created_on.toordinal(), *name)
    return name


def _known(value: str, known: Sequence[str]) -> str:
    return value if value in known else ""
