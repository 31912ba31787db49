"""Forms for writing to a group or a clearing house, and for what its staff does with what came in."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from app.accounts.rules.email_address import MAX_LENGTH as LONGEST_ADDRESS
from app.shared.visitor_forms import VisitorForm

LONGEST_MESSAGE = 5_000
LONGEST_NAME = 80
_PHONE = re.compile(r"[0-9+() /.-]{4,40}")


def _text(label: Any, missing: Any, *, longest: int = LONGEST_MESSAGE, rows: int = 8) -> TextAreaField:
    return TextAreaField(
        label,
        validators=[
            DataRequired(missing),  # blanks are no text
            Length(max=longest, message=_l("Please shorten your text to 5,000 characters.")),
        ],
        render_kw={"rows": rows, "maxlength": longest},
    )


class ContactForm(VisitorForm):
    """What somebody writes to a group; the address is needed, or nobody could answer."""

    message = _text(_l("Your message"), _l("Please write a few words."))
    email = StringField(
        _l("Your e-mail address"),
        validators=[
            InputRequired(_l("Please enter your e-mail address, so that you can be answered.")),
            Length(max=LONGEST_ADDRESS, message=_l("This address is too long. Please check it.")),
            Email(_l("This does not look like an e-mail address. Please check it.")),
        ],
        render_kw={"type": "email", "autocomplete": "email", "maxlength": LONGEST_ADDRESS},
    )
    name = StringField(
        _l("What you would like to be called"),
        validators=[Length(max=LONGEST_NAME, message=_l("Please shorten the name to 80 characters."))],
        render_kw={"autocomplete": "nickname", "maxlength": LONGEST_NAME},
    )

    @property
    def phone_number(self) -> str:
        """The phone number, where one is asked for."""
        return ""


class HouseContactForm(ContactForm):
    """What somebody writes to a clearing house, which can also call back."""

    email = StringField(
        _l("Your e-mail address"),
        validators=[
            Optional(strip_whitespace=True),
            Length(max=LONGEST_ADDRESS, message=_l("This address is too long. Please check it.")),
            Email(_l("This does not look like an e-mail address. Please check it.")),
        ],
        render_kw={"type": "email", "autocomplete": "email", "maxlength": LONGEST_ADDRESS},
    )
    phone = StringField(
        _l("Your phone number"),
        validators=[Optional(strip_whitespace=True)],
        render_kw={"type": "tel", "autocomplete": "tel", "maxlength": 40},
    )

    @property
    def phone_number(self) -> str:
        """The phone number that was given."""
        return (self.phone.data or "").strip()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the form can be taken: one of the two ways to answer is there, and can be used."""
        is_right = bool(super().validate(extra_validators))
        if self.phone_number and not _PHONE.fullmatch(self.phone_number):
            self.phone.errors = [_("A phone number is made of digits. Please check it.")]
            return False
        if not self.phone_number and not (self.email.data or "").strip():
            self.email.errors = [
                *self.email.errors,
                _("Please enter an e-mail address or a phone number, so that you can be answered."),
            ]
            return False
        return is_right


class AnswerForm(VisitorForm):
    """An answer, to whoever wrote."""

    message = _text(_l("Your answer"), _l("Please write a few words."))


class HandOverForm(VisitorForm):
    """Which other house a message goes to, and what its staff should know."""

    house = StringField(
        _l("Clearing house"),
        validators=[InputRequired(_l("Please choose a clearing house."))],
        render_kw={"list": "houses", "autocomplete": "off", "maxlength": 200},
    )
    note = TextAreaField(
        _l("What they should know"),
        validators=[Length(max=1000, message=_l("Please shorten your note to 1,000 characters."))],
        render_kw={"rows": 3, "maxlength": 1000},
    )
