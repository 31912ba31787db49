"""Whoever handed a version in hears what the clearing house says to it, in the transaction that says it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from app.clearinghouses.models import ClearingHouse
from app.groups.listings.emails import decision_mail
from app.groups.readers import find_reader, readers_of_group, write_to
from app.shared.outbox import About

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.models import Group, ListingVersion

logger = logging.getLogger("wirkreis.listings")


def tell_submitter(
    session: Session, group: Group, version: ListingVersion, event: str, *, now: datetime
) -> None:
    """Afterwards a mail waits for who handed the version in, or for all contacts when they are none of them."""
    readers = readers_of_group(session, group.id)
    submitter = find_reader(session, version.submitted_by_id)
    house = session.get_one(ClearingHouse, group.clearinghouse_id)
    write_to(
        session,
        [submitter] if submitter in readers else readers,
        lambda url: decision_mail(
            event, version, group=group.name, house=house.name, phone=house.phone, url=url
        ),
        path=f"/accounts/groups/{group.slug}/listing",
        purpose="listing-decided",
        about=About(group.id),
        logger=logger,
        now=now,
    )
