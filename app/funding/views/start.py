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
from app.funding.office_worklist import advice_lines, institution_lines, insurer_lines, office_lines
from app.funding.views.blueprint import bp
from app.funding.views.institutions import decided_states
from app.funding.views.my_rounds import my_regions
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
    offices, payers, advised = (
        {each.id for each in my_regions(what)}
        for what in ("work_on_rounds", "pay_awards", "comment_in_sittings")
    )
    insurers = {grant.insurer_id for grant in person.actor.grants if grant.insurer_id is not None}
    states = decided_states()
    waiting = [
        *office_lines(db.session(), offices, payers, now=now),
        *advice_lines(db.session(), advised),
        *insurer_lines(db.session(), insurers, now=now),
        *institution_lines(db.session(), states),
    ]
    return render_template(
        "funding/start.html",
        links=list_start_links(db.session(), person, FUNDING),
        roles=[had for had in queries.list_roles(db.session(), person.id) if had.role in its_roles],
        role_names=ROLE_NAMES,
        waits_here=bool(offices or payers or advised or insurers or states),
        waiting=[(line, waiting_words(line.since, now)) for line in waiting[:MOST_LINES]],
        more=max(0, len(waiting) - MOST_LINES),
        counts=Counter(line.kind for line in waiting),
    )
