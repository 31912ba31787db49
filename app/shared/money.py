"""How a sum of money is written for people."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency

from app.shared.languages import current_locale


def euro_words(cents: int) -> str:
    """Answer “7,50 €”."""
    return str(format_currency(Decimal(cents) / 100, "EUR", locale=current_locale()))
