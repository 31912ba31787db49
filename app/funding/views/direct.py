"""Money without a round: promised to clearing houses and organisations, paid, given back, put right."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.funding.forms.money import OrganisationForm, PromiseForm, ReturnForm
from app.funding.queries.payees import (
    PaidTo,
    Step,
    find_step,
    list_awards,
    list_paid,
    list_returns,
    payee_names,
    pot_of_payee,
)
from app.funding.queries.pots import PotState, get_pot, list_pots
from app.funding.queries.year_end import closed_at
from app.funding.rules.euros import euro_text
from app.funding.rules.level_plan import CLEARING_HOUSES
from app.funding.services.direct import (
    LEVELS_OF_DIRECT,
    add_organisation,
    book_return,
    can_be_undone,
    pay_award,
    promise,
    recipients,
    undo,
)
from app.funding.services.ledger import counting_year
from app.funding.views.blueprint import bp
from app.funding.views.money_pages import asked_state, asked_year, is_in, money_page
from app.funding.words.pots import read_names
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, DomainError, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.rules.ledger_accounts import Account


PER_PAGE = 50


@bp.get("/funding/direct")
@requires("grant_directly")
def direct() -> ResponseReturnValue:
    """What was promised without a round, and the pots it can come from."""
    return _list()


@bp.post("/funding/direct")
@requires("grant_directly")
def pay_direct() -> ResponseReturnValue:
    """Book as paid what was promised."""
    year = asked_year()
    asked = request.form.get("entry", type=int)
    award = next((each for each in list_awards(db.session(), year) if each.promise.entry_id == asked), None)
    if award is None:
        return _list(problem=BadInput(_("Please choose what was paid."))), 400
    try:
        with transaction() as session:
            pay_award(session, award, now=clock.now())
    except RuleBroken as error:
        return _list(problem=error), 400
    return redirect(url_for("funding.direct", year=year, state=asked_state(), done="paid"), code=303)


@bp.route("/funding/direct/new", methods=["GET", "POST"])
@requires("grant_directly")
def new_direct() -> ResponseReturnValue:
    """Promise money of a pot; or add an organisation that it can be promised to."""
    pot = _asked_pot()
    if pot is None:
        return redirect(url_for("funding.direct", year=asked_year()), code=303)
    wants_organisation = "name" in request.form
    form = PromiseForm(request.form if request.method == "POST" and not wants_organisation else None)
    adding = OrganisationForm(request.form if wants_organisation else None)
    sent = adding if wants_organisation else form
    if request.method == "POST" and sent.validate():
        try:
            with transaction() as session:
                if wants_organisation:
                    add_organisation(session, adding.name.data or "", pot.account.state, now=clock.now())
                else:
                    _promise(form, pot)
        except (RuleBroken, BadInput) as error:
            sent.refuse(error)
        else:
            done = (
                url_for("funding.new_direct", pot=pot.id, year=pot.account.year, done="added")
                if wants_organisation
                else url_for("funding.direct", year=pot.account.year, done="promised")
            )
            return redirect(done, code=303)
    found = recipients(db.session(), pot.account)
    form.payee.choices = [(f"{payee.kind}:{payee.id}", name) for payee, name in found.items()]
    form.token.data = form.token.data or secrets.token_hex(8)
    page = money_page(
        "promise.html",
        pot.account.year,
        pot=pot,
        form=form,
        adding=adding if pot.account.level != CLEARING_HOUSES else None,
    )
    return page, 400 if sent.errors else 200


@bp.route("/funding/returns", methods=["GET", "POST"])
@requires("grant_directly")
def returns() -> ResponseReturnValue:
    """Book what somebody gives back, and list what came."""
    year, state = asked_year(), asked_state()
    paid = {
        str(each.account_id): each
        for each in list_paid(db.session(), year)
        if state and is_in(each.account, state)
    }
    form = ReturnForm(request.form if request.method == "POST" else request.args)
    form.account.choices = _choices(paid)
    if request.method == "POST" and form.validate():
        try:
            account = _chosen(form, paid)
            with transaction() as session:
                book_return(
                    session,
                    account,
                    form.cents.cents or 0,
                    received_on=form.received_on.day,
                    token=form.token.data or "",
                    now=clock.now(),
                )
        except (RuleBroken, BadInput) as error:
            form.refuse(error)
        else:
            here = url_for("funding.returns", year=year, state=state, done="returned")
            return redirect(here, code=303)
    if request.method == "GET":
        form.received_on.data = day_of(clock.now()).isoformat()
    form.token.data = form.token.data or secrets.token_hex(8)
    came = list_returns(db.session(), year)
    page = money_page(
        "returns.html",
        year,
        form=form,
        state=state,
        paid=paid,
        came=came,
        payees=_payees(came),
        pot_of=pot_of_payee,
    )
    return page, 400 if form.errors else 200


@bp.route("/funding/entries/<int:entry_id>", methods=["GET", "POST"])
@requires("grant_directly")
def entry(entry_id: int) -> ResponseReturnValue:
    """Show an entry about somebody's money, and take it back."""
    step = find_step(db.session(), entry_id)
    if step is None:
        raise nothing_here()
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            with transaction() as session:
                undo(session, step, now=clock.now())
        except RuleBroken as error:
            problem = error
        else:
            return redirect(url_for("funding.entry", entry_id=entry_id, done="undone"), code=303)
    page = money_page(
        "entry.html",
        step.year,
        step=step,
        payee=next(iter(_payees([step]).values()), ""),
        pot=pot_of_payee(step.account),
        closed=closed_at(db.session(), step.year),
        counts_in=counting_year(db.session(), step.year, now=clock.now()),
        can_be_undone=can_be_undone(step),
        problem=problem,
    )
    return page, 400 if problem else 200


