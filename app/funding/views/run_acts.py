"""What is done with a run on its page: checked, approved, posted, paid out; or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person, requires
from app.funding.forms.rounds import DiscardForm
from app.funding.services.run_acts import approve_run, check_run, discard_run, post_run
from app.funding.services.run_payments import pay_run
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import my_run
from app.funding.views.runs import run_page
from app.funding.words.rounds import DISCARDS
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/funding/runs/<int:run_id>/check")
@requires("work_on_rounds")
def check(run_id: int) -> ResponseReturnValue:
    """Divide anew from the stored input, and say whether the same comes out."""
    my_run("work_on_rounds", run_id)
    try:
        with transaction() as session:
            faults = check_run(session, run_id, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        return run_page(run_id, problem=error.message), error.status
    if faults:
        problem = _(
            "Dividing anew gives something else. Please do not use this draft, and tell whoever runs the server."
        )
        return run_page(run_id, problem=problem, faults=faults), RuleBroken.status
    return _back(run_id, "checked")


@bp.post("/funding/runs/<int:run_id>/approve")
@requires("approve_runs")
def approve(run_id: int) -> ResponseReturnValue:
    """Say as a second person that the run may be posted."""
    my_run("approve_runs", run_id)
    try:
        with transaction() as session:
            approve_run(session, run_id, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        return run_page(run_id, problem=error.message), error.status
    return _back(run_id, "approved")


@bp.post("/funding/runs/<int:run_id>/post")
@requires("approve_runs")
def post_awards(run_id: int) -> ResponseReturnValue:
    """Promise every award, all or nothing."""
    my_run("approve_runs", run_id)
    try:
        with transaction() as session:
            post_run(session, run_id, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        return run_page(run_id, problem=error.message), error.status
    return _back(run_id, "posted")


@bp.post("/funding/runs/<int:run_id>/discard")
@requires("work_on_rounds")
def discard(run_id: int) -> ResponseReturnValue:
    """Give a draft up."""
    my_run("work_on_rounds", run_id)
    form = DiscardForm()
    if not form.validate() or form.reason.data not in DISCARDS:
        return run_page(run_id, discard_form=form), 400
    try:
        with transaction() as session:
            discard_run(session, run_id, reason=form.reason.data, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        return run_page(run_id, problem=error.message), error.status
    return _back(run_id, "discarded")


@bp.post("/funding/runs/<int:run_id>/pay")
@requires("pay_awards")
def pay_awards(run_id: int) -> ResponseReturnValue:
    """Book that every award was paid out that is not yet."""
    my_run("pay_awards", run_id)
    try:
        with transaction() as session:
            paid = pay_run(session, run_id, now=clock.now())
    except RuleBroken as error:
        return run_page(run_id, problem=error.message), error.status
    return _back(run_id, "paid" if paid else "nothing-due")


def _back(run_id: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("funding.show_run", run_id=run_id, done=done), code=303)
