"""Signing in and out, and the page that people start from once they have."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    after_this_request,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from app.accounts import queries, services
from app.accounts.forms import LoginForm, own_path
from app.accounts.guard import get_person, never_store, public, requires
from app.accounts.labels import ROLE_NAMES
from app.accounts.passwords import get_passwords
from app.accounts.rules.email_address import fold_address
from app.accounts.sessions import find_signed_in, sign_in, sign_out
from app.accounts.start_links import list_start_links
from app.shared import clock
from app.shared.extensions import db, limiter
from app.shared.transactions import transaction
from app.shared.visitor_forms import VisitorFormError, check_visitor_form

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue
    from flask_limiter import RequestLimit

    from app.accounts.person import Person

bp = Blueprint("accounts", __name__, template_folder="templates")
FORM_NAME = "login"
ADDRESS_LIMIT = "30 per minute"
"""Tries from one network address; a house with many desks has one."""
ACCOUNT_LIMIT = "10 per 10 minutes"
"""Tries for one account, wherever they come from and whether or not it is there."""


def _account_key() -> str:
    """Answer what tries for one account are counted by: not the address itself, which Redis would keep."""
    address = fold_address(request.form.get("email", ""))
    return hashlib.sha256(f"{current_app.config['SECRET_KEY']}:{address}".encode()).hexdigest()


def _too_many_tries(_limit: RequestLimit) -> Response:
    """Answer the form once more; flask-limiter sends this instead of asking the view."""
    sentence = _("There were too many tries. Please wait ten minutes and try again.")
    return never_store(make_response(_login_page(LoginForm(), problem=sentence), 429))


@bp.get("/accounts/login")
@public
def login() -> ResponseReturnValue:
    """The form to sign in; somebody who is signed in goes on at once."""
    after_this_request(never_store)
    if find_signed_in() is not None:
        return _go_on()
    return _login_page(LoginForm(formdata=None))


@bp.post("/accounts/login")
@public
@limiter.limit(ADDRESS_LIMIT, key_func=get_remote_address, on_breach=_too_many_tries)
@limiter.limit(ACCOUNT_LIMIT, key_func=_account_key, on_breach=_too_many_tries)
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
    sign_in(person)
    return _go_on()


@bp.post("/accounts/logout")
@requires("be_signed_in")
def logout() -> ResponseReturnValue:
    """Sign somebody out: here, or on every device."""
    if "everywhere" in request.form:
        with transaction() as session:
            services.sign_out_everywhere(session, get_person().id)
    sign_out()
    return redirect(url_for("accounts.login", signed_out=1), code=303)


@bp.get("/accounts")
@requires("be_signed_in")
def start() -> ResponseReturnValue:
    """Who somebody is here, and what they can do."""
    person = get_person()
    return render_template(
        "accounts/start.html",
        person=person,
        roles=queries.names_by_role(db.session(), person.id),
        role_names=ROLE_NAMES,
        links=list_start_links(db.session(), person),
    )


def _find_by_password(email: str, password: str) -> Person | None:
    """Answer who this is, their signing in noted; None when address and password do not fit."""
    passwords = get_passwords()
    user_id = services.find_id_by_password(db.session(), email=email, password=password, passwords=passwords)
    if user_id is None:
        return None
    with transaction() as session:
        services.note_sign_in(session, user_id, password=password, passwords=passwords, now=clock.now())
    return queries.find_person(db.session(), user_id)


def _login_page(form: LoginForm, *, problem: str = "") -> str:
    return render_template(
        "accounts/login.html",
        form=form,
        form_name=FORM_NAME,
        problem=problem,
        next_path=own_path(request.args.get("next")),
        is_signed_out="signed_out" in request.args and request.method == "GET",
    )


def _go_on() -> ResponseReturnValue:
    return redirect(own_path(request.args.get("next")) or url_for("accounts.start"), code=303)
