"""What somebody may do with their own data: read all of it, put name and language right, be erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import erasing, my_data, services
from app.accounts.forms import EraseForm, OwnAccountForm
from app.accounts.guard import get_person, requires
from app.accounts.passwords import get_passwords
from app.accounts.sessions import sign_out
from app.accounts.views.blueprint import bp
from app.accounts.views.limits import ACCOUNT_LIMIT, limited, this_session
from app.accounts.views.own_account import too_often
from app.shared import clock
from app.shared.errors import DomainError
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/accounts/data")
@requires("be_signed_in", before_second_factor=True)
def own_data() -> ResponseReturnValue:
    """What is held about somebody, and what they can do about it."""
    person = get_person()
    form = OwnAccountForm(formdata=None, data={"name": person.name, "language": person.language})
    return _page(form)


@bp.post("/accounts/data")
@requires("be_signed_in", before_second_factor=True)
def change_own_account() -> ResponseReturnValue:
    """Change name and language."""
    form = OwnAccountForm()
    if not form.validate():
        return _page(form), 400
    with transaction() as session:
        services.change_account(
            session,
            get_person().id,
            name=form["name"].data or "",
            language=form.language.data,
            now=clock.now(),
        )
    return redirect(url_for("accounts.own_data", saved=1), code=303)


@bp.get("/accounts/data/download")
@requires("be_signed_in", before_second_factor=True)
@limited(ACCOUNT_LIMIT, by=this_session, page=too_often)
def download_own_data() -> ResponseReturnValue:
    """Everything about somebody, as JSON."""
    found = my_data.collect_data(db.session(), get_person().id, now=clock.now())
    answer = Response(orjson.dumps(found, option=orjson.OPT_INDENT_2), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="wirkreis.json"'
    return answer


@bp.get("/accounts/data/erase")
@requires("be_signed_in", before_second_factor=True)
def ask_to_erase() -> ResponseReturnValue:
    """Ask whether somebody really wants to be erased."""
    return _erase_page(EraseForm(formdata=None))


@bp.post("/accounts/data/erase")
@requires("be_signed_in", before_second_factor=True)
@limited(ACCOUNT_LIMIT, by=this_session, page=too_often)
def erase() -> ResponseReturnValue:
    """Erase the account and sign out."""
    form, person = EraseForm(), get_person()
    if not form.validate():
        return _erase_page(form), 400
    try:
        with transaction() as session:
            services.check_own_password(
                session, person.id, password=form.present_password.data or "", passwords=get_passwords()
            )
            erasing.erase_account(session, person.id, now=clock.now())
    except DomainError as error:
        form.refuse(error)
        return _erase_page(form), error.status
    sign_out()
    return render_template("accounts/erased.html", heading=_("Your account is erased"))


def _page(form: OwnAccountForm) -> str:
    return render_template(
        "accounts/my_data.html",
        form=form,
        person=get_person(),
        is_saved="saved" in request.args and request.method == "GET",
    )


def _erase_page(form: EraseForm) -> str:
    person = get_person()
    return render_template(
        "accounts/erase.html",
        form=form,
        has_password=services.has_password(db.session(), person.id),
        left_alone=erasing.list_left_alone(db.session(), person.id),
    )
