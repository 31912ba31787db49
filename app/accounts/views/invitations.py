"""What somebody sees who was invited: who asks, for what, and two buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import invitations
from app.accounts.forms import ConfirmForm, NewAccountForm
from app.accounts.guard import never_store, public
from app.accounts.labels import ROLE_NAMES
from app.accounts.passwords import get_passwords
from app.accounts.rules.passwords import MIN_LENGTH
from app.accounts.views.blueprint import bp
from app.accounts.views.entering import enter
from app.accounts.views.limits import ADDRESS_LIMIT, limited, status_of
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.history import LINK, act_as
from app.shared.languages import current_language
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.accounts.invitations import ReadInvitation
    from app.shared.visitor_forms import VisitorForm

FORM_NAME = "invitation"


@bp.get("/accounts/invitations/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """The invitation; opening it answers nothing."""
    asked = invitations.read_invitation(db.session(), token, now=clock.now())
    return _page(asked, _form(asked, is_sent=False)) if asked else _over()


@bp.post("/accounts/invitations/<token>")
@public
@limited(ADDRESS_LIMIT, page=lambda sentence: _over(sentence)[0])
def answer_invitation(token: str) -> ResponseReturnValue:
    """Accept, which makes an account if there is none, or decline."""
    now = clock.now()
    asked = invitations.read_invitation(db.session(), token, now=now)
    if asked is None:
        return _over()
    form = ConfirmForm() if "decline" in request.form else _form(asked, is_sent=True)
    status = status_of(form, FORM_NAME)
    if status is not None:
        return _page(asked, form, status=status)
    act_as(LINK)
    if "decline" in request.form:
        with transaction() as session:
            invitations.decline_invitation(session, token, now=now)
        return render_template("accounts/invitation_declined.html")
    try:
        with transaction() as session:
            accepted = invitations.accept_invitation(
                session,
                token,
                name="" if asked.has_account else form["name"].data,
                password=None if asked.has_account else form["password"].data or None,
                passwords=get_passwords(),
                language=current_language(),
                now=now,
            )
    except DomainError as error:
        form.refuse(error)
        return _page(asked, form, status=error.status)
    if accepted is None:
        return _over()
    user_id, is_new = accepted
    # The mail waited in a mailbox for days: for an account that is there, it is no token.
    return enter(user_id) if is_new else redirect(url_for("accounts.start"), code=303)


def _form(asked: ReadInvitation, *, is_sent: bool) -> VisitorForm:
    kind = ConfirmForm if asked.has_account else NewAccountForm
    return kind() if is_sent else kind(formdata=None)


def _page(asked: ReadInvitation, form: VisitorForm, *, status: int = 200) -> tuple[str, int]:
    after_this_request(never_store)
    page = render_template(
        "accounts/invitation.html",
        asked=asked,
        form=form,
        form_name=FORM_NAME,
        role_name=ROLE_NAMES[asked.role],
        least=MIN_LENGTH,
    )
    return page, status


def _over(sentence: str = "") -> tuple[str, int]:
    after_this_request(never_store)
    page = render_template(
        "accounts/link_over.html",
        sentence=sentence
        or _(
            "It was answered or taken back, or it is too old. Please ask whoever invited you to do so again."
        ),
        way_on="",
    )
    return page, 410
