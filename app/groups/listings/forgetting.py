"""Names and numbers leave the versions of a listing: of who erases their account, and of versions long replaced."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.rules.email_address import fold_address
from app.groups.listings.content import contact_field
from app.groups.models import ListingVersion
from app.groups.rules.versions import APPROVED, CONTACT_FIELDS, OPEN_STATES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def forget_person(session: Session, *, address: str, group_ids: Collection[int]) -> None:
    """Afterwards no version names this address, nor a contact of a group of theirs that may be them."""
    email = ListingVersion.content["contact_email"]["value"].as_string()
    found = sa.select(ListingVersion).where(
        sa.or_(sa.func.lower(sa.func.trim(email)) == address, ListingVersion.group_id.in_(group_ids))
    )
    for version in session.scalars(found):
        if fold_address(version.content["contact_email"]["value"]) in {"", address}:
            _forget_contact(version)
    session.flush()


def forget_old_contacts(session: Session, before: datetime) -> int:
    """Afterwards versions that were replaced before a moment name no contact; answer how many did.

    What is shown now, and what waits, stays whole.
    """
    newer = aliased(ListingVersion)
    same_group = newer.group_id == ListingVersion.group_id
    is_shown = ~sa.exists().where(
        same_group, newer.number > ListingVersion.number, newer.state == APPROVED
    ) & (ListingVersion.state == APPROVED)
    was_replaced = sa.exists().where(
        same_group, newer.number > ListingVersion.number, newer.submitted_at < before
    )
    says_something = sa.or_(
        *(ListingVersion.content[field]["value"].as_string() != "" for field in CONTACT_FIELDS)
    )
    found = session.scalars(
        sa.select(ListingVersion).where(
            ListingVersion.state.not_in(OPEN_STATES), ~is_shown, was_replaced, says_something
        )
    ).all()
    for version in found:
        _forget_contact(version)
    session.flush()
    return len(found)


def _forget_contact(version: ListingVersion) -> None:
    version.content = version.content | {field: contact_field("", None) for field in CONTACT_FIELDS}
