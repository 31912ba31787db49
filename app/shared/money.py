"""How a sum of money is written for people."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, format_decimal

from app.shared.languages import current_locale


def euro_words(cents: int) -> str:
    """Answer “7,50 €”."""
    return str(format_currency(Decimal(cents) / 100, "EUR", locale=current_locale()))


def whole_euro_words(cents: int) -> str:
    """Answer “700 €” for a sum without cents: for pictures and rough numbers; what is below a euro is left out."""
    locale = current_locale()
    pattern = Locale.parse(locale).currency_formats["standard"].pattern.replace(".00", "")
    return str(format_currency(Decimal(cents // 100), "EUR", pattern, locale=locale, currency_digits=False))


def plain_euros(cents: int) -> str:
    """Answer “1551347,58” for a spreadsheet, which reads it as a number where the language of the page is spoken."""
    return str(format_decimal(Decimal(cents) / 100, "0.00", locale=current_locale()))
