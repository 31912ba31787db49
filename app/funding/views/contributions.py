"""Contributions: what insurers were asked for, what has come, and what waits for it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.forms.money import CallForm, ReceiptForm
from app.funding.queries.contributions import (
    CallState,
    list_calls,
    list_receipts,
    list_withdrawn,
)
from app.funding.queries.pots import list_pots
from app.funding.rules.euros import euro_text
from app.funding.services.contributions import call_contributions, plan_call
from app.funding.services.receipts import book_receipt, undo_receipt
from app.funding.views.blueprint import bp
from app.funding.views.money_pages import asked_insurer, asked_year, money_page, my_insurers
from app.funding.words.levy import LEVEL_NAMES, WITHDRAWALS
from app.funding.words.pots import Names, read_names
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import BadInput, DomainError, RuleBroken
from app.shared.extensions import db
from app.shared.money import plain_euros
from app.shared.tables import CSV, XLSX, Cell, table_response
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.rules.ledger_accounts import Account
    from app.funding.services.contributions import CallPlan

ALL_OPEN = ""
"""The choice of what a receipt is for: whatever is open, the oldest first."""
LAST_RECEIPTS = 20


@bp.get("/funding/contributions")
@requires("see_contributions")
def contributions() -> ResponseReturnValue:
    """The contributions of a year: of every insurer a line, of one insurer what it was asked for."""
    return _page()


@bp.get("/funding/contributions.csv", defaults={"kind": CSV})
@bp.get("/funding/contributions.xlsx", defaults={"kind": XLSX})
@requires("see_contributions")
def export_contributions(kind: str) -> ResponseReturnValue:
    """Every call of a year, of all insurers or one, as a file for a spreadsheet."""
    year, insurer, names = asked_year(), asked_insurer(), read_names(db.session())
    columns = [_("Insurer"), _("Land"), _("Pot"), _("Called"), _("Has come"), _("Still open"), _("Due on")]
    calls = list_calls(db.session(), year, insurer)
    rows = [_cells(each, names) for each in calls]
    return table_response(kind, name=f"beitraege-{year}-{insurer or 'alle'}", columns=columns, rows=rows)


@bp.route("/funding/contributions/call", methods=["GET", "POST"])
@requires("book_contributions")
def call_page() -> ResponseReturnValue:
    """Show what a call would ask for, and call."""
    year = asked_year()
    form = CallForm(request.form if request.method == "POST" else request.args)
    if request.method == "GET":
        return _call_page(form, year)
    if form.validate():
        try:
            with transaction() as session:
                plan = call_contributions(
                    session, year, _states(form), due_on=form.due_on.day, now=clock.now()
                )
                _check_seen(form, plan)
        except (RuleBroken, BadInput) as error:
            form.refuse(error)
        else:
            return redirect(url_for("funding.contributions", year=year, done="called"), code=303)
    return _call_page(form, year), 400


@bp.route("/funding/contributions/receipt", methods=["GET", "POST"])
@requires("book_contributions")
def receipt_page() -> ResponseReturnValue:
    """Book what came from an insurer."""
    year, insurer = asked_year(), asked_insurer()
    if insurer is None:
        return money_page("receipt.html", year, insurer=None, insurers=my_insurers(), open_calls=())
    open_calls = [each for each in list_calls(db.session(), year, insurer) if each.open_cents]
    form = ReceiptForm(request.form if request.method == "POST" else None)
    names = read_names(db.session())
    form.account.choices = [
        (ALL_OPEN, _("everything that is open, the oldest first")),
        *((str(each.account_id), _receipt_choice(each, names.pot(_pot(each)))) for each in open_calls),
    ]
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                book_receipt(
                    session,
                    insurer,
                    form.cents.cents or 0,
                    year=year,
                    received_on=form.received_on.day,
                    reference=form.reference.data or "",
                    account_id=_account_id(form, open_calls),
                    now=clock.now(),
                )
        except (RuleBroken, BadInput) as error:
            form.refuse(error)
        else:
            here = url_for("funding.contributions", year=year, insurer=insurer, done="received")
            return redirect(here, code=303)
    if request.method == "GET":
        form.received_on.data = day_of(clock.now()).isoformat()
    page = money_page(
        "receipt.html", year, insurer=insurer, insurers=my_insurers(), open_calls=open_calls, form=form
    )
    return page, 400 if form.errors else 200


@bp.post("/funding/contributions/undo-receipt")
@requires("book_contributions")
def undo_receipt_page() -> ResponseReturnValue:
    """Take back a receipt that was booked by mistake."""
    year, insurer = asked_year(), asked_insurer()
    try:
        with transaction() as session:
            undo_receipt(
                session, insurer or "", request.form.get("reference", ""), year=year, now=clock.now()
            )
    except (RuleBroken, BadInput) as error:
        return _page(problem=error), 400
    return redirect(url_for("funding.contributions", year=year, insurer=insurer, done="undone"), code=303)


def _page(*, problem: DomainError | None = None) -> str:
    year, insurer = asked_year(), asked_insurer()
    today = day_of(clock.now())
    calls = list_calls(db.session(), year, insurer)
    by_insurer: defaultdict[str, list[CallState]] = defaultdict(list)
    for each in calls:
        by_insurer[each.due.insurer or ""].append(each)
    lines = [
        {
            "slug": slug,
            "name": of_one[0].insurer_name,
            "called": sum(each.called_cents for each in of_one),
            "open": sum(each.open_cents for each in of_one),
            "overdue": min((each.due_on for each in of_one if each.is_overdue(today)), default=None),
        }
        for slug, of_one in by_insurer.items()
    ]
    lines.sort(
        key=lambda line: (line["overdue"] is None, line["overdue"] or today, not line["open"], line["name"])
    )
    return money_page(
        "contributions.html",
        year,
        insurer=insurer,
        insurers=my_insurers(),
        calls=calls,
        lines=lines,
        called=sum(each.called_cents for each in calls),
        open=sum(each.open_cents for each in calls),
        overdue=sum(each.open_cents for each in calls if each.is_overdue(today)),
        held=[
            pot
            for pot in list_pots(db.session(), year)
            if pot.held and pot.account.insurer in (None, insurer)
        ],
        receipts=list_receipts(db.session(), year, insurer)[:LAST_RECEIPTS],
        withdrawn=list_withdrawn(db.session(), year, insurer),
        WITHDRAWALS=WITHDRAWALS,
        day_of=day_of,
        pot_of=_pot,
        problem=problem,
        exports=[
            (kind.upper(), url_for("funding.export_contributions", kind=kind, year=year, insurer=insurer))
            for kind in (CSV, XLSX)
        ],
    )


def _call_page(form: CallForm, year: int) -> str:
    plan: CallPlan | None = None
    refusal = ""
    names = read_names(db.session())
    form.state.choices = [("", _("every Land that was not called yet")), *names.states.items()]
    try:
        plan = plan_call(db.session(), year, _states(form))
    except RuleBroken as error:
        refusal = error.message
    form.seen.data = str(plan.asked_cents) if plan else ""
    return money_page(
        "call.html",
        year,
        form=form,
        plan=plan,
        refusal=refusal,
        levels=LEVEL_NAMES,
        chosen=form.state.data or "",
    )


def _check_seen(form: CallForm, plan: CallPlan) -> None:
    """Do nothing when what is called is what the page has shown.

    Raises:
        RuleBroken: it is not.
    """
    if form.seen.data != str(plan.asked_cents):
        raise RuleBroken(
            _("The figures have changed in the meantime. Please look at them once more, then call.")
        )


def _cells(call: CallState, names: Names) -> list[Cell]:
    sums = (call.called_cents, call.called_cents - call.open_cents, call.open_cents)
    return [
        call.insurer_name,
        names.state(call.due.state),
        names.level(_pot(call)),
        *map(plain_euros, sums),
        call.due_on,
    ]


def _states(form: CallForm) -> list[str] | None:
    return [form.state.data] if form.state.data else None


def _pot(call: CallState) -> Account:
    return call.due.budget or call.due


def _receipt_choice(call: CallState, pot: str) -> str:
    return _("%(pot)s: %(cents)s € open", pot=pot, cents=euro_text(call.open_cents))


def _account_id(form: ReceiptForm, open_calls: list[CallState]) -> int | None:
    """Answer the account that was chosen.

    Raises:
        BadInput: it is none of those that are open.
    """
    if form.account.data in (None, ALL_OPEN):
        return None
    found = {str(each.account_id): each.account_id for each in open_calls}
    if form.account.data not in found:
        raise BadInput(_("Please choose what is still open."), field="account")
    return found[form.account.data]
