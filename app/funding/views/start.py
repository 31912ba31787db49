"""The page from which people go on who have to do with the money."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flask import render_template

from app.accounts import queries
from app.accounts.guard import get_person, requires
from app.accounts.labels import ROLE_NAMES
from app.accounts.rules.permissions import PERMISSIONS
from app.accounts.start_links import FUNDING, list_start_links
from app.funding.office_worklist import waiting_for
from app.funding.views.blueprint import bp
from app.shared import clock
from app.shared.extensions import db
from app.shared.worklist import waiting_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_LINES = 30


@bp.get("/funding")
@requires("see_funding")
def start() -> ResponseReturnValue:
    """What waits for somebody who has to do with the money, what they can do, and for which insurer, region or Land."""
    person, now = get_person(), clock.now()
    its_roles = PERMISSIONS["see_funding"].roles
    waiting = waiting_for(db.session(), person, now=now)
    return render_template(
        "funding/start.html",
        links=list_start_links(db.session(), person, FUNDING),
        roles=[had for had in queries.list_roles(db.session(), person.id) if had.role in its_roles],
        role_names=ROLE_NAMES,
        waiting=[(line, waiting_words(line.since, now)) for line in waiting[:MOST_LINES]],
        more=max(0, len(waiting) - MOST_LINES),
        counts=Counter(line.kind for line in waiting),
    )
