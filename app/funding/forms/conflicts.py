"""Why somebody does not decide about a group, as a form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from app.funding.words.conflicts import DECLARED
from app.shared.visitor_forms import VisitorForm


class ConflictForm(VisitorForm):
    """The reason, in the words of the one who declares it."""

    why = RadioField(
        _l("Why do you not decide about it?"),
        choices=[SelectChoice(*each) for each in DECLARED.items()],
        validators=[InputRequired(_l("Please choose why."))],
    )
