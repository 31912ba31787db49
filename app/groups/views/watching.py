"""“Tell me when a meeting is cancelled”: asking for it, confirming it by mail, and ending it with one click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for

from app.accounts.guard import never_store, public
from app.groups import queries
from app.groups.meetings.date_forms import WatchForm
from app.groups.meetings.links import LinkOver
from app.groups.meetings.watch_links import OUT, read_watch_link
from app.groups.meetings.watching import ask_to_watch, confirm_watch, end_watch, find_asked_group
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.errors import BadInput
from app.shared.extensions import db, limiter
from app.shared.languages import current_language
from app.shared.transactions import transaction
from app.shared.visitor_forms import VisitorFormError, check_visitor_form, is_bot

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

FORM_NAME = "watch"


@bp.get("/groups/<slug>/watch")
@public
def watch(slug: str) -> ResponseReturnValue:
    """The form on a page of its own."""
    page = queries.get_group_page(db.session(), slug, now=clock.now())
    return render_template("groups/watch.html", card=page.card, form=WatchForm(formdata=None), problem="")


@bp.post("/groups/<slug>/watch")
@limiter.limit("5 per minute;30 per hour")
@public
def send_watch(slug: str) -> ResponseReturnValue:
    """Send a mail to the address that asks whether its owner wants this; say the same whether it is known or not."""
    page = queries.get_group_page(db.session(), slug, now=clock.now())
    form, problem = WatchForm(), ""
    try:
        check_visitor_form(FORM_NAME)
    except VisitorFormError as error:
        problem = error.message
    if not problem and form.validate() and (is_bot() or _ask(page.card, form)):
        return redirect(url_for("groups.watch_sent", slug=slug), code=303)
    return render_template("groups/watch.html", card=page.card, form=form, problem=problem), 400


def _ask(card: queries.GroupCard, form: WatchForm) -> bool:
    """Store the wish; False when the address cannot be written to, which the form then says."""
    try:
        with transaction() as session:
            ask_to_watch(session, card, form.email.data or "", language=current_language(), now=clock.now())
    except BadInput as error:
        form.email.errors = [error.message]
        return False
    return True


@bp.get("/groups/<slug>/watch/sent")
@public
def watch_sent(slug: str) -> ResponseReturnValue:
    """Say that a mail is on its way, and what to do with it."""
    page = queries.get_group_page(db.session(), slug, now=clock.now())
    return render_template("groups/watch_sent.html", card=page.card)


@bp.route("/groups/watch/<token>", methods=["GET", "POST"])
@public
def watch_confirm(token: str) -> ResponseReturnValue:
    """Confirm an address: a GET asks, a POST does it. Who comes again reads that it is done."""
    after_this_request(never_store)
    try:
        asked = find_asked_group(db.session(), token)
    except LinkOver as over:
        return render_template("groups/link_over.html", over=over), over.status
    if request.method == "POST":
        with transaction() as session:
            confirm_watch(session, asked.watch_id, now=clock.now())
    is_done = asked.is_confirmed or request.method == "POST"
    return render_template("groups/watch_confirm.html", slug=asked.slug, name=asked.name, is_done=is_done)


@bp.route("/groups/watch/<token>/out", methods=["GET", "POST"])
@public
def watch_out(token: str) -> ResponseReturnValue:
    """End being told: a GET asks, a POST does it at once, without a cookie or a look at its origin (RFC 8058)."""
    after_this_request(never_store)
    try:
        read_watch_link(OUT, token)
    except LinkOver as over:
        return render_template("groups/link_over.html", over=over), over.status
    if request.method == "POST":
        with transaction() as session:
            end_watch(session, token)
    return render_template("groups/watch_out.html", is_done=request.method == "POST")
