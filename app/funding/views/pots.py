"""The pots of a year: what is in each, what is promised and paid, what can be paid now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.accounts.guard import requires
from app.funding.queries.pots import list_pots
from app.funding.views.blueprint import bp
from app.funding.views.money_pages import asked_year, money_page, my_insurers, sees_everything
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/funding/pots")
@requires("see_contributions")
def pots() -> ResponseReturnValue:
    """The common pots, and an insurer's own for those who work there."""
    year = asked_year()
    mine = my_insurers()
    found = [
        pot
        for pot in list_pots(db.session(), year)
        if pot.account.insurer is None or sees_everything() or pot.account.insurer in mine
    ]
    common = [pot for pot in found if pot.account.insurer is None]
    own = [pot for pot in found if pot.account.insurer is not None]
    return money_page("pots.html", year, common=common, own=own)
