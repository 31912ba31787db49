"""The fixed words of a listing: formats, states, audiences, access features, languages; each with its bit.

A group's filterable facts are one 64-bit number, so that any filter and every facet count is one pass over an
array (``finder_columns``). A bit, once given, keeps its meaning: append, never reorder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

FORMATS = ("in_person", "online", "hybrid")
STATUSES = ("open", "waiting_list", "founding")
FOR_WHOM = ("affected", "relatives")
AUDIENCES = ("young", "older", "women", "men", "lgbtq", "parents", "children", "migrants")
ACCESS = (
    "step_free",
    "lift",
    "accessible_toilet",
    "hearing_loop",
    "parking_disabled",
    "guide_dog",
    "sign_language",
    "easy_language",
)
LANGUAGE_CODES = (
    "de", "en", "nl", "tr", "ar", "ru", "uk", "pl", "fa", "fr", "es", "it",
    "ro", "el", "hr", "sr", "bg", "sq", "ku", "pt", "vi", "zh",
)  # fmt: skip
WEEKDAYS = ("1", "2", "3", "4", "5", "6", "7")

FACETS: dict[str, tuple[str, ...]] = {
    "weekday": WEEKDAYS,
    "format": FORMATS,
    "status": STATUSES,
    "for": FOR_WHOM,
    "access": ACCESS,
    "audience": AUDIENCES,
    "language": LANGUAGE_CODES,
}
"""Filter name → its values, in the order of their bits."""

FIRST_BIT = {
    "weekday": 0,
    "format": 7,
    "status": 11,
    "for": 15,
    "access": 18,
    "audience": 30,
    "language": 40,
}
"""Filter name → its first bit; between two there is room for values to come, so that stored bits keep their meaning."""
BIT_COUNT = 64
WEEKDAY_BITS = (1 << len(WEEKDAYS)) - 1

DISCLOSURES = ("exact", "area", "clearinghouse")
CLOSING_REASONS = ("too_few", "done", "nobody", "elsewhere", "other")
"""Why a group closes."""
CONTACT_WAYS = ("clearinghouse", "phone", "email", "website")


def facet_bits(facet: str, values: Iterable[str]) -> int:
    """Answer the bits of some values of a facet.

    Raises:
        ValueError: a value is not of this facet.
    """
    first = FIRST_BIT[facet]
    known = FACETS[facet]
    bits = 0
    for value in values:
        bits |= 1 << (first + known.index(value))
    return bits


def flags_of(facts: Mapping[str, Iterable[str]]) -> int:
    """Answer the one number that holds all facet values of a group."""
    flags = 0
    for facet, values in facts.items():
        flags |= facet_bits(facet, values)
    return flags
