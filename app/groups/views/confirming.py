"""Once a year, one tap: the page behind the link in the mail that asks whether a listing is still right.

The link itself is the right, and unguessable; nobody signs in, no cookie is set. Only a POST does anything, as programs
that check mails follow every link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for

from app.accounts.guard import never_store, public
from app.groups import queries
from app.groups.meetings.drafts import refuse
from app.groups.meetings.links import LinkOver
from app.groups.upkeep.forms import ClosingForm, PauseForm
from app.groups.upkeep.links import LinkedGroup, find_linked_group
from app.groups.upkeep.listed_facts import listed_facts
from app.groups.upkeep.services import close_group, confirm_group, lock, pause_group
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.extensions import db, limiter
from app.shared.history import LINK, act_as
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PAUSE, CLOSE = "pause", "close"
LIMIT = "30 per minute"


@bp.get("/groups/confirm/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """Show what is listed, with the button that confirms it, and the ways to pause and to close."""
    after_this_request(never_store)
    try:
        linked = find_linked_group(db.session(), token, now=clock.now())
    except LinkOver as over:
        return _over(over)
    return _page(
        linked, PauseForm(formdata=None), ClosingForm(formdata=None), wish=request.args.get("wish", "")
    )


@bp.post("/groups/confirm/<token>")
@limiter.limit(LIMIT)
@public
def send_confirm(token: str) -> ResponseReturnValue:
    """Confirm the group, let it pause, or close it; a link that was used already changes nothing more."""
    after_this_request(never_store)
    does = request.form.get("does", "")
    pausing, closing = PauseForm(), ClosingForm()
    form = closing if does == CLOSE else pausing
    is_right = does not in {PAUSE, CLOSE} or form.validate()
    try:
        linked = find_linked_group(db.session(), token, now=clock.now())
        if is_right:
            _do(token, does, pausing, closing)
            return redirect(url_for("groups.confirm", token=token), code=303)
    except LinkOver as over:
        return _over(over)
    except RuleBroken as error:
        refuse(form, error)
        linked = find_linked_group(db.session(), token, now=clock.now())
    return _page(linked, pausing, closing, wish=does), 400


def _do(token: str, does: str, pausing: PauseForm, closing: ClosingForm) -> None:
    """Do it, unless somebody was quicker: the group is kept from others while the link is read again."""
    now = clock.now()
    act_as(LINK)
    with transaction() as session:
        group_id = find_linked_group(session, token, now=now).group.id
        lock(session, group_id)
        if not find_linked_group(session, token, now=now).is_open:
            return
        if does == PAUSE:
            pause_group(session, group_id, resumes_on=pausing.resumes_on.data, now=now)
        elif does == CLOSE:
            close_group(session, group_id, reason=closing.reason.data or "", now=now, tells_house=True)
        else:
            confirm_group(session, group_id, now=now)


def _page(linked: LinkedGroup, pausing: PauseForm, closing: ClosingForm, *, wish: str) -> str:
    group = linked.group
    page = queries.get_group_page(db.session(), group.slug, now=clock.now()) if group.is_listed else None
    return render_template(
        "groups/confirm.html",
        group=group,
        absence=linked.absence,
        is_open=linked.is_open,
        rows=listed_facts(page) if page else [],
        pausing=pausing,
        closing=closing,
        wish=wish,
    )


def _over(over: LinkOver) -> ResponseReturnValue:
    """Answer a link that holds no longer with a sentence and a way on."""
    return render_template("groups/link_over.html", over=over), over.status
