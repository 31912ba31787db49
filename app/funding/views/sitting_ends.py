"""Divisions before a sitting, its end, the draft that it becomes, and its minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.forms.sittings import ClosingForm
from app.funding.models import SittingMinutes
from app.funding.queries.sitting_runs import runs_of
from app.funding.rules.sittings import AGREED, NOT_AGREED
from app.funding.services.sitting_closing import close_sitting, draft_again
from app.funding.services.sitting_runs import decide_run, lay_run
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import my_run
from app.funding.views.my_sittings import my_sitting
from app.funding.views.sittings import sitting_page
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.pdf import pdf_response
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/funding/sittings/<int:sitting_id>/runs")
@requires("hold_sittings")
def lay_before(sitting_id: int) -> ResponseReturnValue:
    """Put a draft of a division on the agenda."""
    my_sitting("hold_sittings", sitting_id)
    run_id = request.form.get("run", 0, type=int)
    if not run_id:
        return sitting_page(sitting_id, problem=_("Please choose a draft.")), 400
    my_run("see_rounds", run_id)
    try:
        with transaction() as session:
            lay_run(session, sitting_id, run_id, now=clock.now())
    except RuleBroken as error:
        return sitting_page(sitting_id, problem=error.message), error.status
    return _back(sitting_id, "laid")


@bp.post("/funding/sittings/<int:sitting_id>/runs/<int:run_id>")
@requires("decide_in_sittings")
def decide_laid_run(sitting_id: int, run_id: int) -> ResponseReturnValue:
    """Enter whether the sitting agrees to a division as a whole."""
    sitting, _found, _region = my_sitting("decide_in_sittings", sitting_id)
    outcome = request.form.get("outcome", "")
    if run_id not in {laid.run_id for laid, _run in runs_of(db.session(), sitting.id)}:
        return sitting_page(sitting_id, problem=_("This division is not on the agenda.")), 409
    if outcome not in (AGREED, NOT_AGREED):
        return sitting_page(sitting_id, problem=_("Please choose whether it was agreed to.")), 400
    try:
        with transaction() as session:
            decide_run(session, sitting_id, run_id, outcome, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        return sitting_page(sitting_id, problem=error.message), error.status
    return _back(sitting_id, "run-decided")


@bp.post("/funding/sittings/<int:sitting_id>/close")
@requires("hold_sittings")
def close(sitting_id: int) -> ResponseReturnValue:
    """Close the sitting: its decisions become a draft, its minutes a file."""
    my_sitting("hold_sittings", sitting_id)
    form = ClosingForm()
    try:
        with transaction() as session:
            close_sitting(
                session,
                sitting_id,
                leaves_open=bool(form.leaves_open.data),
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        if error.field:
            form.refuse(error)
            return sitting_page(sitting_id, closing_form=form), error.status
        return sitting_page(sitting_id, problem=error.message, closing_form=form), error.status
    return _back(sitting_id, "closed")


@bp.post("/funding/sittings/<int:sitting_id>/draft")
@requires("hold_sittings")
def draft_sitting_again(sitting_id: int) -> ResponseReturnValue:
    """Make a new draft of what a closed sitting decided."""
    my_sitting("hold_sittings", sitting_id)
    try:
        with transaction() as session:
            draft_again(session, sitting_id, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        return sitting_page(sitting_id, problem=error.message), error.status
    return _back(sitting_id, "drafted")


@bp.get("/funding/sittings/<int:sitting_id>/minutes.pdf")
@requires("see_sittings")
def minutes(sitting_id: int) -> ResponseReturnValue:
    """The minutes of a closed sitting, the very file that was kept."""
    sitting, _found, _region = my_sitting("see_sittings", sitting_id)
    kept = db.session().get(SittingMinutes, sitting_id)
    if kept is None:
        return sitting_page(sitting_id, problem=_("There are no minutes before the sitting is closed.")), 409
    return pdf_response(kept.body, f"minutes-{sitting.held_on}-{sitting.id}")


def _back(sitting_id: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("funding.show_sitting", sitting_id=sitting_id, done=done), code=303)
