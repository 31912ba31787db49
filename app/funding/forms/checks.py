"""What is typed by whoever checks applications, and by the group that answers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from app.funding.change_fields import FIELDS
from app.funding.rules.checks import MOST_WORDS
from app.groups.meetings.fields import ChoicesField, DayField
from app.shared.visitor_forms import VisitorForm

_TOO_LONG = _l("This is too much text. Please shorten it.")


def _words(label: Any, missing: Any = "") -> TextAreaField:
    needed = [InputRequired(missing)] if missing else []
    attributes = {"rows": 3, "maxlength": MOST_WORDS}
    return TextAreaField(
        label, validators=[*needed, Length(max=MOST_WORDS, message=_TOO_LONG)], render_kw=attributes
    )


class CheckForm(VisitorForm):
    """What somebody found who checked."""

    words = _words(_l("What is wrong? (for an objection)"))


class AskForm(VisitorForm):
    """What a group is to change, and until when."""

    fields = ChoicesField(
        _l("What is to be changed?"), choices=[SelectChoice(*each) for each in FIELDS.items()]
    )
    words = _words(
        _l("What do you ask the group for?"), _l("Please say in a sentence what is to be changed.")
    )
    due_on = DayField(_l("Until when?"), validators=[InputRequired(_l("Please choose a day."))])


class MoreTimeForm(VisitorForm):
    """A later day, and why."""

    due_on = DayField(_l("New last day"), validators=[InputRequired(_l("Please choose a day."))])
    words = _words(_l("Reason (the group reads it)"), _l("Please say why."))


class AnswerForm(VisitorForm):
    """What a group answers that changes nothing."""

    answer = _words(_l("Your answer"), _l("Please write what you want to tell the office."))
