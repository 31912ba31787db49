"""Who signs an application: two people by mail, or two names from paper."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FileField, StringField
from wtforms.validators import InputRequired, Length

from app.funding.services.papers import MOST_BYTES
from app.groups.meetings.fields import DayField
from app.shared.visitor_forms import VisitorForm

_TOO_LONG = Length(max=120, message=_l("This name is too long. Please shorten it."))


def _name(label: str) -> StringField:
    return StringField(
        label,
        validators=[InputRequired(_l("Please give the name.")), _TOO_LONG],
        render_kw={"maxlength": 120, "autocomplete": "off"},
    )


def _address(label: str) -> StringField:
    return StringField(
        label,
        validators=[
            InputRequired(_l("Please give the address that the link goes to.")),
            Length(max=200, message=_l("This address is too long. Please check it.")),
        ],
        render_kw={"type": "email", "maxlength": 200, "autocomplete": "off"},
    )


_PAPER = {"accept": "application/pdf,image/jpeg,image/png", "data-most-bytes": MOST_BYTES}


class SignersForm(VisitorForm):
    """The two who sign by mail."""

    name_1 = _name(_l("First name and surname"))
    email_1 = _address(_l("E-mail address"))
    name_2 = _name(_l("First name and surname of the second"))
    email_2 = _address(_l("E-mail address of the second"))

    def signers(self) -> list[tuple[str, str]]:
        """Answer the name and the address of each."""
        return [(self[f"name_{n}"].data or "", self[f"email_{n}"].data or "") for n in (1, 2)]


class OnPaperForm(VisitorForm):
    """The two who have signed on paper, and when it came."""

    signer_1 = _name(_l("Signed by"))
    signer_2 = _name(_l("And by"))
    received_on = DayField(_l("Received on"), validators=[InputRequired(_l("Please give the day."))])
    posted_on = DayField(_l("Postmark"))
    paper = FileField(
        _l("The signed form"),
        render_kw=_PAPER,
    )