def _list(*, problem: DomainError | None = None) -> str:
    year = asked_year()
    pots: dict[str | None, list[PotState | None]] = {}
    for pot in list_pots(db.session(), year):
        if pot.account.insurer is None and pot.account.level in LEVELS_OF_DIRECT:
            column = 1 if pot.account.level == CLEARING_HOUSES else 0
            pots.setdefault(pot.account.state, [None, None])[column] = pot
    state = asked_state()
    awards = [each for each in list_awards(db.session(), year) if is_in(each.pot, state)]
    # What waits to be paid comes first.
    awards.sort(key=lambda each: each.paid is not None or each.promise.reversed_by is not None)
    pages = max(1, -(-len(awards) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return money_page(
        "direct.html",
        year,
        pots=pots,
        awards=awards[(page - 1) * PER_PAGE : page * PER_PAGE],
        state=state,
        page=page,
        pages=pages,
        page_address=lambda number: url_for("funding.direct", year=year, state=state, page=number),
        problem=problem,
    )


def _asked_pot() -> PotState | None:
    number = request.args.get("pot", type=int)
    pot = get_pot(db.session(), number) if number is not None and 0 < number < 2**31 else None
    if pot is None or pot.account.insurer is not None or pot.account.level not in LEVELS_OF_DIRECT:
        return None
    return pot


def _choices(paid: dict[str, PaidTo]) -> list[tuple[str, str]]:
    """Answer who can give something back, as choices."""
    names = read_names(db.session())
    return [
        (
            key,
            _(
                "%(name)s: %(cents)s € paid (%(pot)s)",
                name=each.name,
                cents=euro_text(each.cents),
                pot=names.level(each.account),
            ),
        )
        for key, each in paid.items()
    ]


def _chosen(form: ReturnForm, paid: dict[str, PaidTo]) -> Account:
    """Answer where stands what was paid to whoever gives back.

    Raises:
        BadInput: they were not paid.
    """
    if form.account.data not in paid:
        raise BadInput(_("Please choose somebody who was paid."), field="account")
    return paid[form.account.data].account


def _promise(form: PromiseForm, pot: PotState) -> None:
    session = db.session()
    payee = next(
        (each for each in recipients(session, pot.account) if f"{each.kind}:{each.id}" == form.payee.data),
        None,
    )
    if payee is None:
        raise BadInput(_("Please choose who gets it."), field="payee")
    promise(session, pot.account, payee, form.cents.cents or 0, token=form.token.data or "", now=clock.now())


def _payees(steps: list[Step]) -> dict[int, str]:
    """Answer the name of each entry's payee."""
    names = payee_names(db.session(), [each.account.payee for each in steps if each.account.payee])
    return {each.entry_id: names[each.account.payee] for each in steps if each.account.payee}
