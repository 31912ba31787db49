"""Two people sign: asked from the group's page, each by a link of their own, or on paper that staff enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for

from app.accounts.guard import get_person, never_store, public, requires
from app.funding.forms.signing import OnPaperForm, SignersForm
from app.funding.queries.applications import names_before
from app.funding.queries.assessing import arrival_in_time, arrival_on
from app.funding.queries.project_terms import payers_in
from app.funding.queries.projects import Project
from app.funding.services.papers import MOST_BYTES
from app.funding.services.signable import obstacles
from app.funding.services.signing import (
    Linked,
    Signer,
    ask_to_sign,
    find_linked,
    sign,
    submit_on_paper,
)
from app.funding.views.applying import reasons
from app.funding.views.blueprint import bp
from app.funding.views.my_request import MyRequest, my_request
from app.funding.views.projects import Mine, project_reasons
from app.funding.words.applications import late_words
from app.groups.meetings.links import LinkOver
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db, limiter
from app.shared.history import LINK, act_as
from app.shared.transactions import transaction
from app.shared.uploads import sent_file, takes_file

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.funding.services.signable import Request

LIMIT = "30 per minute"
ASK_LIMIT = "20 per hour"


@bp.route("/accounts/groups/<slug>/funding/sign", methods=["GET", "POST"])
@bp.route("/accounts/groups/<slug>/projects/<int:project_id>/sign", methods=["GET", "POST"])
@limiter.limit(ASK_LIMIT, methods=["POST"])
@takes_file
@requires("request_funding")
def signing(slug: str, project_id: int | None = None) -> ResponseReturnValue:
    """Check everything once more, and ask two people to sign; staff enter what was signed on paper."""
    mine = my_request(slug, project_id)
    if not mine.found.is_open:
        return mine.to_home()
    if request.method == "GET":
        return _signing_page(mine)
    if request.form.get("way") == "paper":
        return _on_paper(mine)
    form = SignersForm()
    if not form.validate():
        return _signing_page(mine, form=form), 400
    try:
        with transaction() as session:
            ask_to_sign(session, mine.found, [Signer(*each) for each in form.signers()], now=clock.now())
    except (RuleBroken, BadInput) as error:
        form.refuse(error)
        return _signing_page(my_request(slug, project_id), form=form), 400
    return mine.to_home("asked")


def _on_paper(mine: MyRequest) -> ResponseReturnValue:
    if not mine.is_staff:
        raise nothing_here()
    form = OnPaperForm()
    received_on = form.received_on.data
    if not form.validate() or received_on is None:
        return _signing_page(mine, paper=form), 400
    try:
        with transaction() as session:
            submit_on_paper(
                session,
                mine.found,
                [form.signer_1.data or "", form.signer_2.data or ""],
                received_on=received_on,
                posted_on=form.posted_on.data,
                form=sent_file("paper", MOST_BYTES),
                now=clock.now(),
            )
    except RuleBroken as error:
        form.refuse(error, beside="signer_2" if error.field == "name_2" else None)
        return _signing_page(my_request(mine.found.group.slug, mine.ids.get("project_id")), paper=form), 400
    return mine.to_home("submitted")


def _signing_page(
    mine: MyRequest, *, form: SignersForm | None = None, paper: OnPaperForm | None = None
) -> str:
    found, session, now = mine.found, db.session(), clock.now()
    if form is None:
        person = get_person()
        known = {
            f"{name}_{each.position}": getattr(each, name)
            for each in found.signatures
            for name in ("name", "email")
        }
        if not known and not mine.is_staff:
            known = {"name_1": person.name, "email_1": person.email}
            others = [name for name in names_before(session, found) if name != person.name]
            known |= {"name_2": others[-1]} if others else {}
        form = SignersForm(formdata=None, data=known)
    return render_template(
        "funding/apply/sign.html",
        mine=mine,
        group=found.group,
        found=found,
        form=form,
        paper=paper or OnPaperForm(formdata=None, data={"received_on": day_of(now)}),
        shows_paper=paper is not None,
        obstacles=obstacles(session, found, now=now),
        late=_late_words(found),
        **mine.shown,
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


def _late_words(found: Request) -> str:
    if isinstance(found, Project):
        return ""
    return late_words(arrival_in_time(found, arrival_on(found, day_of(clock.now()))))


def _linked_page(linked: Linked) -> str:
    found = linked.found
    if isinstance(found, Project):
        project = Mine(found, payers_in(db.session(), found.region))
        shown = {**project_reasons(project), "names": project.names}
    else:
        shown = reasons(found)
    return render_template(
        "funding/apply/linked.html",
        token=request.view_args["token"] if request.view_args else "",
        signature=linked.signature,
        group=found.group,
        found=found,
        is_project=isinstance(found, Project),
        late=_late_words(found),
        **shown,
    )
