"""Awards that are to be paid: which are ready, which wait for what, and the batches that were made of them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for

from app.accounts.guard import get_person, requires
from app.funding.forms.payments import AccountForm, BatchForm, ConfirmForm
from app.funding.iban import read_iban
from app.funding.models import FundingRegion, GrantRound, RegionAccount
from app.funding.queries.payables import Payable, list_batches, list_payables, payable_cents
from app.funding.queries.payee_accounts import accounts_of
from app.funding.queries.payees import payee_names
from app.funding.queries.payment_pages import list_paying_rounds
from app.funding.queries.round_pages import names_of
from app.funding.rules.deadlines import working_day_from
from app.funding.rules.ledger_accounts import a_group
from app.funding.services.payee_accounts import confirm_account, enter_account, set_region_account
from app.funding.services.payment_batches import build_batch
from app.funding.views.blueprint import bp
from app.funding.views.my_rounds import my_region, my_regions, my_request, my_round
from app.funding.words.payments import BATCH_STATES, HELD
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PER_PAGE = 50
HELD_PER_PAGE = 20


@bp.get("/funding/payments")
@requires("pay_awards")
def payments() -> ResponseReturnValue:
    """The rounds of my regions of which awards were posted, with what is open and what waits."""
    session = db.session()
    regions = my_regions("pay_awards")
    return render_template(
        "funding/payments.html",
        rounds=list_paying_rounds(session, regions),
        accounts={each.region_id: each for each in session.scalars(sa.select(RegionAccount))},
        euro_words=euro_words,
    )


@bp.route("/funding/payments/<slug>/<int:year>", methods=["GET", "POST"])
@requires("pay_awards")
def round_payments(slug: str, year: int) -> ResponseReturnValue:
    """The awards of a round that are to be paid; a batch is made of those that can be."""
    found, region = my_round("pay_awards", slug, year)
    if request.method == "GET":
        soon = working_day_from(day_of(clock.now()) + timedelta(days=2))
        return _round_page(found, region, BatchForm(formdata=None, data={"execution_on": soon.isoformat()}))
    form = BatchForm()
    if form.validate():
        try:
            with transaction() as session:
                batch_id = build_batch(
                    session,
                    found.id,
                    execution_on=form.execution_on.day,
                    most_cents=form.most.cents,
                    by=get_person().id,
                    now=clock.now(),
                )
        except (BadInput, RuleBroken) as error:
            form.refuse(error)
        else:
            return redirect(url_for("funding.show_batch", batch_id=batch_id, done="built"), code=303)
    return _round_page(*my_round("pay_awards", slug, year), form), 400


@bp.route("/funding/payments/<slug>/account", methods=["GET", "POST"])
@requires("pay_awards")
def region_account(slug: str) -> ResponseReturnValue:
    """From which account a region pays."""
    region = my_region("pay_awards", slug)
    known = db.session().get(RegionAccount, region.id)
    stored = {"holder": known.name, "iban": read_iban(known.iban).spaced} if known else None
    form = AccountForm() if request.method == "POST" else AccountForm(formdata=None, data=stored)
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                set_region_account(
                    session, region, name=form.holder.data or "", iban=form.iban.data or "", now=clock.now()
                )
        except BadInput as error:
            form.refuse(error)
        else:
            return redirect(url_for("funding.payments", done="account"), code=303)
    page = render_template("funding/region_account.html", region=my_region("pay_awards", slug), form=form)
    return page, 400 if form.errors else 200


@bp.get("/funding/requests/<int:grant_request_id>/account")
@requires("pay_awards")
def payee_account(grant_request_id: int) -> ResponseReturnValue:
    """To which account the award of a request goes, and who has seen that it changed."""
    return _account_page(grant_request_id, AccountForm(formdata=None), ConfirmForm(formdata=None))


@bp.post("/funding/requests/<int:grant_request_id>/account")
@requires("pay_awards")
def change_payee_account(grant_request_id: int) -> ResponseReturnValue:
    """Enter another account; a second person confirms it."""
    row, found, region = my_request("pay_awards", grant_request_id)
    back = url_for("funding.round_payments", slug=region.slug, year=found.year, done="entered")
    form = AccountForm()
    if form.validate():
        try:
            with transaction() as session:
                enter_account(
                    session,
                    found.id,
                    row.group_id,
                    holder=form.holder.data or "",
                    iban=form.iban.data or "",
                    by=get_person().id,
                    now=clock.now(),
                )
        except BadInput as error:
            form.refuse(error)
        else:
            return redirect(back, code=303)
    return _account_page(grant_request_id, form, ConfirmForm(formdata=None)), 400


@bp.post("/funding/requests/<int:grant_request_id>/account/confirm")
@requires("pay_awards")
def confirm_payee_account(grant_request_id: int) -> ResponseReturnValue:
    """Confirm as a second person that the account is right."""
    row, found, region = my_request("pay_awards", grant_request_id)
    back = url_for("funding.round_payments", slug=region.slug, year=found.year, done="confirmed")
    form = ConfirmForm()
    try:
        with transaction() as session:
            confirm_account(
                session,
                found.id,
                row.group_id,
                iban=form.seen.data or "",
                by=get_person().id,
                now=clock.now(),
            )
    except RuleBroken as error:
        form.refuse(error)
        return _account_page(grant_request_id, AccountForm(formdata=None), form), error.status
    return redirect(back, code=303)


def _round_page(found: GrantRound, region: FundingRegion, form: BatchForm) -> str:
    session = db.session()
    payables = list_payables(session, found, on=day_of(clock.now()))
    ready = [each for each in payables if each.held is None]
    held = [each for each in payables if each.held is not None]
    shown, page, pages = _part(ready, "page", PER_PAGE)
    waiting, held_page, held_pages = _part(held, "held", HELD_PER_PAGE)
    batches = list_batches(session, found)
    return render_template(
        "funding/round_payments.html",
        round=found,
        region=region,
        debtor=session.get(RegionAccount, region.id),
        form=form,
        ready=shown,
        ready_count=len(ready),
        ready_cents=sum(each.cents for each in ready),
        held=waiting,
        held_count=len(held),
        held_why=Counter(each.held for each in held),
        held_cents=sum(each.cents for each in held),
        there_cents=payable_cents(session, found),
        names=_names([*shown, *waiting]),
        batches=batches,
        people=names_of(session, {each.made_by for each in batches}),
        page=page,
        pages=pages,
        held_page=held_page,
        held_pages=held_pages,
        page_address=lambda number: url_for(
            "funding.round_payments", slug=region.slug, year=found.year, page=number, held=held_page
        ),
        held_address=lambda number: url_for(
            "funding.round_payments", slug=region.slug, year=found.year, page=page, held=number
        ),
        HELD=HELD,
        BATCH_STATES=BATCH_STATES,
        euro_words=euro_words,
        date_words=date_words,
        ending=lambda iban: f"… {iban[-4:]}",
    )


def _part(payables: list[Payable], asked: str, size: int) -> tuple[list[Payable], int, int]:
    """Answer one page of a list, its number and how many there are."""
    pages = max(1, -(-len(payables) // size))
    page = min(max(1, request.args.get(asked, 1, type=int)), pages)
    return payables[(page - 1) * size : page * size], page, pages


def _account_page(request_id: int, form: AccountForm, confirming: ConfirmForm) -> str:
    row, found, region = my_request("pay_awards", request_id)
    session = db.session()
    account = accounts_of(session, found.id, [row.group_id]).get(row.group_id)
    confirming.seen.data = account.iban if account else ""
    return render_template(
        "funding/payee_account.html",
        row=row,
        round=found,
        region=region,
        name=payee_names(session, [a_group(row.group_id)])[a_group(row.group_id)],
        account=account,
        read=read_iban(account.iban) if account else None,
        enterer=names_of(session, {account.entered_by}).get(account.entered_by)
        if account and account.entered_by
        else None,
        me=get_person().id,
        form=form,
        confirming=confirming,
        day_words=lambda at: date_words(day_of(at)),
    )


def _names(payables: list[Payable]) -> dict[int, str]:
    found = payee_names(db.session(), [a_group(each.group_id) for each in payables])
    return {payee.id: name for payee, name in found.items()}
