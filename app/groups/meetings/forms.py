"""The forms for series and single dates: what may be typed, and what is asked back."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, ValidationError

from app.groups.labels import facet_labels
from app.groups.meetings.checks import LONGEST_LINK, LONGEST_NOTE, LONGEST_REASON, duration_between
from app.groups.meetings.fields import (
    ChoicesField,
    ClockField,
    DateListField,
    DayField,
    DegreesField,
    MonthDaysField,
    NumberField,
)
from app.groups.presentation import weekday_name
from app.groups.rules.recurrence import LAST, ORDINALS
from app.shared.errors import RuleBroken
from app.shared.languages import current_language
from app.shared.visitor_forms import VisitorForm

WEEKLY = "weekly"
EVERY_FEW_WEEKS = "weeks"
MONTH_WEEKDAY = "month_weekday"
MONTH_DAY = "month_day"
YEARLY = "yearly"
DATES = "dates"
APPOINTMENT = "appointment"
AT_THE_GROUPS = "group"
ELSEWHERE = "other"
NEEDED = {
    WEEKLY: ("weekdays", "first_on"),
    EVERY_FEW_WEEKS: ("weeks_between", "weekdays", "first_on"),
    MONTH_WEEKDAY: ("ordinals", "weekdays", "months_between", "first_on"),
    MONTH_DAY: ("month_days", "months_between", "first_on"),
    YEARLY: ("first_on",),
    DATES: ("dates",),
    APPOINTMENT: (),
}
"""Rhythm → the fields that say when, beside the times; those of other rhythms are left out of account."""
RHYTHMS = {
    WEEKLY: _l("Every week"),
    EVERY_FEW_WEEKS: _l("Every 2, 3 … weeks"),
    MONTH_WEEKDAY: _l("Every month on a weekday, such as every 2nd Tuesday"),
    MONTH_DAY: _l("Every month on a date, such as the 15th"),
    YEARLY: _l("Every year"),
    DATES: _l("On single days, as a list"),
    APPOINTMENT: _l("By appointment, without fixed dates"),
}
ORDINAL_NAMES = {
    1: _l("1st"),
    2: _l("2nd"),
    3: _l("3rd"),
    4: _l("4th"),
    5: _l("5th"),
    LAST: lazy_pgettext("which one in the month", "last"),
}
_OF_RHYTHMS = {name for names in NEEDED.values() for name in names}


class PlaceFields(VisitorForm):
    """An address, where it is not the group's own."""

    place_kind = RadioField(
        _l("Where do you meet?"),
        choices=[
            SelectChoice(AT_THE_GROUPS, _l("Where the group always meets")),
            SelectChoice(ELSEWHERE, _l("At another address")),
        ],
        default=AT_THE_GROUPS,
    )
    place_name = StringField(_l("Name of the place"), render_kw={"maxlength": 120})
    street = StringField(_l("Street and number"), render_kw={"maxlength": 120})
    postcode = StringField(_l("Postcode"), render_kw={"maxlength": 10, "inputmode": "numeric"})
    town = StringField(_l("Town"), render_kw={"maxlength": 80})

    def has_other_place(self) -> bool:
        """Whether the address counts."""
        return bool(self.place_kind.data == ELSEWHERE)

    def validate_postcode(self, field: StringField) -> None:
        """Refuse what is no postcode; the Land, and with it the holidays, hang on it."""
        text = (field.data or "").strip()
        if self.has_other_place() and not (text.isascii() and text.isdecimal() and len(text) == 5):
            raise ValidationError(_("Please give the postcode with its five digits."))

    def validate_town(self, field: StringField) -> None:
        """Refuse an address without a town."""
        if self.has_other_place() and not (field.data or "").strip():
            raise ValidationError(_("Please give the town."))


