"""The inbox of a clearing house at its desk, and the mails that did not get through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.guard import authorize, requires
from app.clearinghouses.desk_house import my_house, my_houses
from app.clearinghouses.models import ClearingHouse
from app.groups.contact import inbox, reading
from app.groups.contact.forms import AnswerForm, HandOverForm
from app.groups.contact.labels import purpose_words
from app.groups.labels import REPORT_REASONS
from app.groups.meetings.managed import LARGEST_ID
from app.groups.models import Group, HouseMessage
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.history import note
from app.shared.retention import days_of
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

PERMISSION = "read_messages"
STATES = {inbox.NEW: _l("Waiting"), inbox.ANSWERED: _l("Answered"), inbox.DONE: _l("Done")}
DONE = {
    "replied": _l("Your answer is on its way."),
    "done": _l("Done. The message will be deleted by itself."),
    "handed": _l("Handed over. The other clearing house has the message now."),
    "reopened": _l("The message waits again."),
    "seen": _l("Noted."),
}


@dataclass(frozen=True, slots=True)
class _Forms:
    answer: AnswerForm
    hand_over: HandOverForm


@bp.get("/desk/messages")
@requires(PERMISSION)
def list_messages() -> ResponseReturnValue:
    """The messages of a house: those that wait the longest first."""
    house, session = my_house(PERMISSION), db.session()
    state = request.args.get("state", inbox.NEW)
    if state not in STATES:
        raise nothing_here()
    return render_template(
        "groups/inbox/list.html",
        house=house,
        houses=my_houses(PERMISSION),
        lines=reading.list_inbox(session, house.id, state),
        counts=reading.count_inbox(session, house.id),
        returned=len(reading.list_returned(session, house.id, seen=False)),
        state=state,
        states=STATES,
        reasons=REPORT_REASONS,
        days=days_of(inbox.DONE_MESSAGES),
        done=_done(),
    )


@bp.get("/desk/messages/<int:message_id>")
@requires(PERMISSION)
def read_message(message_id: int) -> ResponseReturnValue:
    """One message with all that was written about it, and what can be done."""
    message = _my_message(db.session(), message_id)
    return _message_page(message, _Forms(AnswerForm(formdata=None), HandOverForm(formdata=None)))


@bp.post("/desk/messages/<int:message_id>/reply")
@requires(PERMISSION)
def reply_to_message(message_id: int) -> ResponseReturnValue:
    """Send an answer by mail."""
    _my_message(db.session(), message_id)
    form = AnswerForm()
    if form.validate():
        try:
            with transaction() as session:
                message = _my_message(session, message_id)
                inbox.reply(session, message, form.message.data or "", now=clock.now())
                _note(session, "message.answered", message)
            return _back(message_id, "replied")
        except BadInput as error:
            form.message.errors = [error.message]
    message = _my_message(db.session(), message_id)
    return _message_page(message, _Forms(form, HandOverForm(formdata=None))), 400


@bp.post("/desk/messages/<int:message_id>/hand-over")
@requires(PERMISSION)
def hand_message_over(message_id: int) -> ResponseReturnValue:
    """Give the message to another house."""
    house_slug = _house_of(_my_message(db.session(), message_id)).slug
    form = HandOverForm()
    if form.validate():
        try:
            with transaction() as session:
                message = _my_message(session, message_id)
                to_house = reading.get_house_named(session, form.house.data or "")
                _note(session, "message.handed_over", message, to_clearinghouse=to_house.id)
                inbox.hand_over(session, message, to_house, form.note.data or "", now=clock.now())
                _tell(session, message)
            return redirect(url_for("groups.list_messages", house=house_slug, done="handed"), code=303)
        except RuleBroken as error:
            form.house.errors = [error.message]
    message = _my_message(db.session(), message_id)
    return _message_page(message, _Forms(AnswerForm(formdata=None), form)), 400


@bp.post("/desk/messages/<int:message_id>/done")
@requires(PERMISSION)
def finish_message(message_id: int) -> ResponseReturnValue:
    """Mark a message as done; it is deleted some weeks later."""
    with transaction() as session:
        message = _my_message(session, message_id)
        inbox.finish(message, now=clock.now())
        _note(session, "message.done", message)
        slug = _house_of(message).slug
    return redirect(url_for("groups.list_messages", house=slug, done="done"), code=303)


@bp.post("/desk/messages/<int:message_id>/reopen")
@requires(PERMISSION)
def reopen_message(message_id: int) -> ResponseReturnValue:
    """Let a message that was done wait again."""
    with transaction() as session:
        message = _my_message(session, message_id)
        inbox.reopen(message, now=clock.now())
        _note(session, "message.reopened", message)
    return _back(message_id, "reopened")


@bp.get("/desk/mails")
@requires(PERMISSION)
def list_returned_mails() -> ResponseReturnValue:
    """The mails about a house and its groups that did not get through."""
    house, session = my_house(PERMISSION), db.session()
    return render_template(
        "groups/inbox/returned.html",
        house=house,
        houses=my_houses(PERMISSION),
        new=reading.list_returned(session, house.id, seen=False),
        seen=reading.list_returned(session, house.id, seen=True),
        purpose_words=purpose_words,
        done=_done(),
    )


@bp.post("/desk/mails/seen")
@requires(PERMISSION)
def mark_mail_seen() -> ResponseReturnValue:
    """Note that somebody has seen to a mail that did not get through; one that is not there is no mistake."""
    house = my_house(PERMISSION)
    mail_id = request.form.get("mail", 0, type=int)
    house_id, slug = house.id, house.slug
    with transaction() as session:
        if 0 < mail_id <= LARGEST_ID and reading.mark_seen(session, house_id, mail_id, now=clock.now()):
            note(session, "mail.seen", now=clock.now(), record_id=mail_id, clearinghouse_id=house_id)
    return redirect(url_for("groups.list_returned_mails", house=slug, done="seen"), code=303)


def _message_page(message: HouseMessage, forms: _Forms) -> str:
    session = db.session()
    house = _house_of(message)
    return render_template(
        "groups/inbox/message.html",
        house=house,
        message=message,
        group=session.get(Group, message.group_id) if message.group_id else None,
        texts=reading.list_texts(session, message.id),
        reason=REPORT_REASONS.get(message.reason, ""),
        other_houses=reading.list_houses_to_hand_to(session, house.id),
        forms=forms,
        days=days_of(inbox.DONE_MESSAGES),
        done=_done(),
    )


def _my_message(session: Session, message_id: int) -> HouseMessage:
    """Answer a message of the house that somebody works for, locked where it will be changed."""
    is_writing = request.method == "POST"
    found = None
    if message_id <= LARGEST_ID:
        found = session.get(HouseMessage, message_id, with_for_update=is_writing, populate_existing=True)
    if found is None:
        raise nothing_here()
    authorize(PERMISSION, clearinghouse_id=found.clearinghouse_id)
    return found


def _house_of(message: HouseMessage) -> ClearingHouse:
    return db.session().get_one(ClearingHouse, message.clearinghouse_id)


def _tell(session: Session, message: HouseMessage) -> None:
    """Tell the other house by mail; one that cannot be written to finds the message all the same."""
    try:
        inbox.tell_house(session, message, now=clock.now())
    except BadInput:
        return


def _note(session: Session, action: str, message: HouseMessage, **facts: int) -> None:
    note(
        session,
        action,
        now=clock.now(),
        record_id=message.id,
        group_id=message.group_id,
        clearinghouse_id=message.clearinghouse_id,
        **facts,
    )


def _done() -> str:
    return str(DONE.get(request.args.get("done", ""), ""))


def _back(message_id: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("groups.read_message", message_id=message_id, done=done), code=303)
