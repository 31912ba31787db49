"""Forms of accounts: the shape of what is sent."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts.passwords import MAX_LENGTH as PASSWORD_LENGTH
from app.accounts.rules.email_address import MAX_LENGTH as ADDRESS_LENGTH
from app.shared.visitor_forms import VisitorForm


class LoginForm(VisitorForm):
    """Address and password."""

    email = StringField(
        _l("E-mail address"),
        validators=[
            InputRequired(_l("Please enter your e-mail address.")),
            Length(max=ADDRESS_LENGTH, message=_l("This address is too long. Please check it.")),
        ],
        render_kw={
            "type": "email",
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": ADDRESS_LENGTH,
        },
    )
    password = PasswordField(
        _l("Password"),
        validators=[
            InputRequired(_l("Please enter your password.")),
            Length(max=PASSWORD_LENGTH, message=_l("This password is too long. Please check it.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )


def own_path(given: str | None) -> str | None:
    """Answer a path of this site that somebody may be sent on to; None for anything else."""
    if not given or not given.startswith("/") or given.startswith("//") or "\\" in given:
        return None
    if not given.isprintable():
        return None
    try:
        parts = urlsplit(given)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else given
