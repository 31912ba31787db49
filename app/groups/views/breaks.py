"""Breaks of a group, such as in summer: begun and taken back by those who look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from app.accounts.guard import requires
from app.groups.meetings.closures import Owner, close, reopen
from app.groups.meetings.drafts import refuse
from app.groups.meetings.forms import PeriodForm
from app.groups.models import Closure
from app.groups.views.blueprint import bp
from app.groups.views.managing import back_to_meetings, get_managed
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/accounts/groups/<slug>/breaks", methods=["GET", "POST"])
@requires("manage_meetings")
def begin_break(slug: str) -> ResponseReturnValue:
    """Ask from when to when the group rests; or note it."""
    group = get_managed(slug)
    form = PeriodForm()
    if request.method == "POST" and form.validate():
        first_on, last_on = form.period()
        try:
            with transaction() as session:
                close(
                    session,
                    Owner(group_id=group.row.id),
                    first_on=first_on,
                    last_on=last_on,
                    reason=form.reason.data or "",
                    now=clock.now(),
                )
            return back_to_meetings(slug, "rests")
        except RuleBroken as error:
            refuse(form, error)
    return render_template("groups/manage/break.html", group=group, form=form), 400 if form.errors else 200


@bp.post("/accounts/groups/<slug>/breaks/end")
@requires("manage_meetings")
def end_break(slug: str) -> ResponseReturnValue:
    """Take a break back; one that is gone already is no mistake."""
    group = get_managed(slug)
    closure = find_closure(request.form.get("break", ""))
    if closure is not None and closure.group_id != group.row.id:
        raise nothing_here()
    if closure is not None:
        closure_id = closure.id
        with transaction() as session:
            reopen(session, closure_id, now=clock.now())
    return back_to_meetings(slug, "resumed")


def find_closure(given: str) -> Closure | None:
    """Answer the closure with an id as a form sends it, or None."""
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        return None
    return db.session().get(Closure, int(given))
