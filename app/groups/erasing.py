"""Who erases their account is no longer the contact of a group, in whatever way it named them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.rules.email_address import fold_address
from app.groups.listings.forgetting import forget_person
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.noting import note_of_group
from app.groups.search_index import index_groups

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.accounts.erasing import Erased


def erase_contact(session: Session, erased: Erased, now: datetime) -> None:
    """Afterwards no group names this address, nor, where they looked after it, any contact that may be this person.

    A group they looked after keeps a contact with another address, who is somebody else. Until there is a new contact,
    the clearing house is how such a group is reached.
    """
    forget_person(session, address=erased.address, group_ids=erased.group_ids)
    groups = session.scalars(
        sa.select(Group).where(
            sa.or_(
                sa.func.lower(sa.func.trim(Group.contact_email)) == erased.address,
                Group.id.in_(erased.group_ids),
            )
        )
    ).all()
    for group in groups:
        if fold_address(group.contact_email) not in {"", erased.address}:
            continue
        group.contact_name = group.contact_phone = group.contact_email = ""
        group.contact_name_consented_at = group.contact_phone_consented_at = None
        group.contact_email_consented_at = None
        if group.contact_way in {"relay", "phone", "email"}:
            group.contact_way = "clearinghouse"
        group.updated_at = now
        note_of_group(session, "group.contact_erased", group.id, now=now)
    session.flush()
    index_groups(session, [group.id for group in groups], today=day_of(now))
