"""Fields for sums of money, numbers and days of the year: each keeps what was typed and says what is wrong with it."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from app.funding.rules.application import MOST_TYPED_CENTS
from app.funding.rules.decimals import decimal_text, units_of
from app.funding.rules.euros import cents_of, euro_text
from app.funding.rules.region_rules import day_in
from app.shared.money import euro_words

MOST_MONEY_CENTS = 10**12
"""Ten thousand million euros; more is a slip of the keyboard."""
YEARS = range(2000, 2200)
_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.?")


def read_cents(text: str, *, least: int = 0, most: int = MOST_TYPED_CENTS) -> int:
    """Answer the cents that were typed.

    Raises:
        ValueError: with a sentence for the person.
    """
    try:
        cents = cents_of(text)
    except ValueError:
        raise ValueError(_("Please write the sum in euros, as in 1.234,56 or 50.")) from None
    if cents < least:
        raise ValueError(_("Please give at least %(least)s.", least=euro_words(least)))
    if cents > most:
        raise ValueError(_("This is more than %(most)s. Please check it.", most=euro_words(most)))
    return cents


def read_whole(text: str, *, least: int, most: int) -> int:
    """Answer the whole number that was typed.

    Raises:
        ValueError: with a sentence for the person.
    """
    bare = text.strip()
    number = int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 9 else None
    if number is None or not least <= number <= most:
        raise ValueError(_("Please write a whole number from %(least)s to %(most)s.", least=least, most=most))
    return number


class SumField(StringField):  # type: ignore[misc]
    """A sum in euros; ``cents`` is what it says, None when it is empty. Bounds are in cents."""

    def __init__(self, label: Any, *, least: int = 0, most: int = MOST_TYPED_CENTS, **kwargs: Any) -> None:
        super().__init__(label, **{"render_kw": {"inputmode": "decimal", "autocomplete": "off"}, **kwargs})
        self.least, self.most = least, most
        self.cents: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the sum."""
        text = (self.data or "").strip()
        try:
            self.cents = read_cents(text, least=self.least, most=self.most) if text else None
        except ValueError as error:
            raise ValidationError(str(error)) from None


large_sum_field = partial(SumField, most=MOST_MONEY_CENTS)
"""A sum that may be the money of a whole region."""


class WholeField(StringField):  # type: ignore[misc]
    """A whole number; ``number`` is what it says, None when it is empty."""

    def __init__(self, label: Any, *, least: int = 0, most: int, **kwargs: Any) -> None:
        super().__init__(label, **{"render_kw": {"inputmode": "numeric", "autocomplete": "off"}, **kwargs})
        self.least, self.most = least, most
        self.number: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the number."""
        text = (self.data or "").strip()
        try:
            self.number = read_whole(text, least=self.least, most=self.most) if text else None
        except ValueError as error:
            raise ValidationError(str(error)) from None


class HundredthsField(StringField):  # type: ignore[misc]
    """A number with at most two decimals such as 1,5; ``number`` is it in hundredths, None when it is empty."""

    def __init__(self, label: Any, *, most: int, **kwargs: Any) -> None:
        super().__init__(label, **{"render_kw": {"inputmode": "decimal", "autocomplete": "off"}, **kwargs})
        self.most = most
        self.number: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the number."""
        text = (self.data or "").strip()
        self.number = units_of(text, 2) if text else None
        if text and (self.number is None or self.number > self.most):
            raise ValidationError(
                _(
                    "Please write a number up to %(most)s, as in 1,5.",
                    most=decimal_text(self.most, 2, least_places=0),
                )
            )


class DayField(StringField):  # type: ignore[misc]
    """A day of the calendar that has to be given; ``day`` is what it says."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        needed = InputRequired(_l("Please choose a day."))
        super().__init__(label, validators=[needed], render_kw={"type": "date"}, **kwargs)
        self.day = date.min

    def pre_validate(self, form: Any) -> None:
        """Read the day."""
        try:
            self.day = date.fromisoformat((self.data or "").strip())
        except ValueError:
            self.day = date.min
        if self.day.year not in YEARS:
            raise ValidationError(_("Please write the day as in 2027-01-31."))


class YearDayField(StringField):  # type: ignore[misc]
    """A day of any year such as 31.03.; ``day`` is ``03-31``, None when it is empty."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **{"render_kw": {"autocomplete": "off", "maxlength": 10}, **kwargs})
        self.day: str | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the day."""
        text = (self.data or "").strip()
        self.day = None
        if not text:
            return
        found = _DAY.fullmatch(text)
        try:
            day = f"{int(found[2]):02}-{int(found[1]):02}" if found else ""
            day_in(2024, day)
        except ValueError:
            raise ValidationError(_("Please write a day and a month, as in 31.03.")) from None
        self.day = day


def year_day_text(day: str | None) -> str:
    """Answer ``03-31`` as a field holds it."""
    return "" if day is None else f"{day[3:]}.{day[:2]}."


def sum_text(cents: int | None) -> str:
    """Answer a sum as a field holds it."""
    return "" if cents is None else euro_text(cents)
