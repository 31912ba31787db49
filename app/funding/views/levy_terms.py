"""The terms of a year's levy: its rate, insurers that give more as flat grants, and the plans of the Länder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import requires
from app.funding.forms.levy import PLACES, FlatShareForm, PlanForm, RateForm, plan_values
from app.funding.queries.levy import flat_percents_of, list_insurers, plans_of, rates, state_names
from app.funding.rules.decimals import decimal_text
from app.funding.rules.level_plan import PER_CENT, PER_INSURED, needed_together
from app.funding.rules.levy import flat_floor_percent
from app.funding.services.levy import add_rate, copy_plans, set_flat_share, store_plan, why_fixed
from app.funding.views.blueprint import bp
from app.funding.views.levy import check_year
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.rules.level_plan import LevelPlan


@bp.route("/funding/levy/<int:year>/rate", methods=["GET", "POST"])
@requires("manage_levy")
def levy_rate(year: int) -> ResponseReturnValue:
    """Add the rate of a year; a year that has one keeps it."""
    check_year(year)
    form = RateForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                add_rate(session, form.to_rate(year), now=clock.now())
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("funding.levy", year=year, done="rate"), code=303)
    known = rates(db.session())
    body = render_template(
        "funding/levy_rate.html",
        year=year,
        form=form,
        known=known.get(year),
        before=known.get(year - 1),
        euro_words=euro_words,
    )
    return body, 400 if request.method == "POST" else 200


@bp.route("/funding/levy/<int:year>/shares", methods=["GET", "POST"])
@requires("manage_levy")
def flat_shares(year: int) -> ResponseReturnValue:
    """Say which insurers give more of their levy as flat grants than the law wants."""
    check_year(year)
    session = db.session()
    insurers = list_insurers(session)
    form = FlatShareForm().offer(insurers)
    if request.method == "POST" and form.validate():
        per_cent = int(form.per_cent.data.strip().removesuffix("%"))
        try:
            with transaction() as writing:
                set_flat_share(writing, year, form.insurer.data, per_cent, now=clock.now())
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("funding.flat_shares", year=year, done="share"), code=303)
    shares = flat_percents_of(session, year)
    body = render_template(
        "funding/levy_shares.html",
        year=year,
        form=form,
        floor=flat_floor_percent(year),
        shares=[(each, shares[each.slug]) for each in insurers if each.slug in shares],
        fixed=why_fixed(session, year),
    )
    return body, 400 if request.method == "POST" else 200


@bp.post("/funding/levy/<int:year>/plans")
@requires("manage_levy")
def take_plans_over(year: int) -> ResponseReturnValue:
    """Give each Land without a plan that of the year before."""
    check_year(year)
    try:
        with transaction() as session:
            copied = copy_plans(session, year, now=clock.now())
    except RuleBroken:  # the page says why
        return redirect(url_for("funding.levy", year=year), code=303)
    return redirect(url_for("funding.levy", year=year, done="plans", count=len(copied)) + "#levels", code=303)


@bp.route("/funding/levy/<int:year>/plans/<state>", methods=["GET", "POST"])
@requires("manage_levy")
def level_plan(year: int, state: str) -> ResponseReturnValue:
    """Say which level gets which part of a Land's flat grants."""
    check_year(year)
    session = db.session()
    if state not in state_names(session):
        raise nothing_here()
    before, stored = plans_of(session, year - 1).get(state), plans_of(session, year).get(state)
    shown = before if "before" in request.args and before else stored
    form = (
        PlanForm()
        if request.method == "POST"
        else PlanForm(formdata=None, data=plan_values(shown) if shown else {"unit": PER_CENT})
    )
    if request.method == "POST" and form.validate():
        try:
            with transaction() as writing:
                store_plan(writing, form.to_plan(state, year), now=clock.now())
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect(url_for("funding.levy", year=year, done="plan") + "#levels", code=303)
    body = _plan_page(year, state, form=form, before=before, stored=stored)
    return body, 400 if request.method == "POST" else 200


def _plan_page(
    year: int, state: str, *, form: PlanForm, before: LevelPlan | None, stored: LevelPlan | None
) -> str:
    """Answer the page of a plan with what its shares must add up to, as far as that is known."""
    session = db.session()
    rate = rates(session).get(year)
    floor = flat_floor_percent(year)
    needed = {PER_CENT: needed_together(PER_CENT, rate_cents=1, flat_percent=floor)}
    if rate:
        needed[PER_INSURED] = needed_together(PER_INSURED, rate_cents=rate.cents, flat_percent=floor)
    return render_template(
        "funding/levy_plan.html",
        year=year,
        state=state,
        name=state_names(session)[state],
        form=form,
        before=before,
        stored=stored,
        rate=rate,
        floor=floor,
        needed=needed,
        places=PLACES,
        fixed=why_fixed(session, year, state),
        euro_words=euro_words,
        decimal_text=decimal_text,
    )
