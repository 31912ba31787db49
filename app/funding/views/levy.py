"""The levy of a year, for those who reckon it and for the Land it is raised in."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.accounts.rules.permissions import Scope, may, may_somewhere
from app.funding.pages.levy import levy_page, year_shown
from app.funding.queries.levy import duties_of, list_insurers, state_names
from app.funding.rules.levy_rates import BASE_YEAR
from app.funding.views.blueprint import bp
from app.funding.words.levy import FAMILY_NAMES, LEVEL_NAMES, STANDING_NAMES, sum_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.tables import CSV, XLSX, Cell, table_response

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

YEARS_AHEAD = 2


@bp.get("/funding/levy")
@requires("see_levy")
def levy() -> ResponseReturnValue:
    """The levy of a year: its rate, and what is due by Land, level and insurer."""
    session = db.session()
    this_year = clock.now().year
    year = year_shown(session, request.args.get("year", type=int), this_year=this_year)
    page = levy_page(session, year, states=seen_states())
    return render_template(
        "funding/levy.html",
        page=page,
        can_change=may_somewhere(get_person().actor, "manage_levy"),
        next_year=max((*page.years, this_year - 1)) + 1,
        level_names=LEVEL_NAMES,
        standing_names=STANDING_NAMES,
        euro_words=euro_words,
        sum_words=sum_words,
        exports=[
            (kind.upper(), url_for("funding.export_levy", kind=kind, year=year)) for kind in (CSV, XLSX)
        ],
    )


@bp.get("/funding/levy.csv", defaults={"kind": CSV})
@bp.get("/funding/levy.xlsx", defaults={"kind": XLSX})
@requires("see_levy")
def export_levy(kind: str) -> ResponseReturnValue:
    """What each insurer owes in each Land, as a file for a spreadsheet."""
    session = db.session()
    year = year_shown(session, request.args.get("year", type=int), this_year=clock.now().year)
    states, seen = state_names(session), seen_states()
    insurers = {each.slug: each for each in list_insurers(session)}
    columns = [
        _("Year"),
        _("Insurer"),
        _("Family"),
        _("AGS of the Land"),
        _("Land"),
        _("Insured"),
        _("Levy in euros"),
        _("Flat grants in euros"),
        _("Projects in euros"),
    ]
    rows: list[list[Cell]] = [
        [
            year,
            insurers[duty.insurer].name,
            str(FAMILY_NAMES[insurers[duty.insurer].family]),
            duty.state,
            states[duty.state],
            duty.insured,
            *(
                Decimal(cents) / 100
                for cents in (duty.total_cents, duty.split.flat_cents, duty.split.project_cents)
            ),
        ]
        for duty in duties_of(session, year)
        if duty.state in seen
    ]
    return table_response(kind, name=f"levy-{year}", columns=columns, rows=rows)


def seen_states() -> set[str]:
    """Answer the Länder whose levy whoever is signed in may see."""
    actor = get_person().actor
    return {ags for ags in state_names(db.session()) if may(actor, "see_levy", Scope(state_ags=ags))}


def check_year(year: int) -> None:
    """Do nothing for a year of which a levy can be known.

    Raises:
        NotFound: it is none.
    """
    if not BASE_YEAR <= year <= clock.now().year + YEARS_AHEAD:
        raise nothing_here()
