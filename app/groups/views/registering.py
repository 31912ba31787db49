"""Registering a group in five steps: no account, no cookie; what is typed is found again by the key in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, redirect, render_template, request, url_for

from app.accounts.emails import page_url
from app.accounts.guard import get_person, public, requires
from app.clearinghouses.presentation import card_of
from app.clearinghouses.queries import houses_by_id
from app.groups.catalogue import get_catalogue
from app.groups.listing_columns import refuse
from app.groups.models import Group
from app.groups.registration import drafts
from app.groups.registration.forms import (
    CHECK,
    CONTACT,
    STEPS,
    TOPIC,
    LaterForm,
    form_of,
    typed_in,
)
from app.groups.registration.sending import send_registration
from app.groups.registration.whole import find_house, group_draft, read_whole
from app.groups.views.blueprint import bp
from app.groups.views.registration_pages import (
    asked_for,
    first_open,
    of_draft,
    preview_facts,
    refused,
    step_page,
    step_url,
)
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.extensions import db, limiter
from app.shared.transactions import transaction
from app.shared.visitor_forms import is_bot

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.groups.models import RegistrationDraft
    from app.groups.registration.forms import Typed
    from app.shared.visitor_forms import VisitorForm

BEGIN_LIMIT = "10 per minute;60 per hour"
STEP_LIMIT = "60 per minute"
PREVIEW_LIMIT = "120 per minute"
MAIL_LIMIT = "5 per 10 minutes"


@bp.get("/groups/founding")
@public
def founding() -> ResponseReturnValue:
    """How a group begins, in short, and who helps."""
    return render_template("groups/register/founding.html")


@bp.route("/groups/new", methods=["GET", "POST"])
@limiter.limit(BEGIN_LIMIT, methods=["POST"])
@public
def register() -> ResponseReturnValue:
    """The first step, with nothing stored yet; what is sent with it begins the draft."""
    if request.method == "GET":
        form = form_of(TOPIC, {})
        slug = request.args.get("topic", "")
        if slug in get_catalogue(db.session()).by_slug:
            form["topic"].data = (slug,)
        return step_page("", TOPIC, form, {})
    form = form_of(TOPIC, {}, sent=request.form)
    status = refused(form)
    if status is not None:
        return step_page("", TOPIC, form, {}, status=status)
    if asked_for() == "preview":
        return step_page("", TOPIC, form, {})
    if not form.validate():
        return step_page("", TOPIC, form, {}, status=400)
    if is_bot():
        return redirect(url_for("groups.founding"), code=303)
    with transaction() as session:
        key = drafts.begin(session, now=clock.now())
        drafts.save_step(session, key, TOPIC, typed_in(form), now=clock.now())
    return redirect(step_url(key, STEPS[1]), code=303)


@bp.post("/groups/new/preview")
@limiter.limit(PREVIEW_LIMIT)
@public
def register_preview() -> ResponseReturnValue:
    """The page as it will look with what is typed at this moment; nothing is stored."""
    draft = drafts.find_draft(db.session(), request.form.get("draft", ""))
    typed: Typed = draft.data if draft else {}
    step = request.form.get("step", "")
    if step not in STEPS:
        step = TOPIC
    facts = preview_facts(step, form_of(step, typed, sent=request.form), typed)
    return render_template("groups/register/_preview.html", **facts)


@bp.route("/accounts/groups/new", methods=["GET", "POST"])
@requires("be_signed_in")
def register_signed_in() -> ResponseReturnValue:
    """Begin a draft that is somebody's own: they look after the group as soon as it is sent."""
    if request.method == "GET":
        return render_template("groups/register/signed_in.html")
    person = get_person()
    blank = form_of(CONTACT, {})
    contact = {name: [str(blank[name].data)] for name in ("contact_way", "disclosure")}
    contact |= {"contact_email": [person.email], "contact_name": [person.name]}
    with transaction() as session:
        key = drafts.begin(session, now=clock.now(), user_id=person.id)
        drafts.save_step(session, key, CONTACT, contact, now=clock.now())
    return redirect(step_url(key, TOPIC), code=303)


