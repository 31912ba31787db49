"""Forms about contributions, receipts, direct awards and returns: the shape of what is sent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.funding.division_form import EurosField
from app.shared.visitor_forms import VisitorForm

if TYPE_CHECKING:
    from app.shared.errors import DomainError


class DayField(StringField):  # type: ignore[misc]
    """A day of the calendar; ``day`` is what it says."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, validators=[InputRequired(_l("Please give a day."))], **kwargs)
        self.render_kw = {"type": "date"}
        self.day = date.min

    def pre_validate(self, form: Any) -> None:
        """Read the day."""
        try:
            self.day = date.fromisoformat((self.data or "").strip())
        except ValueError:
            raise ValidationError(_("Please give a day, as in 2027-03-31.")) from None


class MoneyForm(VisitorForm):
    """A form whose service may refuse what is in it."""

    def refuse(self, error: DomainError) -> None:
        """Afterwards the refusal stands beside the field it is about, or above the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]


class CallForm(MoneyForm):
    """Which Länder are called, and until when it is due; ``seen`` is the sum that whoever sends it has seen."""

    state = SelectField(_l("For whom"), choices=[], validate_choice=False)
    due_on = DayField(_l("Due on"))
    seen = HiddenField()


class ReceiptForm(MoneyForm):
    """Money that came from an insurer."""

    account = SelectField(_l("What it is for"), choices=[], validate_choice=False)
    cents = EurosField(
        _l("Sum in euros"), least_cents=1, validators=[InputRequired(_l("Please give the sum that came."))]
    )
    received_on = DayField(_l("Came on"))
    reference = StringField(
        _l("Number of the booking"), validators=[InputRequired(_l("Please give the number of the booking."))]
    )


class PromiseForm(MoneyForm):
    """Money promised without a round."""

    payee = SelectField(_l("Who gets it"), choices=[], validate_choice=False)
    cents = EurosField(
        _l("Sum in euros"), least_cents=1, validators=[InputRequired(_l("Please give the sum."))]
    )
    token = HiddenField()


class OrganisationForm(MoneyForm):
    """An organisation that gets money from now on."""

    name = StringField(
        _l("Name of the organisation"), validators=[InputRequired(_l("Please give the name."))]
    )


class ReturnForm(MoneyForm):
    """Money that somebody gives back."""

    account = SelectField(_l("Who gives it back"), choices=[], validate_choice=False)
    cents = EurosField(
        _l("Sum in euros"), least_cents=1, validators=[InputRequired(_l("Please give the sum that came."))]
    )
    received_on = DayField(_l("Came on"))
    token = HiddenField()


class CloseForm(MoneyForm):
    """That a year is closed for good."""

    is_sure = BooleanField(
        _l("I have looked at the figures. The year is closed for good."),
        validators=[InputRequired(_l("Please say that you have looked at the figures."))],
    )
