"""Who got what: the page that everybody may read, and the same as a spreadsheet and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from app.accounts.guard import public
from app.funding.pages import publishing
from app.funding.rules.publication import bar, due_on
from app.funding.views.blueprint import bp
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.extensions import db
from app.shared.languages import current_language
from app.shared.money import euro_words
from app.shared.pdf import make_pdf, pdf_response
from app.shared.tables import CSV, table_response

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

BAR_LENGTH = 200


@bp.get("/funding/transparency")
@public
def transparency() -> ResponseReturnValue:
    """Show who got what in a year, in every Land or in one."""
    now = clock.now()
    asked = publishing.read_asked(db.session(), request.args, now=now)
    page = render_template(
        "funding/transparency.html",
        asked=asked,
        words=publishing,
        euro_words=euro_words,
        next_due=date_words(due_on(day_of(now).year)),
        bar=lambda area: bar(area, length=BAR_LENGTH),
        bar_length=BAR_LENGTH,
    )
    return page, 400 if asked.refusals else 200


@bp.get("/funding/transparency.csv")
@public
def transparency_table() -> ResponseReturnValue:
    """Answer the same for a spreadsheet."""
    shown = publishing.asked_for_a_file(db.session(), request.args, now=clock.now())
    return table_response(
        CSV,
        name=publishing.file_name(shown),
        columns=publishing.table_columns(),
        rows=publishing.table_rows(shown),
    )


@bp.get("/funding/transparency.pdf")
@public
def transparency_document() -> ResponseReturnValue:
    """Answer the same as a document, which is the same byte by byte all day, and for good once the year is closed."""
    now = clock.now()
    shown = publishing.asked_for_a_file(db.session(), request.args, now=now)
    body = make_pdf(
        "funding/letters/transparency.typ",
        publishing.document_facts(shown),
        title=publishing.document_title(shown),
        language=current_language(),
        made_at=shown.year.closed_at or now.replace(hour=0, minute=0, second=0, microsecond=0),
    )
    return pdf_response(body, publishing.file_name(shown))
