"""Setting up the second factor, getting new recovery codes, and switching it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from app.accounts import second_factor
from app.accounts.forms import CodeForm
from app.accounts.guard import get_person, must_have_second_factor, requires
from app.accounts.rules.second_factor import in_groups
from app.accounts.sessions import current_key
from app.accounts.tickets import make_ticket, read_ticket
from app.accounts.views.blueprint import bp
from app.accounts.views.limits import ACCOUNT_LIMIT, limited, this_session
from app.accounts.views.own_account import too_often
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

TICKET = "second-factor"


@bp.get("/accounts/second-factor")
@requires("be_signed_in", before_second_factor=True)
def second_factor_page() -> ResponseReturnValue:
    """The QR code to begin with; or, once it is set up, what there is to do."""
    return _page(CodeForm(formdata=None))


@bp.post("/accounts/second-factor")
@requires("be_signed_in", before_second_factor=True)
@limited(ACCOUNT_LIMIT, by=this_session, page=too_often)
def change_second_factor() -> ResponseReturnValue:
    """Set it up, make new recovery codes, or switch it off; each with a code that is shown at this moment."""
    form = CodeForm()
    secret = _secret()
    if not form.validate():
        return _page(form, secret=secret), 400
    try:
        codes = _change(form.code.data, secret)
    except DomainError as error:
        form.refuse(error)
        return _page(form, secret=secret), error.status
    if codes is None:
        return _page(CodeForm(formdata=None), has_it=False, is_off=True)
    return render_template("accounts/recovery_codes.html", codes=codes)


def _change(code: str, secret: str | None) -> list[str] | None:
    """Answer the recovery codes that hold from now on; None when the second factor is switched off."""
    person, now = get_person(), clock.now()
    with transaction() as session:
        if not person.has_second_factor:
            if secret is None:
                raise second_factor.wrong_code()
            return second_factor.set_up(
                session, person.id, secret=secret, code=code, but_for=current_key(), now=now
            )
        if "off" in request.form and must_have_second_factor(person):
            raise nothing_here()
        if not second_factor.take_code(session, person.id, code, now=now):
            raise second_factor.wrong_code()
        if "off" not in request.form:
            return second_factor.renew_recovery_codes(session, person.id, now=now)
        second_factor.switch_off(session, person.id, now=now)
        return None


def _secret() -> str | None:
    """Answer the secret that the form was made with; None when the form is not ours or too old."""
    facts = read_ticket(TICKET, request.form.get("ticket", ""), now=clock.now())
    return facts[1] if facts and facts[0] == get_person().id else None


def _page(
    form: CodeForm, *, secret: str | None = None, has_it: bool | None = None, is_off: bool = False
) -> str:
    person = get_person()
    has_it = person.has_second_factor if has_it is None else has_it
    secret = secret or second_factor.make_secret()
    return render_template(
        "accounts/second_factor.html",
        form=form,
        has_it=has_it,
        is_off=is_off,
        must_have_it=must_have_second_factor(person),
        secret=in_groups(secret),
        picture="" if has_it else second_factor.picture_of(secret, address=person.email),
        ticket=make_ticket(TICKET, person.id, secret, now=clock.now()),
        codes_left=second_factor.count_recovery_codes(db.session(), person.id),
    )
