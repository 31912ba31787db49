"""What the staff of clearing houses find on their start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.accounts.start_links import StartLink
from app.clearinghouses.models import ClearingHouse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> list[StartLink]:
    """Answer a link to the page of each clearing house that somebody works for, by name."""
    ids = [grant.clearinghouse_id for grant in person.actor.grants if grant.clearinghouse_id is not None]
    if not ids:
        return []
    houses = session.execute(
        sa.select(ClearingHouse.slug, ClearingHouse.name)
        .where(ClearingHouse.id.in_(ids))
        .order_by(ClearingHouse.name)
    )
    return [
        StartLink(
            name,
            url_for("clearinghouses.show", slug=slug),
            _("The page of your clearing house, as visitors see it"),
            about=name,
        )
        for slug, name in houses
    ]
