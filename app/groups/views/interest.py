"""“Is there really no such group?”: leaving interest, confirming it by mail, staying, leaving, answering invitations.

The link itself is the right; a GET changes nothing. What a page says never depends on whether an address is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for

from app.accounts.guard import never_store, public
from app.groups.catalogue import get_catalogue
from app.groups.interest.consents import CURRENT, consent_paragraphs
from app.groups.interest.forms import InterestForm
from app.groups.interest.foundings import answer_invitation, called, find_invited
from app.groups.interest.joining import (
    about_words,
    confirm_interest,
    end_interest,
    enter_interest,
    find_own,
    renew_interest,
)
from app.groups.interest.links import CONFIRM, OUT, RENEW, check_link, interest_token
from app.groups.interest.regions import point_near
from app.groups.interest.shown import ShownInterest, interest_near
from app.groups.meetings.links import LinkOver
from app.groups.meetings.schedules import WALL_CLOCK
from app.groups.models import FoundingInvitation
from app.groups.views.blueprint import bp
from app.places.gazetteer import get_gazetteer
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db, limiter
from app.shared.history import LINK, act_as
from app.shared.transactions import transaction
from app.shared.visitor_forms import VisitorFormError, check_visitor_form, is_bot

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.groups.interest.joining import InterestDraft

FORM_NAME = "interest"


@bp.get("/interest")
@public
def interest() -> ResponseReturnValue:
    """The form, filled in with the topic and the place that were looked for."""
    form = InterestForm(formdata=None, data={"topic": request.args.get("topic", ""), "near": _near()})
    form.offer_choices(db.session())
    return _page(form)


@bp.post("/interest")
@limiter.limit("5 per minute;30 per hour")
@public
def send_interest() -> ResponseReturnValue:
    """Store a wish, or show again what was typed; say the same whether the address was known or not."""
    form = InterestForm()
    if request.form.get("choice"):  # one of several places of the same name
        form.near.data = request.form["choice"][:100]
    form.offer_choices(db.session())
    try:
        check_visitor_form(FORM_NAME)
    except VisitorFormError as error:
        form.form_errors.append(error.message)
        return _page(form), 400
    draft = form.read(db.session())
    if draft is None or not (is_bot() or _enter(form, draft)):
        return _page(form), 400
    way = "phone" if draft.phone else "email"
    return redirect(url_for("groups.interest_sent", way=way), code=303)


@bp.get("/interest/sent")
@public
def interest_sent() -> ResponseReturnValue:
    """Say what happens next."""
    return render_template("groups/interest/sent.html", by_phone=request.args.get("way") == "phone")


@bp.route("/interest/<token>", methods=["GET", "POST"])
@public
def interest_confirm(token: str) -> ResponseReturnValue:
    """Agree, as the owner of the address: a GET asks, a POST does it. Who comes again sees what is stored."""
    return _of_link(CONFIRM, token)


@bp.route("/interest/<token>/renew", methods=["GET", "POST"])
@public
def interest_renew(token: str) -> ResponseReturnValue:
    """Stay on the list: a GET asks, a POST does it."""
    return _of_link(RENEW, token)


@bp.route("/interest/<token>/out", methods=["GET", "POST"])
@public
def interest_out(token: str) -> ResponseReturnValue:
    """Leave the list: a GET asks, a POST does it at once, without a cookie or a look at its origin (RFC 8058)."""
    _by_link()
    try:
        check_link(OUT, token)
    except LinkOver as over:
        return _over(over)
    if request.method == "POST":
        with transaction() as session:
            end_interest(session, token, now=clock.now())
    return render_template("groups/interest/out.html", is_done=request.method == "POST")


@bp.route("/interest/meeting/<token>", methods=["GET", "POST"])
@public
def founding_answer(token: str) -> ResponseReturnValue:
    """Say whether one comes to a founding meeting: a GET asks, a POST notes it; the last answer holds."""
    _by_link()
    now = clock.now()
    try:
        if request.method == "POST":
            with transaction() as session:
                founding, own = find_invited(session, token, now=now)
                answer_invitation(session, founding, own.id, request.form.get("answer", ""), now=now)
        founding, own = find_invited(db.session(), token, now=now)
    except LinkOver as over:
        return _over(over)
    except RuleBroken:  # neither of the two buttons: asked again
        founding, own = find_invited(db.session(), token, now=now)
    invitation = db.session().get(FoundingInvitation, (founding.id, own.id))
    return render_template(
        "groups/interest/meeting.html",
        about=about_words(db.session(), own),
        called=called(db.session(), founding),
        answer=invitation.answer if invitation and invitation.round == founding.round else None,
        wish=request.args.get("wish", ""),
    )


def _of_link(purpose: str, token: str) -> ResponseReturnValue:
    _by_link()
    try:
        if request.method == "POST":
            with transaction() as session:
                own, _about = find_own(session, purpose, token)
                do = confirm_interest if purpose == CONFIRM else renew_interest
                do(session, own, now=clock.now())
        own, about = find_own(db.session(), purpose, token)
    except LinkOver as over:
        return _over(over)
    is_on_list = own.counts_since is not None
    return render_template(
        "groups/interest/own.html",
        about=about,
        name=own.name,
        until=own.expires_at.astimezone(WALL_CLOCK).date(),
        consent=consent_paragraphs(own.consent_version),
        asks=(
            "confirm" if not is_on_list else "renew" if purpose == RENEW and request.method == "GET" else ""
        ),
        out_url=url_for("groups.interest_out", token=interest_token(OUT, own.id, own.email or "")),
    )


def _enter(form: InterestForm, draft: InterestDraft) -> bool:
    """Store what was left; False when the address cannot be written to, which the form then says."""
    try:
        with transaction() as session:
            enter_interest(session, draft, now=clock.now())
    except BadInput as error:
        form.email.errors = [error.message]
        return False
    return True


def _near() -> str:
    """Answer the place that was looked for, by name or by its point."""
    near = request.args.get("near", "")[:100]
    latitude, longitude = (request.args.get(name, type=float) for name in ("lat", "lon"))
    if near or latitude is None or longitude is None:
        return near
    try:
        return point_near(db.session(), latitude, longitude).label
    except ValueError:
        return ""


def _page(form: InterestForm) -> str:
    return render_template(
        "groups/interest/form.html",
        form=form,
        consent=consent_paragraphs(CURRENT),
        known=_known(form),
    )


def _known(form: InterestForm) -> ShownInterest | None:
    """Answer what may be known of the topic and place that the form names."""
    session = db.session()
    topic = get_catalogue(session).by_slug.get(form.topic.data or "")
    place = get_gazetteer(session).resolve(form.near.data or "").match if form.near.data else None
    if topic is None or place is None:
        return None
    return interest_near(session, [topic], place, now=clock.now())[0]


def _by_link() -> None:
    """Afterwards what is done is noted as done by the holder of a link, and no cache keeps the page."""
    act_as(LINK)
    after_this_request(never_store)


def _over(over: LinkOver) -> ResponseReturnValue:
    return render_template("groups/interest/link_over.html", over=over), over.status
