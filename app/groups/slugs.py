"""Addresses of groups: readable, unique, safe in any URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.models import Group
from app.groups.text import fold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_LENGTH = 64
_OTHER = re.compile(r"[^a-z0-9]+")


def slug_of(text: str, *, limit: int = MAX_LENGTH - 8) -> str:
    """Answer the folded text with hyphens for everything else; ``gruppe`` when nothing is left."""
    return _OTHER.sub("-", fold(text)).strip("-")[:limit].strip("-") or "gruppe"


RESERVED = frozenset({"founding", "meeting", "new", "print", "reminders", "watch"})
"""Words that are pages of their own under /groups."""


class SlugMaker:
    """Makes slugs that no group has yet; remembers those it has made.

    It holds for as long as nobody else stores groups: the caller sees to that (``services.register_groups``).
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._next: dict[str, int] = {}
        self._made: set[str] = set(RESERVED)
        # Filling an empty table must not ask for every name: this session makes all slugs there are.
        self._starts_empty = session.scalar(sa.select(Group.id).limit(1)) is None

    def make(self, name: str) -> str:
        """Answer the slug of a name, numbered from 2 on when it is taken."""
        base = slug_of(name)
        number = self._next.get(base)
        if number is None:
            number = 1
            if not self._starts_empty:
                self._made.update(self._list_taken(base))
        while (slug := base if number == 1 else f"{base}-{number}") in self._made:
            number += 1  # also because a group named "Gruppe 2" may have come before the second "Gruppe"
        self._next[base] = number + 1
        self._made.add(slug)
        return slug

    def _list_taken(self, base: str) -> list[str]:
        """Answer the slugs in use that are this one, or this one and more after a hyphen."""
        like = sa.or_(Group.slug == base, Group.slug.like(f"{base}-%"))
        return list(self._session.scalars(sa.select(Group.slug).where(like)))
