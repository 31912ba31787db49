"""One notice of a run, for its funding office: as the group reads it, the kept file, and an objection to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from app.accounts.guard import get_person, requires
from app.funding.forms.notices import DecisionForm, ObjectionForm
from app.funding.models import FundingRegion, GrantRound
from app.funding.queries.notices import line_of
from app.funding.queries.objections import most_by_objection
from app.funding.services.objections import enter_objection, reject_objection, uphold_objection
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import may_in, my_run
from app.funding.views.notices import letter_response, notice_parts
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.funding.queries.notices import NoticeLine


@bp.get("/funding/runs/<int:run_id>/notices/<int:notice_id>")
@requires("see_rounds")
def show_run_notice(run_id: int, notice_id: int) -> ResponseReturnValue:
    """A notice as the group reads it, and what became of it."""
    return _page(run_id, notice_id)


@bp.get("/funding/runs/<int:run_id>/notices/<int:notice_id>/letter.pdf")
@requires("see_rounds")
def run_letter(run_id: int, notice_id: int) -> ResponseReturnValue:
    """The very file that was kept when the notice was made."""
    line, _found, _region = _my_notice("see_rounds", run_id, notice_id)
    return letter_response(line.notice)


@bp.post("/funding/runs/<int:run_id>/notices/<int:notice_id>/objection")
@requires("work_on_rounds")
def enter_notice_objection(run_id: int, notice_id: int) -> ResponseReturnValue:
    """Enter that an objection came."""
    _my_notice("work_on_rounds", run_id, notice_id)
    form = ObjectionForm()
    if not form.validate():
        return _page(run_id, notice_id, form=form), 400
    return _do(
        run_id,
        notice_id,
        "entered",
        lambda session: enter_objection(
            session, notice_id, form.received_on.day, by=get_person().id, now=clock.now()
        ),
        form=form,
    )


@bp.post("/funding/runs/<int:run_id>/notices/<int:notice_id>/objection/uphold")
@requires("approve_runs")
def uphold_notice_objection(run_id: int, notice_id: int) -> ResponseReturnValue:
    """Grant the group a sum from the reserve."""
    _my_notice("approve_runs", run_id, notice_id)
    form = DecisionForm()
    if not form.validate():
        return _page(run_id, notice_id, decision=form), 400
    return _do(
        run_id,
        notice_id,
        "upheld",
        lambda session: uphold_objection(
            session,
            notice_id,
            form.cents.cents or 0,
            reason=form.reason.data or "",
            by=get_person().id,
            now=clock.now(),
        ),
        decision=form,
    )


@bp.post("/funding/runs/<int:run_id>/notices/<int:notice_id>/objection/reject")
@requires("approve_runs")
def reject_notice_objection(run_id: int, notice_id: int) -> ResponseReturnValue:
    """Leave the notice as it is."""
    _my_notice("approve_runs", run_id, notice_id)
    return _do(
        run_id,
        notice_id,
        "rejected",
        lambda session: reject_objection(session, notice_id, by=get_person().id, now=clock.now()),
    )


def _do(
    run_id: int,
    notice_id: int,
    done: str,
    act: Callable[[Session], int | None],
    *,
    form: ObjectionForm | None = None,
    decision: DecisionForm | None = None,
) -> ResponseReturnValue:
    """Answer the way back once it is done; else the page with what was typed and what stands in the way."""
    try:
        with transaction() as session:
            told = act(session)
    except DomainError as error:
        typed = form or decision
        if typed is not None and error.field:
            typed.refuse(error)
            return _page(run_id, notice_id, form=form, decision=decision), error.status
        return _page(run_id, notice_id, form=form, decision=decision, problem=error.message), error.status
    return redirect(
        url_for("funding.show_run_notice", run_id=run_id, notice_id=told or notice_id, done=done), code=303
    )


def _page(
    run_id: int,
    notice_id: int,
    *,
    form: ObjectionForm | None = None,
    decision: DecisionForm | None = None,
    problem: str = "",
) -> str:
    line, found, region = _my_notice("see_rounds", run_id, notice_id)
    return render_template(
        "funding/notices/of_run.html",
        run_id=run_id,
        round=found,
        region=region,
        problem=problem,
        me=get_person().id,
        may_work=may_in("work_on_rounds", region),
        may_decide=may_in("approve_runs", region),
        most_cents=most_by_objection(db.session(), line.notice),
        form=form or ObjectionForm(formdata=None),
        decision=decision or DecisionForm(formdata=None),
        **notice_parts(line),
    )


def _my_notice(permission: str, run_id: int, notice_id: int) -> tuple[NoticeLine, GrantRound, FundingRegion]:
    """Answer a notice of a run, its round and region.

    Raises:
        NotFound: there is none, or they may not.
    """
    run, found, region = my_run(permission, run_id)
    line = line_of(db.session(), notice_id) if notice_id < 2**31 else None
    if line is None or line.notice.run_id != run.id:
        raise nothing_here()
    return line, found, region
