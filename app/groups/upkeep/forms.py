"""Forms about the life of a group."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from app.groups.labels import CLOSING_REASONS
from app.groups.meetings.fields import DayField
from app.shared.visitor_forms import VisitorForm

LONGEST_NOTE = 300


class PauseForm(VisitorForm):
    """Until when a group pauses; empty: not known."""

    resumes_on = DayField(_l("Back on"))


class ClosingForm(VisitorForm):
    """Why a group closes."""

    reason = RadioField(
        _l("Why does the group close?"),
        choices=[SelectChoice(value, label) for value, label in CLOSING_REASONS.items()],
        validators=[InputRequired(_l("Please choose a reason."))],
    )


class CallForm(VisitorForm):
    """What came of a call."""

    note = StringField(
        _l("Note"),
        validators=[
            InputRequired(_l("Please write what came of the call.")),
            Length(max=LONGEST_NOTE, message=_l("Please shorten the note to 300 characters.")),
        ],
        render_kw={"maxlength": LONGEST_NOTE, "autocomplete": "off"},
    )
