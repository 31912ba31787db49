"""What the contacts of groups find on their start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.accounts.start_links import StartLink
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> list[StartLink]:
    """Answer links to the pages of each group that somebody is a contact of, by name."""
    ids = [grant.group_id for grant in person.actor.grants if grant.group_id is not None]
    if not ids:
        return []
    groups = session.execute(sa.select(Group.slug, Group.name).where(Group.id.in_(ids)).order_by(Group.name))
    links = []
    for slug, name in groups:
        links += [
            StartLink(
                name, url_for("groups.show", slug=slug), _("The page of your group, as visitors see it")
            ),
            StartLink(
                _("%(name)s: how many came", name=name),
                url_for("groups.attendance", slug=slug),
                _("Note numbers, and choose when you are reminded of meetings"),
            ),
        ]
    return links
