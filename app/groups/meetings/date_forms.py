"""Forms about single meetings: reasons, numbers, addresses, times of reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import Email, InputRequired, Length

from app.accounts.rules.email_address import MAX_LENGTH as LONGEST_ADDRESS
from app.groups.meetings.attendance import number_words
from app.groups.meetings.checks import LONGEST_REASON
from app.groups.rules.attendance import MOST_PEOPLE, Key
from app.groups.rules.reminders import REMINDER_HOURS
from app.shared.visitor_forms import VisitorForm

AHEAD = {
    24: _l("one day before"),
    48: _l("two days before"),
    72: _l("three days before"),
    168: _l("one week before"),
}


class ReasonForm(VisitorForm):
    """Why a meeting is cancelled, if somebody wants to say."""

    reason = StringField(
        _l("Reason"),
        validators=[Length(max=LONGEST_REASON, message=_l("Please shorten the reason to 200 characters."))],
        render_kw={"maxlength": LONGEST_REASON, "autocomplete": "off"},
    )


class CountField(StringField):  # type: ignore[misc]
    """A number of people; ``data`` is None when the field is empty."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take what was typed; what is no number stays to be read again."""
        self.data = None
        if valuelist:
            self.data = read_count(valuelist[0])

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else ("" if self.data is None else str(self.data))


class CountForm(VisitorForm):
    """How many came to one meeting."""

    count = CountField(
        _l("Number of people"),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4, "size": 5},
    )


class WatchForm(VisitorForm):
    """The address of somebody who wants to be told."""

    email = StringField(
        _l("Your e-mail address"),
        validators=[
            InputRequired(_l("Please enter your e-mail address.")),
            Length(max=LONGEST_ADDRESS, message=_l("This address is too long. Please check it.")),
            Email(_l("This does not look like an e-mail address. Please check it.")),
        ],
        render_kw={"type": "email", "autocomplete": "email", "maxlength": LONGEST_ADDRESS},
    )


class RemindersForm(VisitorForm):
    """When mails come."""

    hours = RadioField(
        _l("A mail before every meeting"),
        choices=[
            SelectChoice("", _l("no mail")),
            *(SelectChoice(str(hours), AHEAD[hours]) for hours in REMINDER_HOURS),
        ],
        default="",
    )
    after_break = BooleanField(_l("A mail before the first meeting after a break, three days ahead"))


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """The numbers of several meetings: ``typed`` as text, ``counts`` as numbers, and what is wrong with a field."""

    typed: dict[str, str] = field(default_factory=dict)
    counts: dict[Key, int | None] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def count_name(key: Key) -> str:
    """Answer the name of the field for a meeting."""
    series_id, on = key
    return f"count-{series_id}-{on.isoformat()}"


def read_counts(sent: Mapping[str, str], keys: Sequence[Key]) -> ReadCounts:
    """Answer the numbers sent for some meetings; a meeting without a field is left as it is."""
    read = ReadCounts()
    for key in keys:
        name = count_name(key)
        if name not in sent:
            continue
        read.typed[name] = sent[name]
        try:
            read.counts[key] = read_count(sent[name])
        except ValueError as error:
            read.errors[name] = str(error)
    return read


def read_count(text: str) -> int | None:
    """Answer a number of people; None when nothing was typed.

    Raises:
        ValueError: it is no number from 0 to 1,000; its text is the sentence beside the field.
    """
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= MOST_PEOPLE):
        raise ValueError(number_words())
    return int(text)
