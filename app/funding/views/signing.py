"""Two people sign: asked from the group's page, each by a link of their own, or on paper that staff enter."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from flask import Response, after_this_request, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.guard import get_person, never_store, public, requires
from app.funding.forms.application import form_of
from app.funding.forms.signing import OnPaperForm, SignersForm
from app.funding.queries.assessing import arrival_in_time, arrival_on
from app.funding.rules.application import DECLARATIONS
from app.funding.services.papers import (
    MOST_BODY_BYTES,
    add_paper,
    find_paper,
    remove_paper,
    too_large,
)
from app.funding.services.signing import (
    Linked,
    Signer,
    ask_to_sign,
    find_linked,
    obstacles,
    sign,
    submit_on_paper,
)
from app.funding.views.applying import Mine, my_round, page_of, reasons, to_overview
from app.funding.views.blueprint import bp
from app.funding.views.typing import keeps_typed
from app.groups.meetings.links import LinkOver
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db, limiter
from app.shared.history import LINK, act_as
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from app.shared.errors import DomainError
    from app.shared.visitor_forms import VisitorForm

LIMIT = "30 per minute"
ASK_LIMIT = "20 per hour"


@bp.route("/accounts/groups/<slug>/funding/sign", methods=["GET", "POST"])
@limiter.limit(ASK_LIMIT, methods=["POST"])
@keeps_typed
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
                [form.name_1.data or "", form.name_2.data or ""],
                received_on=received_on,
                posted_on=form.posted_on.data,
                now=clock.now(),
            )
    except RuleBroken as error:
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


def _takes_papers(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Let a guarded view be sent more than any other; what is larger still is refused beside the field."""

    @wraps(view)
    def taking(slug: str) -> ResponseReturnValue:
        request.max_content_length = MOST_BODY_BYTES
        try:
            return view(slug)
        except RequestEntityTooLarge:
            return _paper_refused(slug, too_large()), RequestEntityTooLarge.code

    return taking


@bp.post("/accounts/groups/<slug>/funding/papers")
@_takes_papers
@requires("request_funding")
def send_paper(slug: str) -> ResponseReturnValue:
    """Add a paper to the application."""
    mine = my_round(slug)
    if mine.found is None:
        return to_overview(slug)
    sent = request.files.get("paper")
    content = sent.read() if sent is not None else b""
    if sent is None or not content:
        return _paper_refused(slug, RuleBroken(_("Please choose a file first."), field="paper")), 400
    try:
        with transaction() as session:
            add_paper(
                session,
                mine.group.id,
                mine.round.round,
                kind=request.form.get("kind", ""),
                name=sent.filename or "",
                content=content,
                now=clock.now(),
            )
    except RuleBroken as error:
        return _paper_refused(slug, error), 400
    return _to_papers(slug)


@bp.get("/accounts/groups/<slug>/funding/papers/<int:paper_id>")
@requires("request_funding")
def paper(slug: str, paper_id: int) -> ResponseReturnValue:
    """Download a paper; to the list of them when it is there no more."""
    mine = my_round(slug)
    found = find_paper(db.session(), mine.group.id, min(paper_id, 2**31 - 1))
    if found is None:  # somebody has removed it
        return _to_papers(slug)
    response = Response(found.body, content_type=found.content_type)
    ending = ".pdf" if found.content_type.endswith("pdf") else ".jpg"
    stem = found.name.rsplit(".", 1)[0]
    response.headers.set("Content-Disposition", "attachment", filename=f"{stem}{ending}")
    return response


@bp.post("/accounts/groups/<slug>/funding/papers/<int:paper_id>/remove")
@requires("request_funding")
def take_paper_away(slug: str, paper_id: int) -> ResponseReturnValue:
    """Remove a paper from the application."""
    mine = my_round(slug)
    if mine.found is None:
        return to_overview(slug)
    try:
        with transaction() as session:
            remove_paper(session, mine.group.id, mine.round.round, min(paper_id, 2**31 - 1), now=clock.now())
    except RuleBroken as error:
        return _paper_refused(slug, error), 409
    return _to_papers(slug)


def _to_papers(slug: str) -> ResponseReturnValue:
    address = url_for("funding.application_page", slug=slug, page=DECLARATIONS)
    return redirect(f"{address}#papers", code=303)


def _paper_refused(slug: str, error: RuleBroken) -> str:
    mine = my_round(slug)
    if mine.found is None or mine.found.application is None:
        return render_template(
            "funding/apply/overview.html", group=mine.group, found=None, problem=error, **reasons(None)
        )
    form = form_of(DECLARATIONS, mine.round.typed(DECLARATIONS))
    form.form_errors = [*form.form_errors, error.message]
    return page_of(mine, DECLARATIONS, form)


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


def _linked_page(linked: Linked) -> str:
    today = day_of(clock.now())
    return render_template(
        "funding/apply/linked.html",
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
