"""The pots of a year: what is in each, what is promised and paid, what can be paid now."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from app.accounts.guard import requires
from app.funding.queries.pots import PotState, list_pots
from app.funding.views.blueprint import bp
from app.funding.views.money_pages import (
    asked_state,
    asked_year,
    is_in,
    money_page,
    my_insurers,
    sees_everything,
)
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.rules.ledger_accounts import Account


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
    state = asked_state()
    found = [pot for pot in found if is_in(pot.account, state)]
    common = [pot for pot in found if pot.account.insurer is None]
    own = [pot for pot in found if pot.account.insurer is not None]
    return money_page("pots.html", year, common=common, own=own if state else _together(own), state=state)


def _together(pots: list[PotState]) -> list[PotState]:
    """Answer the pots of each insurer as one, without a Land."""
    by_insurer: dict[Account, Counter[str]] = {}
    for pot in pots:
        sums = by_insurer.setdefault(replace(pot.account, state=None), Counter())
        for name in ("granted", "committed", "paid", "outstanding"):
            sums[name] += getattr(pot, name)
    return [PotState(0, account, **sums) for account, sums in by_insurer.items()]
