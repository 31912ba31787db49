"""Decimal numbers as people type them, read into whole units."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]+))?")


def units_of(text: str, places: int) -> int | None:
    """Answer a number in units of its last place: “0,101” with 4 places is 1010; a point is as good as a comma.

    None when it is no such number: negative, with more places than these, or with thousands set apart, which nobody
    could tell from decimals.
    """
    found = _SHAPE.fullmatch(text.strip().removesuffix("€").removesuffix("%").strip())
    if not found or len(found[2] or "") > places:
        return None
    return int(found[1] + (found[2] or "").ljust(places, "0"))


def decimal_text(units: int, places: int, *, least_places: int = 2) -> str:
    """Answer the number as it can be typed again, with a comma, without zeros that say nothing."""
    whole, rest = divmod(units, 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0").ljust(least_places, "0")
    return f"{whole},{decimals}" if decimals else str(whole)
