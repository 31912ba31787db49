"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import kept_sessions, queries, services
from app.accounts.forms import LoginForm, own_path
from app.accounts.guard import get_person, never_store, public, requires
from app.accounts.passwords import get_passwords
from app.accounts.sessions import find_signed_in, may_use, sign_out
from app.accounts.views.blueprint import bp
from app.accounts.views.entering import enter, go_on
from app.accounts.views.limits import ACCOUNT_LIMIT, ADDRESS_LIMIT, limited, typed_address
from app.shared import clock
from app.shared.extensions import db
from app.shared.history import note
from app.shared.transactions import transaction
from app.shared.visitor_forms import VisitorFormError, check_visitor_form

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.accounts.person import Person

FORM_NAME = "login"


def _too_many_tries(sentence: str) -> str:
    return _login_page(LoginForm(), problem=sentence)


@bp.get("/accounts/login")
@public
def login() -> ResponseReturnValue:
    """The form to sign in; somebody who is signed in goes on at once."""
    after_this_request(never_store)
    if find_signed_in() is not None:
        return go_on()
    return _login_page(LoginForm(formdata=None))


@bp.post("/accounts/login")
@public
@limited(ADDRESS_LIMIT, page=_too_many_tries)
@limited(ACCOUNT_LIMIT, by=typed_address, page=_too_many_tries)
def send_login() -> ResponseReturnValue:
    """Sign somebody in and go on to where they wanted to be."""
    after_this_request(never_store)
    form = LoginForm()
    try:
        check_visitor_form(FORM_NAME)
    except VisitorFormError as error:
        return _login_page(form, problem=error.message), error.status
    if not form.validate():
        return _login_page(form), 400
    person = _find_by_password(form.email.data or "", form.password.data or "")
    if person is None:
        return _login_page(form, problem=_("E-mail address and password do not fit together.")), 400
    return enter(person.id)


@bp.post("/accounts/logout")
@requires("be_signed_in", before_second_factor=True)
def logout() -> ResponseReturnValue:
    """Sign somebody out: here, or on every device."""
    if "everywhere" in request.form:
        with transaction() as session:
            kept_sessions.sign_out_everywhere(session, get_person().id)
            note(session, "account.signed_out_everywhere", now=clock.now(), record_id=get_person().id)
    sign_out()
    return redirect(url_for("accounts.login", signed_out=1), code=303)


def _find_by_password(email: str, password: str) -> Person | None:
    """Answer who this is; None when address and password do not fit."""
    passwords = get_passwords()
    user_id = services.find_id_by_password(db.session(), email=email, password=password, passwords=passwords)
    person = None if user_id is None else queries.find_person(db.session(), user_id)
    if person is None or not may_use(person.email):
        return None
    with transaction() as session:
        services.renew_hash(session, person.id, password=password, passwords=passwords)
    return person


def _login_page(form: LoginForm, *, problem: str = "") -> str:
    return render_template(
        "accounts/login.html",
        form=form,
        form_name=FORM_NAME,
        problem=problem,
        next_path=own_path(request.args.get("next")),
        is_signed_out="signed_out" in request.args and request.method == "GET",
        is_changed="changed" in request.args and request.method == "GET",
    )
