"""Years of funding: which are closed, and what closing one would do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.forms.money import CloseForm
from app.funding.queries.year_end import years_of_ledger
from app.funding.services.year_end import close_year, look_at_year
from app.funding.views.blueprint import bp
from app.funding.views.money_pages import FIRST_YEAR, LAST_YEAR, asked_year, money_page
from app.funding.words.pots import read_names
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import plain_euros
from app.shared.tables import CSV, XLSX, table_response
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/funding/years")
@requires("close_years")
def years() -> ResponseReturnValue:
    """The years with entries, and which of them are closed."""
    return money_page("years.html", asked_year(), known=years_of_ledger(db.session()))


@bp.route("/funding/years/<int:year>", methods=["GET", "POST"])
@requires("close_years")
def year_end(year: int) -> ResponseReturnValue:
    """What closing a year does, and closing it."""
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise nothing_here()
    form = CloseForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                close_year(session, year, now=clock.now())
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("funding.year_end", year=year, done="closed"), code=303)
    found = look_at_year(db.session(), year, now=clock.now())
    by_state: Counter[str | None] = Counter()
    for (_insurer, state), cents in found.left.items():
        by_state[state] += cents
    by_insurer: dict[str, list[int]] = {}
    for index, sums in enumerate((found.given, found.left)):
        for (insurer, _state), cents in sums.items():
            by_insurer.setdefault(insurer, [0, 0])[index] += cents
    page = money_page(
        "year_end.html",
        year,
        found=found,
        form=form,
        by_state=sorted(by_state.items(), key=lambda pair: pair[0] or ""),
        by_insurer=sorted(by_insurer.items(), key=lambda pair: -pair[1][1]),
        exports=[
            (kind.upper(), url_for("funding.export_year", kind=kind, year=year)) for kind in (CSV, XLSX)
        ],
    )
    return page, 400 if form.errors else 200


@bp.get("/funding/years.csv", defaults={"kind": CSV})
@bp.get("/funding/years.xlsx", defaults={"kind": XLSX})
@requires("close_years")
def export_year(kind: str) -> ResponseReturnValue:
    """What every insurer gave in every Land and what is left of it, as a file for a spreadsheet."""
    year, names = asked_year(), read_names(db.session())
    found = look_at_year(db.session(), year, now=clock.now())
    columns = [_("Insurer"), _("Land"), _("Given"), _("Spent or promised"), _("Left")]
    rows = [
        [
            names.insurer(insurer),
            names.state(state),
            *map(plain_euros, (given := found.given.get((insurer, state), 0), given - left, left)),
        ]
        for insurer, state in sorted({*found.given, *found.left}, key=lambda cell: (cell[0], cell[1] or ""))
        for left in (found.left.get((insurer, state), 0),)
    ]
    return table_response(kind, name=f"jahresabschluss-{year}", columns=columns, rows=rows)
