"""Reports about flat grants by year, region, topic and leading insurer, and the same as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from app.accounts.guard import get_person, requires
from app.funding.pages import reports
from app.funding.views.blueprint import bp
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.tables import CSV, XLSX, table_response

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/funding/reports")
@requires("see_reports")
def report() -> ResponseReturnValue:
    """A report with what it is about in the address."""
    session = db.session()
    page = reports.read_report(session, reports.sight_of(session, get_person().actor), request.args)
    asked: dict[str, Any] = {"grant": page.grant, "by": page.report.by, **page.asked}
    body = render_template(
        "funding/overview/report.html",
        page=page,
        words=reports,
        euro_words=euro_words,
        exports=[
            (kind.upper(), url_for("funding.export_report", kind=kind, **asked)) for kind in (CSV, XLSX)
        ],
    )
    return body, 400 if page.refusals else 200


@bp.get("/funding/reports.csv", defaults={"kind": CSV})
@bp.get("/funding/reports.xlsx", defaults={"kind": XLSX})
@requires("see_reports")
def export_report(kind: str) -> ResponseReturnValue:
    """The same report as a file for a spreadsheet."""
    session = db.session()
    page = reports.report_for_a_file(session, reports.sight_of(session, get_person().actor), request.args)
    by = page.report.by
    name = "-".join((page.grant, by, *(page.asked[field] for field in sorted(page.asked))))
    return table_response(kind, name=name, columns=reports.columns(by), rows=list(reports.rows(page)))
