"""The page from which people go on who have to do with the money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from app.accounts import queries
from app.accounts.guard import get_person, requires
from app.accounts.labels import ROLE_NAMES
from app.accounts.rules.permissions import PERMISSIONS
from app.accounts.start_links import FUNDING, list_start_links
from app.funding.views.blueprint import bp
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/funding")
@requires("see_funding")
def start() -> ResponseReturnValue:
    """What somebody can do with the money, and for which insurer, region or Land."""
    person = get_person()
    its_roles = PERMISSIONS["see_funding"].roles
    return render_template(
        "funding/start.html",
        links=list_start_links(db.session(), person, FUNDING),
        roles=[had for had in queries.list_roles(db.session(), person.id) if had.role in its_roles],
        role_names=ROLE_NAMES,
    )
