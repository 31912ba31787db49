"""What waits at the demonstration's house to be looked at: two new groups, and an edit of a listed one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant
from app.groups.drafts import ContactDraft, GroupDraft, PlaceDraft
from app.groups.listings.content import contact_field
from app.groups.listings.decisions import approve, ask_for_changes
from app.groups.listings.queries import list_queue, read_for_editing
from app.groups.listings.services import Editor, edit_listing
from app.groups.models import Group, MeetingPlace
from app.groups.services import register_groups
from app.shared.outbox import OutboxMail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NEW = GroupDraft(
    name="Trauercafé am Park",
    description="Wir haben einen nahen Menschen verloren und treffen uns bei Kaffee und Kuchen. "
    "Niemand muss erzählen; zuhören ist genug.",
    topics=("trauer",),
    clearinghouse_id=0,
    last_confirmed_on=date(2000, 1, 1),
    first_visit="Kommen Sie einfach dazu. Wer mag, ruft vorher an.",
    for_relatives=True,
    access=("step_free",),
    disclosure="area",
    contact=ContactDraft(way="phone", name="Rita Sander", phone="0000 4711"),
    state="submitted",
)
_FOUNDING = replace(
    _NEW,
    name="Junge Menschen mit Depressionen",
    description="Wir sind zwei und wollen anfangen: ein offener Abend für alle bis 30.",
    topics=("depression",),
    first_visit="",
    for_relatives=False,
    audiences=("young",),
    access=(),
    status="founding",
    contact=ContactDraft(),
)

_REMARKS = {"website": "Die Seite öffnet sich bei uns nicht. Ist die Adresse richtig?"}


def make_demo_reviews(session: Session, group_ids: Sequence[int], *, now: datetime) -> None:
    """Afterwards two new groups and a change of a listed one wait, one more change is back with its group.

    All of it belongs to the house and the contact of these groups; without their demo accounts there is nothing.
    Nobody gets a mail from a demonstration.
    """
    groups = [group for group_id in group_ids if (group := session.get(Group, group_id)) is not None]
    if not groups:
        return
    house_id = groups[0].clearinghouse_id
    contact = session.scalar(sa.select(RoleGrant.user_id).where(RoleGrant.group_id == groups[0].id).limit(1))
    staff = session.scalar(
        sa.select(RoleGrant.user_id)
        .where(RoleGrant.clearinghouse_id == house_id)
        .order_by(RoleGrant.user_id)
        .limit(1)
    )
    if contact is None or staff is None:
        return
    _register(session, house_id, _FOUNDING, place=groups[0].place_id, now=now - timedelta(days=2))
    _register(session, house_id, _NEW, place=groups[0].place_id, now=now - timedelta(days=5))
    _edit(session, groups, contact=contact, staff=staff, now=now)
    session.execute(sa.delete(OutboxMail).where(OutboxMail.purpose == "listing-decided"))


def _register(
    session: Session, house_id: int, draft: GroupDraft, *, place: int | None, now: datetime
) -> None:
    near = session.get(MeetingPlace, place) if place is not None else None
    where = PlaceDraft(
        "Stadtteilhaus", "Am Stadtpark 4", near.postcode if near else "10115", near.town if near else "Berlin"
    )
    register_groups(
        session,
        [replace(draft, clearinghouse_id=house_id, place=where, last_confirmed_on=now.date())],
        now=now,
    )


def _edit(session: Session, groups: Sequence[Group], *, contact: int, staff: int, now: datetime) -> None:
    """Approve an edit of the first group and let another one wait; ask for changes of one of the second."""
    by = Editor(contact, may_review=False)
    mine = {group.id: group for group in groups if group.clearinghouse_id == groups[0].clearinghouse_id}
    first, *others = mine.values()
    _change(session, first, by, now=now - timedelta(days=30), website="https://gruppe.example")
    _decide(session, first, lambda version: approve(session, version, by=staff, now=now - timedelta(days=29)))
    _change(
        session,
        first,
        by,
        now=now - timedelta(days=1),
        name=f"{first.name} am Abend",
        contact_phone=contact_field("0000 0815", now - timedelta(days=1)),
    )
    for group in others[:1]:
        _change(
            session, group, by, now=now - timedelta(days=3), disclosure="exact", website="http://neu.example"
        )
        _decide(
            session,
            group,
            lambda version: ask_for_changes(
                session, version, remarks=_REMARKS, unmet=(), by=staff, now=now - timedelta(days=2)
            ),
        )


def _change(session: Session, group: Group, by: Editor, *, now: datetime, **changes: object) -> None:
    begin = read_for_editing(session, group, with_waiting=True)
    edit_listing(session, group.id, begin.content | changes, seen=begin.seen, by=by, now=now)


def _decide(session: Session, group: Group, decide: Callable[[int], None]) -> None:
    for each in list_queue(session, group.clearinghouse_id):
        if each.group_id == group.id:
            decide(each.id)
