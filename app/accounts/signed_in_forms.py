"""Forms of signed-in pages: sent by our own page, on behalf of the person who is signed in.

The token is bound to the person and to the version of their sessions, not to one session: a form that was open when
the session ended can still be sent after signing in anew in another window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g, request
from flask_babel import gettext as _
from itsdangerous import BadData, Signer
from markupsafe import Markup

from app.shared.errors import BadInput
from app.shared.visitor_forms import TOKEN_FIELD, is_from_own_page

if TYPE_CHECKING:
    from flask import Flask

    from app.accounts.person import Person


def init_signed_in_forms(app: Flask) -> None:
    """Afterwards templates know ``signed_in_form_fields()``."""
    app.jinja_env.globals["signed_in_form_fields"] = signed_in_form_fields


def signed_in_form_fields() -> Markup:
    """Answer the hidden field that every form of a signed-in page with ``method="post"`` carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN_FIELD, _token(g.person))


def check_signed_in_form(person: Person) -> None:
    """Afterwards the request is known to come from a form of ours that was made for this person.

    Raises:
        BadInput: with a sentence for the person.
    """
    if not is_from_own_page():
        raise BadInput(
            _("This form was sent from another site. Please go back and send it from here."),
            code="foreign_form",
        )
    try:
        is_right = _signer().unsign(request.form.get(TOKEN_FIELD, "")) == person.form_key.encode()
    except BadData:
        is_right = False
    if not is_right:
        raise BadInput(
            _(
                "This form was made for another session. Please go back, load the page again and send it once more."
            ),
            code="form_expired",
        )


def _token(person: Person) -> str:
    return _signer().sign(person.form_key).decode()


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="signed-in-form")
