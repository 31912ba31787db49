"""The clearing houses of a Land beside each other, on a page and as a file."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.pages.comparing_files import euros
from app.funding.queries.houses_compared import HouseLine, all_together, compare_houses
from app.funding.queries.institutions import list_requests
from app.funding.views.blueprint import bp
from app.funding.views.institutions import seen_states
from app.funding.views.money_pages import asked_year, money_page
from app.funding.words import institutions as words
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.tables import CSV, XLSX, Cell, table_response

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/funding/institutions/compare")
@requires("see_institutions")
def compare_institutions() -> ResponseReturnValue:
    """Posts, groups, inquiries and money of the houses of a Land."""
    year, state = asked_year(), _asked_land()
    lines = compare_houses(db.session(), year, state)
    return money_page(
        "institutions/compare.html",
        year,
        state=state,
        lands=[each for each in seen_states() if each],
        lines=lines,
        together=all_together(lines),
        words=words,
    )


@bp.get("/funding/institutions/compare.csv", defaults={"kind": CSV})
@bp.get("/funding/institutions/compare.xlsx", defaults={"kind": XLSX})
@requires("see_institutions")
def export_institutions(kind: str) -> ResponseReturnValue:
    """The same as a file."""
    year, state = asked_year(), _asked_land()
    columns = [
        _("Clearing house"),
        _("Inhabitants"),
        _("Posts"),
        _("Posts advised"),
        _("Posts per 100,000 inhabitants"),
        _("Groups"),
        _("Inquiries"),
        _("Asked for"),
        _("Granted"),
    ]
    rows = [_cells(each) for each in compare_houses(db.session(), year, state)]
    return table_response(kind, name=f"clearing-houses-{state}-{year}", columns=columns, rows=rows)


def _cells(line: HouseLine) -> list[Cell]:
    return [
        line.name,
        line.inhabitants,
        _posts(line.posts),
        _posts(line.advised),
        _posts(line.posts_per_100_000),
        line.groups,
        line.inquiries,
        euros(line.asked_cents),
        euros(line.granted_cents),
    ]


def _posts(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100


def _asked_land() -> str:
    """Answer the Land in ``state``; without one, the first that somebody sees from which a house asks.

    Raises:
        NotFound: they see none, or not this one.
    """
    mine = [each for each in seen_states() if each]
    chosen = request.args.get("state", "")
    if not chosen:
        asking = [each.request.state_ags for each in list_requests(db.session(), asked_year(), mine)]
        chosen = next((each for each in asking if each), next(iter(mine), ""))
    if chosen not in mine:
        raise nothing_here()
    return chosen
