"""Edits of listings for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.listings.queries import read_for_editing
from app.groups.listings.services import Editor, edit_listing
from app.groups.models import Group, ListingVersion
from tests.builders.groups import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

CONTACT = Editor(None, may_review=False)


def make_edit(
    session: Session, group_id: int, *, by: Editor = CONTACT, now: datetime = NOW, **changes: Any
) -> int:
    """Edit a listing as its form begins and then is changed; answer the newest version."""
    begin = read_for_editing(session, session.get_one(Group, group_id), with_waiting=not by.may_review)
    edit_listing(session, group_id, begin.content | changes, seen=begin.seen, by=by, now=now)
    wanted = sa.select(ListingVersion.id).where(ListingVersion.group_id == group_id)
    return session.scalars(wanted.order_by(ListingVersion.number.desc()).limit(1)).one()
