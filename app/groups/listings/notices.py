"""Whoever handed a version in hears what the clearing house says to it, in the transaction that says it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.clearinghouses.models import ClearingHouse
from app.groups.listings.emails import decision_mail
from app.groups.readers import find_reader, readers_who_sign_in, write_to
from app.shared.outbox import About
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.models import Group, ListingVersion


def tell_submitter(
    session: Session, group: Group, version: ListingVersion, event: str, *, now: datetime
) -> None:
    """Afterwards a mail waits for who handed the version in, or for all contacts when they are none of them."""
    readers = readers_who_sign_in(session, group.id)
    submitter = find_reader(session, version.submitted_by_id)
    house = session.get_one(ClearingHouse, group.clearinghouse_id)
    write_to(
        session,
        [submitter] if submitter in readers else readers,
        lambda _reader: decision_mail(
            event,
            version,
            group=group.name,
            house=house.name,
            phone=house.phone,
            url=whole_url(f"/accounts/groups/{group.slug}/listing"),
        ),
        purpose="listing-decided",
        about=About(group.id),
        now=now,
    )