class SeriesForm(PlaceFields):
    """A series: how often, when, from when; the rest is asked for calmly below."""

    rhythm = RadioField(
        _l("How often?"),
        choices=[SelectChoice(value, label) for value, label in RHYTHMS.items()],
        default=WEEKLY,
        validators=[InputRequired(_l("Please choose how often you meet."))],
    )
    weeks_between = NumberField(
        _l("Every how many weeks?"), default=2, render_kw={"inputmode": "numeric", "maxlength": 3}
    )
    ordinals = ChoicesField(
        _l("Which one in the month?"),
        choices=[SelectChoice(number, ORDINAL_NAMES[number]) for number in ORDINALS],
        coerce=int,
    )
    weekdays = ChoicesField(_l("On which weekday?"), coerce=int)
    month_days = MonthDaysField(_l("On which day of the month?"), render_kw={"maxlength": 100})
    months_between = NumberField(
        _l("Every how many months?"), default=1, render_kw={"inputmode": "numeric", "maxlength": 3}
    )
    yearly_by = RadioField(
        _l("Every year"),
        choices=[
            SelectChoice("date", _l("on the same date, such as 3 December")),
            SelectChoice("weekday", _l("on the same weekday, such as the 1st Thursday in December")),
        ],
        default="date",
    )
    dates = DateListField(_l("On which days?"), render_kw={"rows": 4})
    date_to_add = DayField(_l("Add a day"))
    starts_at = ClockField(lazy_pgettext("time", "From"))
    ends_at = ClockField(lazy_pgettext("time", "To"))
    first_on = DayField(_l("Starting on"))
    until_on = DayField(_l("Last day"))
    format = RadioField(_l("How do you meet?"), default="in_person")
    where_note = StringField(_l("Room or hint"), render_kw={"maxlength": LONGEST_NOTE})
    online_link = StringField(
        _l("Link to take part online"), render_kw={"type": "url", "maxlength": LONGEST_LINK}
    )
    shows_link = BooleanField(_l("Everybody may see the link"))
    skips_public_holidays = BooleanField(_l("Not on public holidays"))
    skips_school_holidays = BooleanField(_l("Not in the school holidays"))
    zone = StringField(
        _l("Time zone"),
        default="Europe/Berlin",
        render_kw={"list": "zones", "maxlength": 60, "spellcheck": "false"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = current_language()
        self.weekdays.choices = [(number, weekday_name(number, language)) for number in range(1, 8)]
        self.format.choices = list(facet_labels(language)["format"].items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all that the chosen rhythm needs was typed sensibly; fields of other rhythms do not count."""
        super().validate(extra_validators)
        wanted = NEEDED.get(self.rhythm.data or "", ())
        for name in _OF_RHYTHMS - set(wanted):
            self[name].errors = []
        if not self.rhythm.errors and self.rhythm.data != APPOINTMENT:
            self._require_times()
        self._require_days(wanted)
        return not self.errors

    def _require_times(self) -> None:
        for field in (self.starts_at, self.ends_at):
            if field.data is None and not field.errors:
                field.errors = [_("Please give the time, such as 19:00.")]
        if not (self.starts_at.errors or self.ends_at.errors):
            try:
                duration_between(self.starts_at.data, self.ends_at.data)
            except RuleBroken as error:
                self.ends_at.errors = [error.message]

    def _require_days(self, wanted: tuple[str, ...]) -> None:
        sentences = {
            "weeks_between": _("Please give a whole number, such as 2."),
            "months_between": _("Please give a whole number, such as 2."),
            "first_on": _("Please give the day on which it starts."),
        }
        for name in wanted:
            if name in sentences and self[name].data is None and not self[name].errors:
                self[name].errors = [sentences[name]]


class PinForm(VisitorForm):
    """Where on the globe a place is."""

    latitude = DegreesField(
        _l("Latitude"),
        validators=[InputRequired(_l("Please put the pin on the map."))],
        render_kw={"inputmode": "decimal", "maxlength": 20},
    )
    longitude = DegreesField(
        _l("Longitude"),
        validators=[InputRequired(_l("Please put the pin on the map."))],
        render_kw={"inputmode": "decimal", "maxlength": 20},
    )


class CancelForm(VisitorForm):
    """Why a date does not take place, if anybody wants to say."""

    reason = StringField(_l("Reason"), render_kw={"maxlength": LONGEST_REASON})


class MoveForm(PlaceFields):
    """When and where a date takes place instead, or one more does."""

    new_on = DayField(_l("Day"), validators=[InputRequired(_l("Please give the day."))])
    starts_at = ClockField(
        lazy_pgettext("time", "From"), validators=[InputRequired(_l("Please give the time, such as 19:00."))]
    )
    ends_at = ClockField(
        lazy_pgettext("time", "To"), validators=[InputRequired(_l("Please give the time, such as 19:00."))]
    )
    reason = StringField(_l("Reason"), render_kw={"maxlength": LONGEST_REASON})


class PeriodForm(VisitorForm):
    """From the first to the last day, both included, and why."""

    first_on = DayField(_l("First day"), validators=[InputRequired(_l("Please give the first day."))])
    last_on = DayField(_l("Last day"), validators=[InputRequired(_l("Please give the last day."))])
    reason = StringField(_l("Reason"), render_kw={"maxlength": LONGEST_REASON})

    def period(self) -> tuple[date, date]:
        """Answer the first and the last day of a form that is valid.

        Raises:
            ValueError: one of them is missing.
        """
        first_on, last_on = self.first_on.data, self.last_on.data
        if first_on is None or last_on is None:
            raise ValueError("The form was not validated.")
        return first_on, last_on
