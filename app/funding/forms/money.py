"""Forms about contributions, receipts, direct awards and returns: the shape of what is sent."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired

from app.funding.fields import DayField, large_sum_field
from app.funding.words.levy import WITHDRAWALS
from app.shared.visitor_forms import VisitorForm


class CallForm(VisitorForm):
    """Which Länder are called, and until when it is due; ``seen`` is the sum that whoever sends it has seen."""

    state = SelectField(_l("For whom"), choices=[], validate_choice=False)
    due_on = DayField(_l("Due on"))
    seen = HiddenField()


class WithdrawalForm(VisitorForm):
    """Why a call is withdrawn; ``seen`` is the sum that whoever sends it has seen."""

    why = SelectField(
        _l("Why?"),
        choices=[
            SelectChoice("", _l("please choose")),
            *(SelectChoice(*each) for each in WITHDRAWALS.items()),
        ],
        validators=[InputRequired(_l("Please choose a reason."))],
    )
    seen = HiddenField()


class ReceiptForm(VisitorForm):
    """Money that came from an insurer."""

    account = SelectField(_l("What it is for"), choices=[], validate_choice=False)
    cents = large_sum_field(
        _l("Sum in euros"), least=1, validators=[InputRequired(_l("Please give the sum that came."))]
    )
    received_on = DayField(_l("Came on"))
    reference = StringField(
        _l("Number of the booking"), validators=[InputRequired(_l("Please give the number of the booking."))]
    )


class PromiseForm(VisitorForm):
    """Money promised without a round."""

    payee = SelectField(_l("Who gets it"), choices=[], validate_choice=False)
    cents = large_sum_field(
        _l("Sum in euros"), least=1, validators=[InputRequired(_l("Please give the sum."))]
    )
    token = HiddenField()


class OrganisationForm(VisitorForm):
    """An organisation that gets money from now on."""

    name = StringField(
        _l("Name of the organisation"), validators=[InputRequired(_l("Please give the name."))]
    )


class ReturnForm(VisitorForm):
    """Money that somebody gives back."""

    account = SelectField(_l("Who gives it back"), choices=[], validate_choice=False)
    cents = large_sum_field(
        _l("Sum in euros"), least=1, validators=[InputRequired(_l("Please give the sum that came."))]
    )
    received_on = DayField(_l("Came on"))
    token = HiddenField()


class CloseForm(VisitorForm):
    """That a year is closed for good."""

    is_sure = BooleanField(
        _l("I have looked at the figures. The year is closed for good."),
        validators=[InputRequired(_l("Please say that you have looked at the figures."))],
    )
