"""How much each person can release to the bank a day: seen and set by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, redirect, render_template, url_for

from app.accounts.guard import get_person, requires
from app.funding.forms.payments import LimitForm
from app.funding.queries.limits import Releaser, limits_of, list_releasers
from app.funding.queries.round_pages import names_of
from app.funding.services.limits import set_limit
from app.funding.views.blueprint import bp
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def usual_limit_cents() -> int:
    """Answer how much anybody can release a day for whom nothing else is set."""
    limit: int = current_app.config["WIRKREIS"].payment_limit_euros * 100
    return limit


@bp.get("/funding/limits")
@requires("set_release_limits")
def limits() -> ResponseReturnValue:
    """Everybody who can release payments, and how much a day."""
    found = list_releasers(db.session())
    return render_template(
        "funding/limits.html",
        releasers=found,
        people=names_of(db.session(), {each.limit.set_by for each in found if each.limit}),
        usual_cents=usual_limit_cents(),
        me=get_person().id,
        euro_words=euro_words,
        day_words=lambda at: date_words(day_of(at)),
    )


@bp.route("/funding/limits/<int:user_id>", methods=["GET", "POST"])
@requires("set_release_limits")
def limit(user_id: int) -> ResponseReturnValue:
    """How much somebody can release a day, how it came to that, and a form for another sum."""
    releaser = next((each for each in list_releasers(db.session()) if each.user.id == user_id), None)
    form = LimitForm()
    if releaser is None:  # their role has ended meanwhile
        return redirect(url_for("funding.limits"), code=303)
    if not form.is_submitted():
        return _page(releaser, LimitForm(formdata=None))
    if form.validate():
        try:
            with transaction() as session:
                set_limit(session, user_id, form.cents.cents or 0, by=get_person().id, now=clock.now())
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("funding.limits", done="set"), code=303)
    return _page(releaser, form), 400


def _page(releaser: Releaser, form: LimitForm) -> str:
    history = limits_of(db.session(), releaser.user.id)
    return render_template(
        "funding/limit.html",
        user=releaser.user,
        form=form,
        history=history,
        people=names_of(db.session(), {each.set_by for each in history}),
        usual_cents=usual_limit_cents(),
        is_own=releaser.user.id == get_person().id,
        euro_words=euro_words,
        day_words=lambda at: date_words(day_of(at)),
    )
