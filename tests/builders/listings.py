"""Edits of listings for tests, and a group with everybody who has to do with its listing."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import User
from app.groups.listings.queries import list_queue, list_versions, read_for_editing
from app.groups.listings.services import Edited, Editor, edit_listing
from app.groups.models import Group, ListingVersion
from app.shared.extensions import db
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from tests.builders.accounts import make_user
from tests.builders.groups import NOW, make_contact, make_group, make_house

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CONTACT = Editor(None, may_review=False)
LATER = NOW + timedelta(hours=1)
AT = NOW - timedelta(days=400)


def make_edit(
    session: Session, group_id: int, *, by: Editor = CONTACT, now: datetime = NOW, **changes: Any
) -> int:
    """Edit a listing as its form begins and then is changed; answer the newest version."""
    begin = read_for_editing(session, session.get_one(Group, group_id), with_waiting=not by.may_review)
    edit_listing(session, group_id, begin.content | changes, seen=begin.seen, by=by, now=now)
    wanted = sa.select(ListingVersion.id).where(ListingVersion.group_id == group_id)
    return session.scalars(wanted.order_by(ListingVersion.number.desc()).limit(1)).one()


def make_reviewed_group(session: Session) -> SimpleNamespace:
    """Answer a listed group with its contact, and the staff of its house."""
    with transaction() as writing:
        house = make_house(writing)
        contact = make_contact(
            way="phone", name="Petra", name_consented_at=AT, phone="0221 4710", phone_consented_at=AT
        )
        group = make_group(writing, clearinghouse_id=house, contact=contact, website="https://licht.example")
        people = {
            "group_contact": make_user(
                writing, "group_contact", email="contact@example.org", name="Petra", group=group
            ),
            "desk_staff": make_user(
                writing, "desk_staff", email="staff@example.org", name="Aylin", clearinghouse=house
            ),
            "desk_lead": make_user(
                writing, "desk_lead", email="lead@example.org", name="Henrike", clearinghouse=house
            ),
        }
        ids = {
            role: writing.scalars(sa.select(User.id).where(User.email == email)).one()
            for role, email in people.items()
        }
    return SimpleNamespace(
        house=house,
        group=group,
        staff=ids["desk_staff"],
        lead=ids["desk_lead"],
        contact=Editor(ids["group_contact"], may_review=False),
        editor=Editor(ids["desk_staff"], may_review=True),
    )


def row(group_id: int) -> Group:
    """Answer the row of a group as it is now."""
    return db.session().get(Group, group_id, populate_existing=True)


def edit(
    here: SimpleNamespace,
    by: Editor | None = None,
    *,
    group: int | None = None,
    now: datetime = LATER,
    **changes: Any,
) -> Edited:
    """Edit a listing as the form begins and then is changed."""
    by = by or here.contact
    group = group or here.group
    with transaction() as session:
        begin = read_for_editing(session, row(group), with_waiting=not by.may_review)
        return edit_listing(session, group, begin.content | changes, seen=begin.seen, by=by, now=now)


def waiting(here: SimpleNamespace, state: str = "pending") -> list[int]:
    """Answer the versions that wait at the house."""
    return [each.id for each in list_queue(db.session(), here.house, state=state)]


def states(group_id: int) -> list[str]:
    """Answer the states of all versions of a group, the first one first."""
    return [each.version.state for each in reversed(list_versions(db.session(), group_id))]


def mails() -> list[Any]:
    """Answer who was told what of decisions."""
    wanted = sa.select(OutboxMail.to_address, OutboxMail.subject, OutboxMail.body_text).order_by(
        OutboxMail.id
    )
    return db.session().execute(wanted.where(OutboxMail.purpose == "listing-decided")).all()
