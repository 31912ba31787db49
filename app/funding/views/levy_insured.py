"""The insured of a year: read from a file, looked at, stored; one figure corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import requires
from app.funding.forms.levy import (
    MOST_BYTES,
    CorrectionForm,
    InsuredFileForm,
    packed,
    read_insured_bytes,
    unpacked,
)
from app.funding.queries.contributions import called_states
from app.funding.queries.levy import insured_of, list_insurers, state_names
from app.funding.rules.levy_table import BIG_PER_CENT, changes, changes_by_insurer
from app.funding.services.levy import correct_insured, replace_insured, why_fixed
from app.funding.views.blueprint import bp
from app.funding.views.levy import check_year
from app.funding.words.levy import change_words
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.tables import CSV, table_response
from app.shared.tables import Cell as TableCell
from app.shared.transactions import transaction
from app.shared.uploads import sent_file, takes_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from app.funding.rules.levy import Cell


@bp.get("/funding/levy/<int:year>/insured")
@requires("manage_levy")
def insured(year: int) -> ResponseReturnValue:
    """Say what is known of the insured of a year, and take a file or a correction."""
    check_year(year)
    return _page(year)


@bp.post("/funding/levy/<int:year>/insured")
@takes_file
@requires("manage_levy")
def preview_insured(year: int) -> ResponseReturnValue:
    """Show what a file would change, before anything is stored."""
    check_year(year)
    try:
        sent = sent_file("file", MOST_BYTES)
        return _preview(year, _read(sent[1] if sent else b""))
    except (BadInput, RuleBroken) as error:
        return _page(year, problems=error.message.split("\n")), 400


@bp.post("/funding/levy/<int:year>/insured/store")
@requires("manage_levy")
def store_insured(year: int) -> ResponseReturnValue:
    """Store what the preview has shown."""
    check_year(year)
    try:
        found = _read(unpacked(request.form.get("rows", "")))
        with transaction() as session:
            replace_insured(session, year, found, now=clock.now())
    except BadInput as error:
        return _page(year, problems=error.message.split("\n")), 400
    except RuleBroken as error:
        return _page(year, problems=[error.message]), 400
    return redirect(url_for("funding.levy", year=year, done="insured"), code=303)


@bp.post("/funding/levy/<int:year>/insured/one")
@requires("manage_levy")
def correct_one(year: int) -> ResponseReturnValue:
    """Correct the insured of one insurer in one Land."""
    check_year(year)
    form = _correction(CorrectionForm())
    if not form.validate():
        return _page(year, form=form), 400
    cell = form.insurer.data, form.state.data
    try:
        with transaction() as session:
            correct_insured(session, year, cell, int(form.insured.data), now=clock.now())
    except RuleBroken as error:
        form.form_errors.append(error.message)
        return _page(year, form=form), 400
    return redirect(url_for("funding.insured", year=year, done="corrected") + "#one", code=303)


@bp.get("/funding/levy/<int:year>/insured.csv")
@requires("manage_levy")
def insured_file(year: int) -> ResponseReturnValue:
    """The insured of a year, or else of the year before, as a file that can be changed and sent again."""
    check_year(year)
    session = db.session()
    known = insured_of(session, year) or insured_of(session, year - 1)
    rows: list[list[TableCell]] = [[insurer, state, number] for (insurer, state), number in known.items()]
    return table_response(CSV, name=f"insured-{year}", columns=["insurer", "state", "insured"], rows=rows)


def _read(content: bytes) -> Mapping[Cell, int]:
    session = db.session()
    return read_insured_bytes(content, insurers=list_insurers(session), states=state_names(session))


def _correction(form: CorrectionForm) -> CorrectionForm:
    session = db.session()
    return form.offer(list_insurers(session), state_names(session))


def _page(year: int, *, form: CorrectionForm | None = None, problems: list[str] | None = None) -> str:
    """Answer the page of the insured with the form that was sent as it was sent."""
    session = db.session()
    file_form = InsuredFileForm(formdata=None)
    file_form.file.errors = problems or []
    known = insured_of(session, year)
    return render_template(
        "funding/levy_insured.html",
        year=year,
        known=known,
        insurers=len({insurer for insurer, _state in known}),
        states=len({state for _insurer, state in known}),
        fixed=why_fixed(session, year),
        is_correctable=bool(state_names(session).keys() - called_states(session, year)),
        file_form=file_form,
        form=form or _correction(CorrectionForm(formdata=None)),
    )


def _preview(year: int, found: Mapping[Cell, int]) -> str:
    session = db.session()
    before = insured_of(session, year - 1)
    names = {each.slug: each.name for each in list_insurers(session)} | state_names(session)
    return render_template(
        "funding/levy_preview.html",
        year=year,
        found=found,
        replaced=insured_of(session, year),
        before=before,
        insurers=changes_by_insurer(before, found),
        jumps=[change for change in changes(before, found) if change.is_big] if before else [],
        names=names,
        rows=packed(found),
        change_words=change_words,
        big=BIG_PER_CENT,
        fixed=why_fixed(session, year),
    )
