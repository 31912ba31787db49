"""Writing to a group or a clearing house through a form, and answering: for anybody, without an account or a cookie.

No address of a page tells what was written, to whom it went beyond the page's own group, or who wrote.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from flask import after_this_request, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.accounts.guard import never_store, public
from app.clearinghouses.queries import HouseRow, get_by_slug, houses_by_id
from app.groups import queries
from app.groups.contact.conversations import (
    LINK,
    Letter,
    begin_conversation,
    can_be_written_to,
    check_not_too_many,
)
from app.groups.contact.forms import AnswerForm, ContactForm, HouseContactForm
from app.groups.contact.inbox import Asked, take_message, tell_house
from app.groups.contact.receiving import find_end, write_on
from app.groups.models import Conversation, Group
from app.groups.upkeep.queries import find_former
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.errors import BadInput, DomainError, NotFound, RuleBroken
from app.shared.extensions import db, limiter
from app.shared.history import LINK as BY_LINK
from app.shared.history import act_as
from app.shared.languages import current_language
from app.shared.proof import check_proof, use_proof
from app.shared.signed_links import read_link
from app.shared.transactions import transaction
from app.shared.visitor_forms import VisitorFormError, check_visitor_form, is_bot

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.groups.contact.receiving import End
    from app.groups.queries import GroupPage

FORM_NAME = "contact"
ANSWER_FORM_NAME = "contact-answer"
SENDING = "6 per minute;30 per hour"
logger = logging.getLogger("wirkreis.contact")


@bp.route("/groups/<slug>/contact", methods=["GET", "POST"])
@limiter.limit(SENDING, methods=["POST"])
@public
def contact(slug: str) -> ResponseReturnValue:
    """Write to a group, or, where the group wants that, to its clearing house about the group.

    Of a group that pauses or has ended the page says so, and names whom to ask.
    """
    try:
        page = queries.get_group_page(db.session(), slug, now=clock.now())
    except NotFound:
        if find_former(db.session(), slug) is None:
            raise
        return redirect(url_for("groups.show", slug=slug), code=303)
    house = houses_by_id(db.session(), [page.house_id])[page.house_id]
    return _contact_page(house, page=page)


@bp.route("/clearinghouses/<slug>/contact", methods=["GET", "POST"])
@limiter.limit(SENDING, methods=["POST"])
@public
def contact_house(slug: str) -> ResponseReturnValue:
    """Write to a clearing house."""
    return _contact_page(get_by_slug(db.session(), slug), page=None)


@bp.get("/groups/<slug>/contact/sent")
@public
def contact_sent(slug: str) -> ResponseReturnValue:
    """Say that the message has arrived, and what happens next."""
    page = queries.get_group_page(db.session(), slug, now=clock.now())
    house = houses_by_id(db.session(), [page.house_id])[page.house_id]
    return render_template(
        "groups/contact/sent.html", page=page, house=house, to_group=page.contact.is_written_to
    )


@bp.get("/clearinghouses/<slug>/contact/sent")
@public
def contact_house_sent(slug: str) -> ResponseReturnValue:
    """Say that the message has arrived at the house."""
    house = get_by_slug(db.session(), slug)
    return render_template("groups/contact/sent.html", page=None, house=house, to_group=False)


@bp.route("/messages/<token>", methods=["GET", "POST"])
@limiter.limit(SENDING, methods=["POST"])
@public
def message_answer(token: str) -> ResponseReturnValue:
    """Answer a message that was passed on; a GET shows the form and changes nothing."""
    after_this_request(never_store)
    facts = read_link(LINK, token)
    now, session = clock.now(), db.session()
    end = find_end(session, cast("str", facts[0]), now=now) if facts else None
    if end is None:
        return _link_over(is_ours=facts is not None)
    form = AnswerForm() if request.method == "POST" else AnswerForm(formdata=None)
    problem = _problem_of_form(ANSWER_FORM_NAME) if request.method == "POST" else ""
    if request.method == "POST" and not problem and form.validate():
        try:
            if not is_bot():
                _store_answer(cast("list[str]", facts)[0], form.message.data or "")
            return redirect(url_for("groups.message_answered"), code=303)
        except DomainError as error:
            problem = error.message
    body = render_template(
        "groups/contact/answer.html",
        form=form,
        form_name=ANSWER_FORM_NAME,
        problem=problem,
        to=_whom(end),
    )
    session.rollback()  # looking changes nothing
    return body, 400 if request.method == "POST" else 200


@bp.get("/messages/sent")
@public
def message_answered() -> ResponseReturnValue:
    """Say that the answer is on its way."""
    return render_template("groups/contact/answered.html")


def contact_on_house_page(house: HouseRow) -> Markup:
    """Answer the way to write to a clearing house, for its page."""
    return Markup(render_template("groups/contact/_on_house_page.html", house=house))  # noqa: S704 - escaped there


def _contact_page(house: HouseRow, *, page: GroupPage | None) -> ResponseReturnValue:
    to_group = page is not None and page.contact.is_written_to
    kind = ContactForm if to_group else HouseContactForm
    form = kind() if request.method == "POST" else kind(formdata=None)
    problem = proof_error = ""
    status = 200
    if request.method == "POST":
        status = 400
        problem = _problem_of_form(FORM_NAME)
        proof_error = "" if problem else check_proof(FORM_NAME, now=clock.now())
        if form.validate() and not problem and not proof_error:
            try:
                if not is_bot():
                    _store(house, page, form)
                return redirect(_sent_url(house, page), code=303)
            except RuleBroken as error:
                problem, status = error.message, error.status
            except BadInput as error:
                form.email.errors = [error.message]
    body = render_template(
        "groups/contact/write.html",
        page=page,
        house=house,
        to_group=to_group,
        form=form,
        form_name=FORM_NAME,
        problem=problem,
        proof_error=proof_error,
    )
    return body, status


def _problem_of_form(name: str) -> str:
    try:
        check_visitor_form(name)
    except VisitorFormError as error:
        return error.message
    return ""


def _store(house: HouseRow, page: GroupPage | None, form: ContactForm) -> None:
    """Pass the message on to the group, or lay it into the inbox of the house; once for each page that was sent.

    Where the address of the group turns out to be none, the house gets it: nobody's message is lost.
    """
    now = clock.now()
    text, email, name = form.message.data or "", form.email.data or "", form.name.data or ""
    with transaction() as session:
        use_proof(session, now=now)
        check_not_too_many(session, email, now=now)
        if page is not None and page.contact.is_written_to:
            group = session.get_one(Group, page.card.id)
            if can_be_written_to(group):
                letter = Letter(email, name.strip(), text, current_language())
                begin_conversation(session, group, letter, now=now)
                return
        asked = Asked(
            text=text,
            language=current_language(),
            email=email,
            phone=form.phone_number,
            name=name,
            group_id=page.card.id if page is not None else None,
        )
        message = take_message(session, house.id, asked, now=now)
        try:
            tell_house(session, message, now=now)
        except BadInput:
            facts = {"house": house.id}
            logger.warning("message kept, but the house cannot be written to", extra={"facts": facts})


def _store_answer(token: str, text: str) -> None:
    act_as(BY_LINK)
    now = clock.now()
    with transaction() as session:
        end = find_end(session, token, now=now)
        if end is None:
            raise RuleBroken(_("This conversation is over."))
        write_on(session, end, text, now=now)


def _sent_url(house: HouseRow, page: GroupPage | None) -> str:
    if page is None:
        return url_for("groups.contact_house_sent", slug=house.slug)
    return url_for("groups.contact_sent", slug=page.card.slug)


def _whom(end: End) -> str:
    """Answer who reads what this end writes: the name of a group or a house; empty for somebody who asked."""
    about, side = end
    if side == "contact":
        return ""
    if isinstance(about, Conversation):
        return db.session().get_one(Group, about.group_id).name
    return houses_by_id(db.session(), [about.clearinghouse_id])[about.clearinghouse_id].name


def _link_over(*, is_ours: bool) -> ResponseReturnValue:
    message = (
        _("This conversation is over: some weeks after the last message we delete both addresses.")
        if is_ours
        else _("This link is not complete. Please open it from the mail once more, or copy all of it.")
    )
    return render_template("groups/link_over.html", message=message, slug=""), 410 if is_ours else 400
