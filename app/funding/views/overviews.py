"""Where the money of an insurer stands, and what the representatives of self-help can comment."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from flask import render_template, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.queries.insurer_shares import InsurerYear, read_insurer_year
from app.funding.queries.representation import (
    list_decided,
    list_open_regions,
    list_runs_to_comment,
    list_sittings_ahead,
)
from app.funding.rules.publication import FEDERAL_AREA
from app.funding.views.blueprint import bp
from app.funding.views.money_pages import asked_insurer, asked_year, money_page, my_insurers
from app.funding.words.pots import Names, read_names
from app.funding.words.shares import month_words, months_drawn
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.tables import CSV, XLSX, Cell, table_response

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

DECIDED_SHOWN = 20


@bp.get("/funding/insurer")
@requires("see_contributions")
def insurer_share() -> ResponseReturnValue:
    """The money of an insurer in a year, by Land and by month; without one, the insurers to choose from."""
    year, insurer = asked_year(), asked_insurer()
    found = read_insurer_year(db.session(), insurer, year) if insurer else None
    return money_page(
        "overview/insurer.html",
        year,
        insurer=insurer,
        insurers=my_insurers(),
        found=found,
        months=months_drawn(found) if found else [],
        month_words=month_words,
        exports=[
            (kind.upper(), url_for("funding.export_insurer_share", kind=kind, year=year, insurer=insurer))
            for kind in (CSV, XLSX)
        ],
    )


@bp.get("/funding/insurer.csv", defaults={"kind": CSV})
@bp.get("/funding/insurer.xlsx", defaults={"kind": XLSX})
@requires("see_contributions")
def export_insurer_share(kind: str) -> ResponseReturnValue:
    """The same by Land as a file for a spreadsheet.

    Raises:
        BadInput: no insurer is named.
    """
    year, insurer = asked_year(), asked_insurer()
    if insurer is None:
        raise BadInput(_("Please choose an insurer."), field="insurer")
    found = read_insurer_year(db.session(), insurer, year)
    columns = [
        _("Land"),
        _("Kind of grant"),
        _("Share of the levy"),
        _("Called"),
        _("Has come"),
        _("Promised"),
        _("Paid out"),
        _("Left"),
    ]
    rows = _rows(found, read_names(db.session()))
    return table_response(kind, name=f"anteil-{year}-{insurer}", columns=columns, rows=rows)


@bp.get("/funding/representation")
@requires("see_representation")
def representation() -> ResponseReturnValue:
    """What the representatives can comment now, which rounds are open, and what was decided."""
    session, now = db.session(), clock.now()
    return render_template(
        "funding/overview/representation.html",
        open_regions=list_open_regions(session, now=now),
        sittings=list_sittings_ahead(session),
        to_comment=list_runs_to_comment(session),
        decided=list_decided(session, most=DECIDED_SHOWN),
        date_words=date_words,
        day_of=day_of,
        euro_words=euro_words,
    )


def _rows(found: InsurerYear, names: Names) -> list[list[Cell]]:
    kinds = ((_("Flat grants"), found.flat), (_("Projects"), found.projects))
    return [
        [
            names.state(None if area == FEDERAL_AREA else area),
            words,
            *(
                Decimal(cents) / 100
                for cents in (each.share, each.called, each.paid_in, each.promised, each.spent, each.left)
            ),
        ]
        for words, areas in kinds
        for area, each in areas.items()
    ]
