"""The last steps of signing in, however it began: the code of the second factor where there is one, the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from app.accounts import queries, second_factor
from app.accounts.forms import CodeForm, own_path
from app.accounts.guard import never_store, public
from app.accounts.sessions import may_use, sign_in
from app.accounts.tickets import make_ticket, read_ticket
from app.accounts.views.blueprint import bp
from app.accounts.views.limits import ACCOUNT_LIMIT, ADDRESS_LIMIT, limited, marked, status_of
from app.shared import clock
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.accounts.person import Person

FORM_NAME = "second-factor"
TICKET = "sign-in"
_FIELD = "ticket"


def enter(user_id: int) -> ResponseReturnValue:
    """Sign somebody in who has shown who they are, or ask for the code first; then on to where they wanted to be."""
    person = queries.find_person(db.session(), user_id)
    if person is None or not may_use(person.email):
        return redirect(url_for("accounts.login"), code=303)
    if person.has_second_factor:
        ticket = make_ticket(TICKET, person.id, person.session_version, now=clock.now())
        return _code_page(CodeForm(formdata=None), ticket)
    sign_in(person)
    return go_on()


def go_on() -> ResponseReturnValue:
    """Lead to the page that somebody wanted to open before they had to sign in, else to the start page."""
    return redirect(own_path(request.args.get("next")) or url_for("accounts.start"), code=303)


def _ticket_holder() -> str:
    """Answer what tries at codes are counted by: the account, wherever they come from and however often it began."""
    facts = read_ticket(TICKET, request.form.get(_FIELD, ""), now=clock.now())
    return marked(f"code:{facts[0]}") if facts else get_remote_address()


def _too_many(sentence: str) -> str:
    form = CodeForm()
    form.form_errors.append(sentence)
    return _code_page(form, request.form.get(_FIELD, ""))


@bp.get("/accounts/login/code")
@public
def code() -> ResponseReturnValue:
    """Whoever comes here without the first step begins with it."""
    return _code_page(CodeForm(formdata=None), "", is_over=True)


@bp.post("/accounts/login/code")
@public
@limited(ADDRESS_LIMIT, page=_too_many)
@limited(ACCOUNT_LIMIT, by=_ticket_holder, page=_too_many)
def send_code() -> ResponseReturnValue:
    """Take the code and sign somebody in."""
    after_this_request(never_store)
    ticket = request.form.get(_FIELD, "")
    form = CodeForm()
    status = status_of(form, FORM_NAME)
    person = _find_person(ticket)
    if person is None:
        form.form_errors.append(_("That took too long."))
        return _code_page(form, "", is_over=True), 400
    if status is not None:
        return _code_page(form, ticket), status
    with transaction() as session:
        is_right = second_factor.take_code(session, person.id, form.code.data, now=clock.now())
    if not is_right:
        form.refuse(second_factor.wrong_code())
        return _code_page(form, ticket), 400
    sign_in(person)
    return go_on()


def _find_person(ticket: str) -> Person | None:
    """Answer who began to sign in; None when that is too long ago, or their password changed since."""
    facts = read_ticket(TICKET, ticket, now=clock.now())
    person = queries.find_person(db.session(), facts[0]) if facts else None
    if person is None or not facts or person.session_version != facts[1] or not may_use(person.email):
        return None
    return person


def _code_page(form: CodeForm, ticket: str, *, is_over: bool = False) -> str:
    after_this_request(never_store)
    return render_template(
        "accounts/code.html",
        form=form,
        form_name=FORM_NAME,
        ticket=ticket,
        is_over=is_over,
        next_path=own_path(request.args.get("next")),
    )
