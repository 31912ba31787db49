"""What the contacts of groups find about funding on their start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.accounts.start_links import StartLink
from app.funding.pages.group_steps import is_left_over
from app.funding.queries.applications import find_open_round
from app.funding.queries.timelines import years_of
from app.funding.words.timelines import next_words
from app.groups.models import Group
from app.shared import clock

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.person import Person


def start_links(session: Session, person: Person) -> list[StartLink]:
    """Answer the funding of each group somebody is a contact of, where a round is open for it."""
    ids = {grant.group_id for grant in person.actor.grants if grant.group_id}
    groups = session.execute(
        sa.select(Group.id, Group.slug, Group.name).where(Group.id.in_(ids)).order_by(Group.name)
    ).all()
    now = clock.now()
    links = []
    for group_id, slug, name in groups:
        found = find_open_round(session, group_id, now=now)
        if found is not None:
            steps = [each.timeline.next for each in years_of(session, group_id, found, now=now)]
            step = next((each for each in reversed(steps) if is_left_over(each)), steps[0])
            links.append(
                StartLink(
                    _("Funding for %(group)s", group=name),
                    url_for("funding.of_group", slug=slug),
                    next_words(step),
                    about=name,
                    title=_("Funding"),
                    waits=is_left_over(step),
                )
            )
    return links
