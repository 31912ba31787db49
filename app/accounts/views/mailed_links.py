"""Making an account, signing in and choosing a new password by a link that is mailed.

Whoever asks is told the same whether or not there is an account. Opening a link changes nothing, since programs that
look at mails open them too: the button on its page does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import links, queries, services
from app.accounts.emails import page_url
from app.accounts.forms import AddressForm, ConfirmForm, NewAccountForm, NewPasswordForm
from app.accounts.guard import never_store, public
from app.accounts.links import RESET, SIGN_IN, SIGN_UP
from app.accounts.passwords import get_passwords
from app.accounts.rules.passwords import MIN_LENGTH
from app.accounts.sessions import may_use
from app.accounts.views.blueprint import bp
from app.accounts.views.entering import enter
from app.accounts.views.limits import ADDRESS_LIMIT, MAIL_LIMIT, limited, status_of, typed_address
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.history import LINK, act_as
from app.shared.languages import current_language
from app.shared.transactions import transaction
from app.shared.visitor_forms import is_bot

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.shared.visitor_forms import VisitorForm

ASK_FORM = "ask-for-link"
LINK_FORM = "mailed-link"


def _ask_again(sentence: str) -> str:
    form = AddressForm()
    form.form_errors.append(sentence)
    return _ask_page(form, (request.view_args or {})["purpose"])


@bp.get("/accounts/signup", defaults={"purpose": SIGN_UP})
@bp.get("/accounts/link", defaults={"purpose": SIGN_IN})
@bp.get("/accounts/reset", defaults={"purpose": RESET})
@public
def ask_link(purpose: str) -> ResponseReturnValue:
    """The form for an address to which a link is mailed."""
    return _ask_page(AddressForm(formdata=None), purpose)


@bp.post("/accounts/signup", defaults={"purpose": SIGN_UP})
@bp.post("/accounts/link", defaults={"purpose": SIGN_IN})
@bp.post("/accounts/reset", defaults={"purpose": RESET})
@public
@limited(ADDRESS_LIMIT, page=_ask_again)
@limited(MAIL_LIMIT, by=typed_address, page=_ask_again)
def send_link(purpose: str) -> ResponseReturnValue:
    """Mail a link, or a word on why there is none."""
    form = AddressForm()
    status = status_of(form, ASK_FORM)
    if status is None and not is_bot():
        try:
            with transaction() as session:
                links.send_link(
                    session,
                    purpose,
                    email=form.email.data,
                    url_of=lambda token: page_url(_path_of_link(purpose, token)),
                    may_use=may_use,
                    now=clock.now(),
                )
        except DomainError as error:
            form.refuse(error)
            status = error.status
    if status is not None:
        return _ask_page(form, purpose), status
    return redirect(url_for("accounts.link_sent", purpose=purpose), code=303)


@bp.get("/accounts/signup/sent", defaults={"purpose": SIGN_UP})
@bp.get("/accounts/link/sent", defaults={"purpose": SIGN_IN})
@bp.get("/accounts/reset/sent", defaults={"purpose": RESET})
@public
def link_sent(purpose: str) -> ResponseReturnValue:
    """Say where to look now."""
    return render_template("accounts/link_sent.html", purpose=purpose)


@bp.get("/accounts/signup/<token>")
@public
def sign_up(token: str) -> ResponseReturnValue:
    """The form with which an account is made."""
    return _link_page(SIGN_UP, token, NewAccountForm(formdata=None))


@bp.post("/accounts/signup/<token>")
@public
@limited(ADDRESS_LIMIT, page=lambda sentence: _over(SIGN_UP, sentence))
def finish_sign_up(token: str) -> ResponseReturnValue:
    """Make the account and sign in."""
    form = NewAccountForm()
    status = status_of(form, LINK_FORM)
    if status is not None:
        return _link_page(SIGN_UP, token, form, status=status)
    now = clock.now()
    act_as(LINK)
    try:
        with transaction() as session:
            address = links.use_link(session, SIGN_UP, token, now=now)
            if address is None:
                return _over(SIGN_UP), 410
            user_id = services.create_user(
                session,
                email=address,
                name=form.name.data,
                password=form.password.data or None,
                passwords=get_passwords(),
                now=now,
                language=current_language(),
            )
    except DomainError as error:
        form.refuse(error)
        return _link_page(SIGN_UP, token, form, status=error.status)
    return enter(user_id)


@bp.get("/accounts/link/<token>")
@public
def sign_in_by_link(token: str) -> ResponseReturnValue:
    """The button with which somebody signs in."""
    return _link_page(SIGN_IN, token, ConfirmForm(formdata=None))


@bp.post("/accounts/link/<token>")
@public
@limited(ADDRESS_LIMIT, page=lambda sentence: _over(SIGN_IN, sentence))
def finish_sign_in_by_link(token: str) -> ResponseReturnValue:
    """Sign somebody in."""
    form = ConfirmForm()
    status = status_of(form, LINK_FORM)
    if status is not None:
        return _link_page(SIGN_IN, token, form, status=status)
    with transaction() as session:
        address = links.use_link(session, SIGN_IN, token, now=clock.now())
    user = queries.find_user(db.session(), address) if address else None
    return enter(user.id) if user else (_over(SIGN_IN), 410)


@bp.get("/accounts/reset/<token>")
@public
def choose_password(token: str) -> ResponseReturnValue:
    """The form for a new password."""
    return _link_page(RESET, token, NewPasswordForm(formdata=None))


@bp.post("/accounts/reset/<token>")
@public
@limited(ADDRESS_LIMIT, page=lambda sentence: _over(RESET, sentence))
def finish_choosing_password(token: str) -> ResponseReturnValue:
    """Change the password and end all sessions; then one signs in with it."""
    form = NewPasswordForm()
    status = status_of(form, LINK_FORM)
    if status is not None:
        return _link_page(RESET, token, form, status=status)
    now = clock.now()
    act_as(LINK)
    try:
        with transaction() as session:
            address = links.use_link(session, RESET, token, now=now)
            user = queries.find_user(session, address) if address else None
            if user is None:
                return _over(RESET), 410
            services.change_password(
                session, user.id, password=form.password.data, passwords=get_passwords(), now=now
            )
    except DomainError as error:
        form.refuse(error)
        return _link_page(RESET, token, form, status=error.status)
    return redirect(url_for("accounts.login", changed=1), code=303)


def _ask_page(form: VisitorForm, purpose: str) -> str:
    return render_template("accounts/ask_link.html", form=form, form_name=ASK_FORM, purpose=purpose)


def _link_page(purpose: str, token: str, form: VisitorForm, *, status: int = 200) -> ResponseReturnValue:
    """Answer the page of a link, with its form; one that no longer works says so."""
    after_this_request(never_store)
    address = links.find_link(db.session(), purpose, token, now=clock.now())
    if address is None:
        return _over(purpose), 410
    page = render_template(
        f"accounts/{purpose}.html", form=form, form_name=LINK_FORM, address=address, least=MIN_LENGTH
    )
    return page, status


def _over(purpose: str, sentence: str = "") -> str:
    """Answer the page of a link that no longer works, and where to get another one."""
    after_this_request(never_store)
    return render_template(
        "accounts/link_over.html",
        sentence=sentence or _("It was used, or it is too old, or a part of it is missing."),
        way_on=url_for("accounts.ask_link", purpose=purpose),
    )


def _path_of_link(purpose: str, token: str) -> str:
    """Answer the path of a link from the root; the language is put before it by ``page_url``."""
    names = {SIGN_UP: "signup", SIGN_IN: "link", RESET: "reset"}
    return f"/accounts/{names[purpose]}/{token}"
