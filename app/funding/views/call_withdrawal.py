"""Taking a call of contributions back: what that means for a Land, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from app.accounts.guard import requires
from app.funding.forms.money import WithdrawalForm
from app.funding.queries.contributions import called_states
from app.funding.services.call_withdrawal import plan_withdrawal, withdraw_call
from app.funding.views.blueprint import bp
from app.funding.views.money_pages import asked_state, asked_year, money_page
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.services.call_withdrawal import Withdrawal


@bp.route("/funding/contributions/withdraw", methods=["GET", "POST"])
@requires("book_contributions")
def withdraw_call_page() -> ResponseReturnValue:
    """Show what the withdrawal of a Land's call takes back, and withdraw it."""
    year, state = asked_year(), asked_state() or ""
    form = WithdrawalForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        seen = form.seen.data or ""
        try:
            with transaction() as session:
                withdraw_call(
                    session,
                    year,
                    state,
                    form.why.data or "",
                    seen_cents=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 18 else -1,
                    now=clock.now(),
                )
        except (RuleBroken, BadInput) as error:
            form.refuse(error)
        else:
            return redirect(url_for("funding.contributions", year=year, done="withdrawn"), code=303)
    plan: Withdrawal | None = None
    refusal = ""
    if state:
        try:
            plan = plan_withdrawal(db.session(), year, state)
        except RuleBroken as error:
            refusal = error.message
    form.seen.data = str(plan.asked_cents) if plan else ""
    page = money_page(
        "withdraw_call.html",
        year,
        form=form,
        plan=plan,
        refusal=refusal,
        state=state,
        called=sorted(called_states(db.session(), year)),
    )
    return page, 400 if form.errors else 200
