"""Two people sign: asked from the group's page, each by a link of their own, or on paper that staff enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for

from app.accounts.guard import get_person, never_store, public, requires
from app.funding.forms.signing import OnPaperForm, SignersForm
from app.funding.queries.applications import find_earlier, signer_names
from app.funding.queries.assessing import arrival_in_time, arrival_on
from app.funding.services.signing import (
    Linked,
    Signer,
    ask_to_sign,
    find_linked,
    obstacles,
    sign,
    submit_on_paper,
)
from app.funding.views.applying import reasons, to_overview
from app.funding.views.blueprint import bp
from app.funding.views.my_group import Mine, my_round
from app.funding.views.papers import sent_file, takes_papers
from app.groups.meetings.links import LinkOver
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db, limiter
from app.shared.history import LINK, act_as
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.funding.queries.applications import OpenRound
    from app.shared.errors import DomainError
    from app.shared.visitor_forms import VisitorForm

LIMIT = "30 per minute"
ASK_LIMIT = "20 per hour"


def _form_too_large(slug: str, error: RuleBroken) -> str:
    form = OnPaperForm(formdata=None, data={"received_on": day_of(clock.now())})
    form.paper.errors = [error.message]
    return _signing_page(my_round(slug), paper=form)


@bp.route("/accounts/groups/<slug>/funding/sign", methods=["GET", "POST"])
@limiter.limit(ASK_LIMIT, methods=["POST"])
@takes_papers(_form_too_large)
@requires("request_funding")
def signing(slug: str) -> ResponseReturnValue:
    """Check everything once more, and ask two people to sign; staff enter what was signed on paper."""
    mine = my_round(slug)
    if mine.found is None or not mine.found.is_open:
        return to_overview(slug)
    if request.method == "GET":
        return _signing_page(mine)
    if request.form.get("way") == "paper":
        return _on_paper(mine)
    form = SignersForm()
    if not form.validate():
        return _signing_page(mine, form=form), 400
    try:
        with transaction() as session:
            ask_to_sign(
                session,
                mine.group.id,
                mine.round.round,
                [Signer(*each) for each in form.signers()],
                now=clock.now(),
            )
    except (RuleBroken, BadInput) as error:
        _place(form, error)
        return _signing_page(my_round(slug), form=form), 400
    return to_overview(slug, done="asked")


def _on_paper(mine: Mine) -> ResponseReturnValue:
    if not mine.is_staff:
        raise nothing_here()
    form, slug = OnPaperForm(), mine.group.slug
    received_on = form.received_on.data
    if not form.validate() or received_on is None:
        return _signing_page(mine, paper=form), 400
    try:
        with transaction() as session:
            submit_on_paper(
                session,
                mine.group.id,
                mine.round.round,
                [form.signer_1.data or "", form.signer_2.data or ""],
                received_on=received_on,
                posted_on=form.posted_on.data,
                form=sent_file(),
                now=clock.now(),
            )
    except RuleBroken as error:
        error.field = "signer_2" if error.field == "name_2" else error.field
        _place(form, error)
        return _signing_page(my_round(slug), paper=form), 400
    return to_overview(slug, done="submitted")


def _signing_page(mine: Mine, *, form: SignersForm | None = None, paper: OnPaperForm | None = None) -> str:
    found, session = mine.round, db.session()
    if form is None:
        person = get_person()
        known = {
            f"{name}_{each.position}": getattr(each, name)
            for each in found.signatures
            for name in ("name", "email")
        }
        if not known and not mine.is_staff:
            known = {"name_1": person.name, "email_1": person.email}
            known |= _second_of_last_year(session, found, person.name)
        form = SignersForm(formdata=None, data=known)
    today = day_of(clock.now())
    return render_template(
        "funding/apply/sign.html",
        group=mine.group,
        found=found,
        is_staff=mine.is_staff,
        form=form,
        paper=paper or OnPaperForm(formdata=None, data={"received_on": today}),
        shows_paper=paper is not None,
        obstacles=obstacles(session, found),
        standing=arrival_in_time(found, arrival_on(found, today)),
        **reasons(found),
    )


@bp.route("/funding/sign/<token>", methods=["GET", "POST"])
@limiter.limit(LIMIT, methods=["POST"])
@public
def sign_application(token: str) -> ResponseReturnValue:
    """Show the whole request with one button; a POST signs it."""
    after_this_request(never_store)
    try:
        if request.method == "POST":
            act_as(LINK)
            with transaction() as session:
                sign(session, token, now=clock.now())
            return redirect(url_for("funding.sign_application", token=token), code=303)
        return _linked_page(find_linked(db.session(), token))
    except LinkOver as over:
        return render_template("groups/link_over.html", over=over), over.status


def _second_of_last_year(session: Session, found: OpenRound, name: str) -> dict[str, str]:
    """Answer who signed beside somebody the last time; addresses are not kept."""
    earlier = find_earlier(session, found.group.id, before=found.round.year)
    others = [each for each in signer_names(session, earlier.id) if each != name] if earlier else []
    return {"name_2": others[-1]} if others else {}


def _linked_page(linked: Linked) -> str:
    today = day_of(clock.now())
    return render_template(
        "funding/apply/linked.html",
        token=request.view_args["token"] if request.view_args else "",
        signature=linked.signature,
        group=linked.found.group,
        found=linked.found,
        standing=arrival_in_time(linked.found, arrival_on(linked.found, today)),
        **reasons(linked.found),
    )


def _place(form: VisitorForm, error: DomainError) -> None:
    field = form._fields.get(error.field or "")
    if field is None:
        form.form_errors = [*form.form_errors, error.message]
    else:
        field.errors = [*field.errors, error.message]
