"""The way to the desk, and for administrators to the scheduled work, on the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.accounts.rules.permissions import may_somewhere
from app.accounts.start_links import StartLink
from app.clearinghouses.desk_house import houses_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> list[StartLink]:
    """Answer the desk of each house somebody works for, with its groups, and what only administrators see."""
    links = []
    for house in houses_of(session, person):
        links += [
            StartLink(
                _("Desk of %(house)s", house=house.name),
                url_for("desk.start", house=house.slug),
                _("What waits for you, the oldest first, and what is today"),
                about=house.name,
            ),
            StartLink(
                _("Groups of %(house)s", house=house.name),
                url_for("desk.groups", house=house.slug),
                _("Look them up, see who has not confirmed, export the list"),
                about=house.name,
                title=_("Groups of the house"),
            ),
        ]
    if may_somewhere(person.actor, "see_jobs"):
        links.append(
            StartLink(
                _("Scheduled work"), url_for("desk.jobs"), _("Last and next runs of each job, and failures")
            )
        )
    return links
