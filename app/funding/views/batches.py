"""A batch of payments on its page: released by a second person, fetched as a file, sent; or dropped."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import authorize, get_person, requires
from app.funding.models import FundingRegion, PaymentBatch
from app.funding.queries.limits import limit_of
from app.funding.queries.payables import payments_of
from app.funding.queries.payees import payee_names
from app.funding.queries.round_pages import names_of
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.payments import BUILT, DROPPED, RETURNED
from app.funding.services.payment_batches import drop_batch, file_of, mark_sent, mark_unknown, release_batch
from app.funding.services.payment_release import released_on_day
from app.funding.services.payment_results import mark_executed, mark_lost, promise_again
from app.funding.views.blueprint import bp
from app.funding.views.limits import usual_limit_cents
from app.funding.words.payments import BATCH_STATES, PAYMENT_STATES
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.money import euro_words
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

PER_PAGE = 100


@bp.get("/funding/batches/<int:batch_id>")
@requires("pay_awards")
def show_batch(batch_id: int) -> ResponseReturnValue:
    """A batch: how far it has come, and each payment of it."""
    return _page(batch_id)


@bp.post("/funding/batches/<int:batch_id>/release")
@requires("pay_awards")
def release(batch_id: int) -> ResponseReturnValue:
    """Release a batch as a second person; its payments are booked."""
    by = get_person().id
    return _do(batch_id, "released", partial(release_batch, by=by, limit_cents=usual_limit_cents()))


@bp.post("/funding/batches/<int:batch_id>/drop")
@requires("pay_awards")
def drop(batch_id: int) -> ResponseReturnValue:
    """Give a batch up that is not released."""
    return _do(batch_id, "dropped", drop_batch)


@bp.post("/funding/batches/<int:batch_id>/sent")
@requires("pay_awards")
def sent(batch_id: int) -> ResponseReturnValue:
    """Say that the bank has the file."""
    return _do(batch_id, "sent", mark_sent)


@bp.post("/funding/batches/<int:batch_id>/unknown")
@requires("pay_awards")
def unknown(batch_id: int) -> ResponseReturnValue:
    """Say that nobody knows whether the bank has the file."""
    return _do(batch_id, "unknown", mark_unknown)


@bp.post("/funding/batches/<int:batch_id>/executed")
@requires("pay_awards")
def executed(batch_id: int) -> ResponseReturnValue:
    """Say that the statement shows the batch."""
    return _do(batch_id, "executed", mark_executed)


@bp.post("/funding/batches/<int:batch_id>/lost")
@requires("pay_awards")
def lost(batch_id: int) -> ResponseReturnValue:
    """Say as a second person that the bank never got the batch."""
    return _do(batch_id, "lost", partial(mark_lost, by=get_person().id))


@bp.post("/funding/batches/<int:batch_id>/again")
@requires("pay_awards")
def again(batch_id: int) -> ResponseReturnValue:
    """Promise money that came back once more."""
    chosen = request.form.get("payment", type=int)
    mine = {each.id for each in payments_of(db.session(), _mine(batch_id)[0].id)}
    if chosen not in mine:
        return _page(batch_id, problem=_("Please choose a payment that came back.")), 400
    return _do(batch_id, "again", lambda session, _batch, now: promise_again(session, chosen, now=now))


@bp.get("/funding/batches/<int:batch_id>/file")
@requires("pay_awards")
def batch_file(batch_id: int) -> ResponseReturnValue:
    """The file for the bank, the same bytes each time; there is none before the release."""
    batch, _region = _mine(batch_id)
    if batch.state in (BUILT, DROPPED):
        return _page(batch_id, problem=_("Only a batch that is released can be sent.")), RuleBroken.status
    if any(each.state == RETURNED for each in payments_of(db.session(), batch_id)):
        problem = _("Payments of this batch came back or were refused. Its file must not be sent again.")
        return _page(batch_id, problem=problem), RuleBroken.status
    try:
        content = file_of(db.session(), batch)
    except RuleBroken as error:
        return _page(batch_id, problem=error.message), error.status
    name = f"{batch.reference}.xml"
    return Response(
        content,
        mimetype="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _do(batch_id: int, done: str, act: Callable[..., None]) -> ResponseReturnValue:
    _mine(batch_id)
    try:
        with transaction() as session:
            act(session, batch_id, now=clock.now())
    except RuleBroken as error:
        return _page(batch_id, problem=error.message), error.status
    return redirect(url_for("funding.show_batch", batch_id=batch_id, done=done), code=303)


def _mine(batch_id: int) -> tuple[PaymentBatch, FundingRegion]:
    batch = db.session().get(PaymentBatch, batch_id) if batch_id < 2**31 else None
    if batch is None:
        raise nothing_here()
    region = db.session().get_one(FundingRegion, batch.region_id)
    authorize("pay_awards", region_id=region.id, state_ags=region.state_ags)
    return batch, region


def _page(batch_id: int, *, problem: str = "") -> str:
    batch, region = _mine(batch_id)
    session, me = db.session(), get_person().id
    everything = payments_of(session, batch_id)
    pages = max(1, -(-len(everything) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    shown = everything[(page - 1) * PER_PAGE : page * PER_PAGE]
    names = payee_names(session, [a_group(each.group_id) for each in shown])
    by_state = {
        state: [each for each in everything if each.state == state]
        for state in PAYMENT_STATES
        if any(each.state == state for each in everything)
    }
    my_limit = limit_of(session, me, usual_cents=usual_limit_cents())
    return render_template(
        "funding/batch.html",
        batch=batch,
        region=region,
        payments=shown,
        names={payee.id: name for payee, name in names.items()},
        by_state={
            state: (len(found), sum(each.cents for each in found)) for state, found in by_state.items()
        },
        people=names_of(session, {each for each in (batch.made_by, batch.released_by) if each}),
        me=me,
        left_cents=max(0, my_limit - released_on_day(session, me, now=clock.now())),
        page=page,
        pages=pages,
        page_address=lambda number: url_for("funding.show_batch", batch_id=batch_id, page=number),
        problem=problem,
        BATCH_STATES=BATCH_STATES,
        PAYMENT_STATES=PAYMENT_STATES,
        euro_words=euro_words,
        date_words=date_words,
        day_words=lambda at: date_words(day_of(at)),
        ending=lambda iban: f"… {iban[-4:]}" if iban else "–",
    )
