"""Fields for days, times and numbers: each keeps what was typed and says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any, Generic, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from app.groups.meetings.schedules import day_of
from app.groups.rules.date_list import ListFault, read_day, read_days
from app.groups.rules.recurrence import LAST, MOST_DATES
from app.shared import clock

_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?([0-5]\d))?(?:\s?(?:uhr|h|uur))?\Z", re.ASCII | re.IGNORECASE)
_LAST_DAY = re.compile(r"\b(?:letzte[rn]?(?: tag)?|last(?: day)?|laatste(?: dag)?)\b", re.IGNORECASE)
T = TypeVar("T")


class TypedField(StringField, Generic[T]):  # type: ignore[misc]
    """A line that means a value: ``data`` is the value, None when nothing or nothing sensible was typed."""

    data: T | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed and understand it."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text:
            self.data = self.understand(text)

    def understand(self, text: str) -> T:
        """Answer the value that was typed.

        Raises:
            ValueError: with a sentence for the person.
        """
        raise NotImplementedError

    def words_of(self, value: T) -> str:
        """Answer how a value is typed."""
        return str(value)

    def _value(self) -> str:
        if self.data is not None:
            return self.words_of(self.data)
        return str(self.raw_data[0]) if self.raw_data else ""


class DayField(TypedField[date]):
    """A day; browsers offer a calendar."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"render_kw": {"type": "date"}, **kwargs})

    def understand(self, text: str) -> date:
        """Answer the day."""
        try:
            return read_day(text)
        except ListFault as fault:
            raise ValueError(list_fault_words(fault)) from fault


class ClockField(TypedField[time]):
    """A time of the day on the wall; midnight at the end of a day is 24:00."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"render_kw": {"type": "time"}, **kwargs})

    def understand(self, text: str) -> time:
        """Answer the time."""
        found = _CLOCK.match(text)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        if (hour, minute) == (24, 0):
            return time(0)
        if hour > 23:
            raise ValueError(_("Please write the time as 19:00."))
        return time(hour, minute)

    def words_of(self, value: time) -> str:
        """Answer the time as 19:00."""
        return f"{value:%H:%M}"


class NumberField(TypedField[int]):
    """A whole number."""

    def understand(self, text: str) -> int:
        """Answer the number, however large or small."""
        if not re.fullmatch(r"[+-]?\d{1,9}", text, re.ASCII):
            raise ValueError(_("Please give a whole number, such as 2."))
        return int(text)


class DegreesField(TypedField[float]):
    """Degrees of latitude or longitude, WGS 84, with a point or a comma."""

    def understand(self, text: str) -> float:
        """Answer the degrees."""
        if not re.fullmatch(r"-?\d{1,3}([.,]\d{1,12})?", text, re.ASCII):
            raise ValueError(_("Please give degrees as a number, such as 50.93812."))
        return float(text.replace(",", "."))

    def words_of(self, value: float) -> str:
        """Answer the degrees without what says nothing, to a millimetre."""
        return f"{value:.11g}"


class MonthDaysField(TypedField[tuple[int, ...]]):
    """Days of the month: “15”, “1. und 15.”, “last”."""

    def understand(self, text: str) -> tuple[int, ...]:
        """Answer the numbers, -1 for the last day."""
        words = [
            word for word in re.split(r"[\s,;.]+|\b(?:und|and|en)\b", _LAST_DAY.sub("-1", text[:200])) if word
        ]
        if not all(re.fullmatch(r"-1|\d{1,9}", word, re.ASCII) for word in words):
            raise ValueError(_("Please give days of the month as numbers, such as 15, or the word “last”."))
        return tuple(dict.fromkeys(int(word) for word in words))

    def words_of(self, value: tuple[int, ...]) -> str:
        """Answer the numbers as they are typed."""
        return ", ".join(
            pgettext("which one in the month", "last") if number == LAST else str(number) for number in value
        )


class DateListField(TextAreaField):  # type: ignore[misc]
    """Days in one text; ``days`` are what it means."""

    days: tuple[date, ...] = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text and understand it."""
        self.data = valuelist[0] if valuelist else ""
        self.days = ()
        try:
            self.days = read_days(self.data, today=day_of(clock.now()), most=MOST_DATES)
        except ListFault as fault:
            raise ValueError(list_fault_words(fault)) from fault

    def show(self, days: Sequence[date]) -> None:
        """Afterwards the text lists these days."""
        self.days = tuple(days)
        self.data = "\n".join(f"{day.day}.{day.month}.{day.year}" for day in days)


class ChoicesField(SelectMultipleField):  # type: ignore[misc]
    """Some of several choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A choice that was never on the page comes from an edited form or an old one.
        sentence = _l("Please choose from what is on the page.")
        super().__init__(*args, invalid_value_message=sentence, invalid_choice_message=sentence, **kwargs)


def list_fault_words(fault: ListFault) -> str:
    """Answer the sentence about days that were not understood; it names the piece."""
    if fault.kind == "too_many":
        return _("These are too many dates. Please give at most %(most)s.", most=MOST_DATES)
    if fault.kind == "no_such_day":
        return _("There is no day “%(piece)s”. Please check day, month and year.", piece=fault.piece)
    return _("We could not read “%(piece)s”. Please write days as 24.12.2026.", piece=fault.piece)