@bp.route("/groups/new/<token>/topic", methods=["GET", "POST"], defaults={"step": "topic"})
@bp.route("/groups/new/<token>/for-whom", methods=["GET", "POST"], defaults={"step": "for_whom"})
@bp.route("/groups/new/<token>/when", methods=["GET", "POST"], defaults={"step": "when"})
@bp.route("/groups/new/<token>/contact", methods=["GET", "POST"], defaults={"step": "contact"})
@bp.route("/groups/new/<token>/check", methods=["GET", "POST"], defaults={"step": "check"})
@limiter.limit(STEP_LIMIT, methods=["POST"])
@public
@of_draft
def register_step(token: str, draft: RegistrationDraft, step: str) -> ResponseReturnValue:
    """One step: saved whatever it is sent for, left only once it is right, or to go back."""
    typed: Typed = draft.data
    if request.method == "GET":
        return step_page(token, step, form_of(step, typed), typed)
    form = form_of(step, typed, sent=request.form)
    status = refused(form)
    if status is not None or is_bot():
        return step_page(token, step, form, typed, status=status or 400)
    sent = typed_in(form)
    with transaction() as session:
        drafts.save_step(session, token, step, sent, now=clock.now())
    typed = {**typed, step: sent}
    asked = asked_for()
    if asked == "back":
        return redirect(step_url(token, STEPS[max(STEPS.index(step) - 1, 0)]), code=303)
    if asked == "later":
        return redirect(url_for("groups.register_later", token=token, at=step), code=303)
    if asked == "preview" or not form.validate():
        return step_page(token, step, form, typed, status=200 if asked == "preview" else 400)
    if step != CHECK:
        return redirect(step_url(token, STEPS[STEPS.index(step) + 1]), code=303)
    return _send(token, form, typed)


def _send(token: str, form: VisitorForm, typed: Typed) -> ResponseReturnValue:
    """Store the group and lead on; what another step still lacks is said here."""
    whole, now = read_whole(typed), clock.now()
    house = find_house(db.session(), whole.where) if whole.where else None
    if whole.problems() or house is None:
        return step_page(token, CHECK, form, typed, status=400)
    draft = group_draft(
        whole.columns,
        forms=whole,
        clearinghouse_id=house.id,
        consents=whole.consents,
        consented_at=now,
        now=now,
    )
    try:
        with transaction() as session:
            send_registration(
                session,
                token,
                draft,
                house=house,
                consents=whole.consents,
                url_of=lambda key: page_url(f"/accounts/invitations/{key}"),
                login_url=page_url("/accounts/login"),
                now=now,
            )
    except DomainError as error:
        refuse(form, error)
        return step_page(token, CHECK, form, typed, status=error.status)
    return redirect(url_for("groups.registered", token=token), code=303)


@bp.get("/groups/new/<token>/done")
@public
@of_draft
def registered(token: str, draft: RegistrationDraft) -> ResponseReturnValue:
    """Say that the group has arrived, who reviews it, and what happens next."""
    group = db.session().get(Group, draft.group_id) if draft.group_id else None
    if group is None:
        return redirect(step_url(token, first_open(draft.data)), code=303)
    house = houses_by_id(db.session(), [group.clearinghouse_id])[group.clearinghouse_id]
    return render_template(
        "groups/register/done.html",
        group=group,
        house_card_of=card_of(house, clock.now()),
        has_account=draft.user_id is not None,
    )


@bp.route("/groups/new/<token>/later", methods=["GET", "POST"])
@limiter.limit(MAIL_LIMIT, methods=["POST"])
@public
@of_draft
def register_later(token: str, draft: RegistrationDraft) -> ResponseReturnValue:
    """The link to go on with: to copy, and by mail for whoever wants that."""
    form, status, sent = LaterForm(), 200, False
    at = request.args.get("at", "")
    back = step_url(token, at if at in STEPS else first_open(draft.data))
    url = current_app.config["WIRKREIS"].public_url + back
    if request.method == "POST":
        status = refused(form) or (200 if form.validate() else 400)
        if not form.errors and not is_bot():
            try:
                with transaction() as session:
                    drafts.mail_link(session, form.email.data or "", url, now=clock.now())
            except DomainError as error:
                form.email.errors, status = [error.message], error.status
        sent = not form.errors
    return render_template(
        "groups/register/later.html", form=form, url=url, back=back, sent=sent, days=drafts.kept_days()
    ), status
