"""Whoever decides about money says here which groups they are too close to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import get_person, requires
from app.funding.forms.conflicts import ConflictForm
from app.funding.queries.conflicts import find_group, find_groups, list_declared
from app.funding.services.conflicts import declare_conflict, take_back_conflict
from app.funding.views.blueprint import bp
from app.funding.words.conflicts import DECLARED
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_MOST_FOUND = 20


@bp.route("/funding/conflicts", methods=["GET", "POST"])
@requires("be_signed_in")
def conflicts() -> ResponseReturnValue:
    """What I have declared; another group is looked up by its name, then I say why."""
    session, slug = db.session(), request.values.get("group", "")[:200]
    group = find_group(session, slug) if slug else None
    form = ConflictForm(formdata=request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if group is not None and form.validate():
            with transaction() as writing:
                declare_conflict(writing, get_person().id, group.id, str(form.why.data), now=clock.now())
            return redirect(url_for("funding.conflicts", done="declared"), code=303)
        status = 400
    q = request.args.get("q", "")[:100]
    page = render_template(
        "funding/checks/conflicts.html",
        declared=list_declared(session, get_person().id),
        group=group,
        form=form,
        q=q,
        groups=find_groups(session, q, most=_MOST_FOUND),
        most=_MOST_FOUND,
        WORDS=DECLARED,
        day_of=day_of,
    )
    return page, status


@bp.post("/funding/conflicts/<int:conflict_id>/end")
@requires("be_signed_in")
def end_conflict(conflict_id: int) -> ResponseReturnValue:
    """It holds no more; that it did hold stays written."""
    with transaction() as session:
        take_back_conflict(session, get_person().id, min(conflict_id, 2**31 - 1), now=clock.now())
    return redirect(url_for("funding.conflicts", done="ended"), code=303)
