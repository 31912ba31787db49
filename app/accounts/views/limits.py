"""How often something may be tried: counted for each network address, each account and each signed-in browser."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask import current_app, make_response, request
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from app.accounts.guard import never_store
from app.accounts.rules.email_address import fold_address
from app.accounts.sessions import current_key
from app.shared.extensions import limiter
from app.shared.visitor_forms import VisitorForm, VisitorFormError, check_visitor_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask import Response
    from flask_limiter import RequestLimit

ADDRESS_LIMIT = "30 per minute"
"""Tries from one network address; a house with many desks has one."""
ACCOUNT_LIMIT = "10 per 10 minutes"
"""Tries for one account, wherever they come from and whether or not it is there."""
MAIL_LIMIT = "5 per 10 minutes"
"""Mails to one address that somebody asks for without being signed in."""


def limited(
    limit: str, *, by: Callable[[], str] = get_remote_address, page: Callable[[str], Any]
) -> Callable[[Any], Any]:
    """Answer a decorator that shows ``page(sentence)`` with status 429 when a view is used more often than this."""

    def refuse(_limit: RequestLimit) -> Response:
        sentence = _("There were too many tries. Please wait ten minutes and try again.")
        return never_store(make_response(page(sentence), 429))

    return limiter.limit(limit, key_func=by, on_breach=refuse)


def typed_address() -> str:
    """Answer what is counted for the address that was typed: not the address itself, which Redis would keep."""
    return marked(fold_address(request.form.get("email", "")))


def this_session() -> str:
    """Answer what is counted for a signed-in browser."""
    return marked(current_key())


def status_of(form: VisitorForm, form_name: str) -> int | None:
    """Answer the status with which a visitor's form is shown again, its errors noted; None when it can be taken."""
    try:
        check_visitor_form(form_name)
    except VisitorFormError as error:
        form.form_errors.append(error.message)
        return error.status
    return None if form.validate() else 400


def marked(text: str) -> str:
    """Answer a text as it may be kept where tries are counted: nobody can read it back."""
    return hashlib.sha256(f"{current_app.config['SECRET_KEY']}:{text}".encode()).hexdigest()
