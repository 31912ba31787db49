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


RESERVED = frozenset({"print"})
"""Words that are pages of their own under /groups."""


class SlugMaker:
    """Makes slugs that no group has yet; remembers those it has made."""

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
            number = 1 if self._starts_empty else self._first_free(base)
        while (slug := base if number == 1 else f"{base}-{number}") in self._made:
            number += 1  # "Gruppe 2" may have been made before the second "Gruppe"
        self._next[base] = number + 1
        self._made.add(slug)
        return slug

    def _first_free(self, base: str) -> int:
        """Answer 1 when the plain slug is free, else the number after the highest in use."""
        like = sa.or_(Group.slug == base, Group.slug.like(f"{base}-%"))
        taken = self._session.scalars(sa.select(Group.slug).where(like)).all()
        if base not in taken and base not in self._made:
            return 1
        numbers = [slug.removeprefix(f"{base}-") for slug in taken]
        return max([1, *(int(number) for number in numbers if number.isdigit())]) + 1
