"""How a sum in euros is written down by people and programs, as text that becomes whole cents and back."""

from __future__ import annotations

import re

from app.funding.rules.amounts import MOST_CENTS

_GROUPED = re.compile(r"(\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?")
_PLAIN = re.compile(r"(\d{1,17})(?:[.,](\d{1,2}))?")
_LONGEST = 40


def cents_of(text: str) -> int:
    """Answer the cents of “1.234,56”, “1234,56”, “1234.56” or “1.234”, with or without a sign for euros.

    Raises:
        ValueError: it is none of these, such as “1,234”, which could be either; or more than a ledger can hold.
    """
    bare = text.replace("\N{NO-BREAK SPACE}", " ").strip().removesuffix("€").removesuffix("EUR").strip()
    found = _GROUPED.fullmatch(bare) or _PLAIN.fullmatch(bare) if len(bare) <= _LONGEST else None
    if found is None or not bare.isascii():
        raise ValueError(f"{text[:_LONGEST]!r} is no sum of money.")
    cents = int(found[1].replace(".", "")) * 100 + int((found[2] or "").ljust(2, "0"))
    if cents > MOST_CENTS:
        raise ValueError(f"{text[:_LONGEST]!r} is more than a ledger can hold.")
    return cents


def euro_text(cents: int) -> str:
    """Answer “1234,56”, as fields and files hold it."""
    return f"{cents // 100},{cents % 100:02}"
