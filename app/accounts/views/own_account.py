"""What somebody changes of their own account: the password, the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import address_changes, services
from app.accounts.emails import page_url
from app.accounts.forms import ChangeAddressForm, ChangePasswordForm, ConfirmForm
from app.accounts.guard import get_person, never_store, public, requires
from app.accounts.passwords import get_passwords
from app.accounts.rules.passwords import MIN_LENGTH
from app.accounts.sessions import current_key
from app.accounts.views.blueprint import bp
from app.accounts.views.limits import ACCOUNT_LIMIT, ADDRESS_LIMIT, limited, status_of, this_session
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.history import LINK, act_as
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

CONFIRM_FORM = "confirm-address"


def too_often(sentence: str) -> str:
    """Answer the page that says so to somebody who is signed in."""
    return render_template("errors/error.html", status=429, heading=_("Too many tries"), message=sentence)


@bp.get("/accounts/password")
@requires("be_signed_in")
def password() -> ResponseReturnValue:
    """The form for another password."""
    return _password_page(ChangePasswordForm(formdata=None))


@bp.post("/accounts/password")
@requires("be_signed_in")
@limited(ACCOUNT_LIMIT, by=this_session, page=too_often)
def change_password() -> ResponseReturnValue:
    """Change the password; every other session ends."""
    form = ChangePasswordForm()
    if not form.validate():
        return _password_page(form), 400
    person, passwords = get_person(), get_passwords()
    try:
        with transaction() as session:
            services.check_own_password(
                session, person.id, password=form.present_password.data or "", passwords=passwords
            )
            services.change_password(
                session,
                person.id,
                password=form.password.data,
                passwords=passwords,
                now=clock.now(),
                but_for=current_key(),
            )
    except DomainError as error:
        form.refuse(error)
        return _password_page(form), error.status
    return redirect(url_for("accounts.password", changed=1), code=303)


@bp.get("/accounts/email")
@requires("be_signed_in")
def email() -> ResponseReturnValue:
    """The form for another address, and how far a change has come."""
    return _email_page(ChangeAddressForm(formdata=None))


@bp.post("/accounts/email")
@requires("be_signed_in")
@limited(ACCOUNT_LIMIT, by=this_session, page=too_often)
def change_email() -> ResponseReturnValue:
    """Ask both mailboxes whether the address may change, or take the question back."""
    person = get_person()
    if "withdraw" in request.form:
        with transaction() as session:
            address_changes.withdraw_change(session, person.id, now=clock.now())
        return redirect(url_for("accounts.email"), code=303)
    form = ChangeAddressForm()
    if not form.validate():
        return _email_page(form), 400
    try:
        with transaction() as session:
            services.check_own_password(
                session, person.id, password=form.present_password.data or "", passwords=get_passwords()
            )
            address_changes.ask_for_address(
                session,
                person.id,
                email=form.email.data,
                url_of=lambda token: page_url(f"/accounts/email/{token}"),
                now=clock.now(),
            )
    except DomainError as error:
        form.refuse(error)
        return _email_page(form), error.status
    return redirect(url_for("accounts.email"), code=303)


@bp.get("/accounts/email/<token>")
@public
def confirm_email(token: str) -> ResponseReturnValue:
    """The button with which a mailbox says yes."""
    return _confirm_page(token, ConfirmForm(formdata=None))


@bp.post("/accounts/email/<token>")
@public
@limited(ADDRESS_LIMIT, page=too_often)
def finish_confirming_email(token: str) -> ResponseReturnValue:
    """Note that a mailbox has said yes; with both the address is changed."""
    form = ConfirmForm()
    status = status_of(form, CONFIRM_FORM)
    if status is not None:
        return _confirm_page(token, form, status=status)
    after_this_request(never_store)
    act_as(LINK)
    try:
        with transaction() as session:
            is_changed = address_changes.confirm_address(session, token, now=clock.now())
    except DomainError as error:
        form.refuse(error)
        return _confirm_page(token, form, status=error.status)
    if is_changed is None:
        return _over(), 410
    return render_template("accounts/address_confirmed.html", is_changed=is_changed)


def _password_page(form: ChangePasswordForm) -> str:
    return render_template(
        "accounts/password.html",
        form=form,
        least=MIN_LENGTH,
        has_password=services.has_password(db.session(), get_person().id),
        is_changed="changed" in request.args and request.method == "GET",
    )


def _email_page(form: ChangeAddressForm) -> str:
    person = get_person()
    return render_template(
        "accounts/email.html",
        form=form,
        person=person,
        has_password=services.has_password(db.session(), person.id),
        asked=address_changes.find_change(db.session(), person.id, now=clock.now()),
    )


def _confirm_page(token: str, form: ConfirmForm, *, status: int = 200) -> ResponseReturnValue:
    after_this_request(never_store)
    address = address_changes.find_new_address(db.session(), token, now=clock.now())
    if address is None:
        return _over(), 410
    page = render_template(
        "accounts/confirm_address.html", form=form, form_name=CONFIRM_FORM, address=address
    )
    return page, status


def _over() -> str:
    return render_template(
        "accounts/link_over.html",
        sentence=_("It was used, or it is too old, or a part of it is missing."),
        way_on=url_for("accounts.email"),
    )
