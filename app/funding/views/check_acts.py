"""What else is done with an application that is checked: changes asked for, more time, a conflict declared."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from app.accounts.guard import authorize, get_person, requires
from app.funding.forms.checks import AskForm, MoreTimeForm
from app.funding.services.changes import ask_for_changes, extend_change, take_back_change
from app.funding.services.conflicts import declare_conflict
from app.funding.services.deadlines import extend_deadline
from app.funding.views.blueprint import bp
from app.funding.views.check_scope import Filters, my_check
from app.funding.views.checks import check_page
from app.funding.views.last_days import seen_day
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.shared.visitor_forms import VisitorForm


@bp.post("/funding/checks/<int:application_id>/changes")
@requires("check_applications")
def ask_changes(application_id: int) -> ResponseReturnValue:
    """Ask the group to change something."""
    under, form = my_check(application_id), AskForm()
    due_on = form.due_on.data
    if not form.validate() or due_on is None:
        return check_page(under, ask=form), 400
    try:
        with transaction() as session:
            ask_for_changes(
                session,
                application_id,
                form.fields.data or [],
                form.words.data or "",
                due_on,
                seen=request.form.get("seen", ""),
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        return _refused(application_id, error, "ask", form)
    return _back(application_id, "asked")


@bp.post("/funding/checks/<int:application_id>/changes/longer")
@requires("check_applications")
def extend_changes(application_id: int) -> ResponseReturnValue:
    """Give the group longer to answer."""
    under, form = my_check(application_id), MoreTimeForm(prefix="longer")
    due_on = form.due_on.data
    if not form.validate() or due_on is None:
        return check_page(under, longer=form), 400
    try:
        with transaction() as session:
            extend_change(
                session,
                application_id,
                due_on,
                form.words.data or "",
                seen_due=_day(request.form.get("seen_due", "")),
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        return _refused(application_id, error, "longer", form)
    return _back(application_id, "longer")


@bp.post("/funding/checks/<int:application_id>/changes/settled")
@requires("check_applications")
def settle_changes(application_id: int) -> ResponseReturnValue:
    """Nothing is asked of the group any more."""
    my_check(application_id)
    try:
        with transaction() as session:
            take_back_change(session, application_id, by=get_person().id, now=clock.now())
    except RuleBroken as error:
        return check_page(my_check(application_id), problem=error), 409
    return _back(application_id, "settled")


@bp.post("/funding/checks/<int:application_id>/deadline")
@requires("check_sums")
def extend_last_day(application_id: int) -> ResponseReturnValue:
    """Give the group a later last day in the round."""
    under, form = my_check(application_id), MoreTimeForm(prefix="deadline")
    region = under.found.region
    authorize("check_sums", region_id=region.id, state_ags=region.state_ags)
    last_day = form.due_on.data
    if not form.validate() or last_day is None:
        return check_page(under, deadline=form), 400
    try:
        with transaction() as session:
            extend_deadline(
                session,
                under.application.group_id,
                under.found.round,
                last_day,
                form.words.data or "",
                seen_day=seen_day(),
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        return _refused(application_id, error, "deadline", form)
    return _back(application_id, "deadline")


@bp.post("/funding/checks/<int:application_id>/conflict")
@requires("check_applications")
def declare_here(application_id: int) -> ResponseReturnValue:
    """I do not decide about this group; the next one opens from the queue."""
    under = my_check(application_id)
    try:
        with transaction() as session:
            declare_conflict(
                session,
                get_person().id,
                under.application.group_id,
                request.form.get("why", ""),
                now=clock.now(),
            )
    except RuleBroken as error:
        return check_page(my_check(application_id), problem=error), 400
    return redirect(
        url_for("funding.checks", done="conflict", **Filters.read(request.args).arguments()), code=303
    )


def _back(application_id: int, done: str) -> ResponseReturnValue:
    filters = Filters.read(request.args)
    return redirect(
        url_for("funding.check_application", application_id=application_id, done=done, **filters.arguments()),
        code=303,
    )


def _refused(application_id: int, error: RuleBroken, name: str, form: VisitorForm) -> ResponseReturnValue:
    """Answer the page with what was typed and why it was not stored, beside its field where it is about one."""
    under = my_check(application_id)
    if error.field not in form:
        return check_page(under, problem=error, **{name: form}), 409
    form.refuse(error)
    return check_page(under, **{name: form}), 400


def _day(text: str) -> date:
    """Answer a day that a page has written; any other when somebody has changed it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
