"""Who issues the notices of a region, as a form."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from app.funding.fields import DayField, SumField
from app.funding.rules.notice_letter import Office
from app.funding.words.notice_ways import WAYS
from app.groups.text import fold
from app.shared.errors import BadInput
from app.shared.outbox import sendable_address
from app.shared.visitor_forms import VisitorForm

_LONGEST = 120


def _needed(form: VisitorForm, field: Any) -> None:  # noqa: ARG001 - as WTForms calls it
    if not fold(field.data or ""):
        raise ValidationError(_("This stands on every notice. Please fill it in."))


def _line(label: Any, *validators: Any, **attributes: Any) -> StringField:
    short = Length(max=_LONGEST, message=_l("Please write at most %(max)d characters."))
    return StringField(label, validators=[*validators, short], render_kw=attributes)


def address_field() -> TextAreaField:
    """Answer the field for the address that letters go to."""
    return TextAreaField(
        _l("Address for letters"),
        validators=[Length(max=400, message=_l("Please write at most %(max)d characters."))],
        render_kw={"rows": 3, "maxlength": 400, "autocomplete": "street-address"},
    )


class ObjectionForm(VisitorForm):
    """When an objection came."""

    received_on = DayField(_l("Received on"))


class DecisionForm(VisitorForm):
    """How an objection ends: with a sum, or without."""

    cents = SumField(_l("Sum from the reserve, in euros"))

    reason = StringField(
        _l("Why"),
        validators=[Length(max=600, message=_l("Please write at most %(max)d characters."))],
        render_kw={"maxlength": 600},
    )

    def validate_cents(self, field: SumField) -> None:
        """Refuse an empty sum."""
        if not field.cents:
            raise ValidationError(_("Please give the sum."))


class PostedForm(VisitorForm):
    """Since when letters are in the post."""

    day = DayField(_l("In the post since"))


class ReturnedForm(VisitorForm):
    """Which letter came back, when, and where it is to go instead."""

    number = StringField(
        _l("File number"),
        validators=[InputRequired(_l("Please give the number at the top of the letter."))],
        render_kw={"maxlength": 60, "autocomplete": "off"},
    )
    day = DayField(_l("Came back on"))
    address = address_field()


class WayForm(VisitorForm):
    """How notices reach somebody."""

    way = RadioField(
        _l("How shall notices reach you?"),
        choices=[SelectChoice(*each) for each in WAYS.items()],
        validators=[InputRequired(_l("Please choose one of the two."))],
    )
    address = address_field()


class OfficeForm(VisitorForm):
    """What stands on every notice of a region."""

    body = _line(_l("Body that decides"), _needed)
    street = _line(_l("Street and number"), _needed)
    postcode = _line(_l("Postcode"), _needed, inputmode="numeric")
    town = _line(_l("Town"), _needed)
    person = _line(_l("Who answers for it"), _needed)
    phone = _line(_l("Phone"), type="tel")
    email = _line(_l("E-mail"), type="email")

    def validate_postcode(self, field: StringField) -> None:
        """Refuse what is no German postcode."""
        text = (field.data or "").strip()
        if not (text.isascii() and text.isdigit() and len(text) == 5):
            raise ValidationError(_("A postcode has five digits."))

    def validate_email(self, field: StringField) -> None:
        """Refuse what cannot be written to."""
        if (field.data or "").strip():
            try:
                sendable_address(field.data)
            except BadInput as error:
                raise ValidationError(error.message) from error

    def office(self) -> Office:
        """Answer what the valid form says."""
        return Office(**{name: " ".join((self[name].data or "").split()) for name in Office.__slots__})
