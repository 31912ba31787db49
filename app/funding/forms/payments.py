"""Forms about payments: a batch, the account of a group, the account that a region pays from."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from app.funding.fields import DayField, SumField
from app.shared.visitor_forms import VisitorForm

_MOST_CENTS = 100_000_000_000


class BatchForm(VisitorForm):
    """When a batch is to be paid, and how large it may be."""

    execution_on = DayField(_l("Day of payment"))
    most = SumField(_l("At most, in euros"), most=_MOST_CENTS)


class AccountForm(VisitorForm):
    """An account: whose it is, and its number."""

    holder = StringField(
        _l("Account holder, as the bank knows it"),
        validators=[InputRequired(_l("Please give the name that the bank knows."))],
        render_kw={"maxlength": 140, "autocomplete": "off"},
    )
    iban = StringField(
        _l("IBAN"),
        validators=[InputRequired(_l("Please give the IBAN."))],
        render_kw={"maxlength": 50, "autocomplete": "off", "spellcheck": "false"},
    )


class LimitForm(VisitorForm):
    """How much somebody can release a day."""

    cents = SumField(
        _l("At most a day, in euros"),
        most=_MOST_CENTS,
        validators=[InputRequired(_l("Please give a sum; 0 is one."))],
    )


class ConfirmForm(VisitorForm):
    """That the account that was seen is right."""

    seen = HiddenField()
