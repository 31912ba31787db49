"""What the staff of clearing houses find on their start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.accounts.start_links import StartLink
from app.clearinghouses.desk_house import houses_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> list[StartLink]:
    """Answer a link to the page of each clearing house that somebody works for, by name."""
    return [
        StartLink(
            house.name,
            url_for("clearinghouses.show", slug=house.slug),
            _("The page of your clearing house, as visitors see it"),
            about=house.name,
            title=_("Public page"),
        )
        for house in houses_of(session, person)
    ]
