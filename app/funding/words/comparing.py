"""The figures of a comparison in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.funding.pages.group_rows import APART, LESS, MORE, NAME, REQUESTED
from app.funding.rules.comparison import FEW_MEMBERS, NEW, RARE, SMALL
from app.funding.rules.euros import euro_text
from app.shared.languages import current_locale
from app.shared.money import euro_words

if TYPE_CHECKING:
    from app.funding.pages.comparing import Column
    from app.funding.queries.applicants import Result

WATCHED_NAMES = {
    SMALL: _l("Small groups"),
    RARE: _l("Rare conditions"),
    NEW: _l("New groups"),
}
ORDER_NAMES = {
    LESS: _l("who loses most against last year"),
    MORE: _l("who gains most against last year"),
    APART: _l("where the drafts differ most"),
    REQUESTED: _l("who asks for most"),
    NAME: _l("name"),
}


def watched_hint(kind: str) -> str:
    """Answer who is meant."""
    return {
        SMALL: _("fewer than %(members)s members", members=FEW_MEMBERS),
        RARE: _("a topic that few people share"),
        NEW: _("ask for the first time"),
    }[kind]


def percent_words(part: Fraction) -> str:
    """Answer “13,9 %”."""
    return str(format_percent(float(part), "#,##0.0 %", locale=current_locale()))


def number_words(number: int | Decimal) -> str:
    """Answer “2.163”."""
    return str(format_decimal(number, locale=current_locale()))


def axis_euros(cents: int) -> str:
    """Answer “1.200”, without the sign: for an axis."""
    return number_words(Decimal(cents) / 100)


def gini_words(gini: Fraction) -> str:
    """Answer “0,228”."""
    return str(format_decimal(float(gini), "0.000", locale=current_locale()))


def change_words(cents: int) -> str:
    """Answer “+ 12,00 €”, “− 3,00 €” or “± 0 €”."""
    if not cents:
        return _("the same")
    return f"{'+' if cents > 0 else '−'} {euro_words(abs(cents))}"


def range_words(members: tuple[int, int | None]) -> str:
    """Answer “10 to 19 members”."""
    first, end = members
    if end is None:
        return _("from %(first)s members", first=first) if first > 1 else _("any number of members")
    if end - first == 1:
        return _("%(first)s members", first=first)
    return _("%(first)s to %(last)s members", first=first, last=end - 1)


def column_name(column: Column, past: Result | None) -> str:
    """Answer “Draft A” or “Granted 2025”."""
    if column.is_draft or past is None:
        return draft_name(column.look)
    return _("Granted %(year)s", year=past.year)


def draft_name(letter: str) -> str:
    """Answer “Draft A”."""
    return _("Draft %(letter)s", letter=letter.upper())


WORDS: dict[str, Any] = {
    each.__name__: each
    for each in (
        euro_words,
        percent_words,
        number_words,
        axis_euros,
        euro_text,
        gini_words,
        change_words,
        range_words,
        column_name,
        draft_name,
        watched_hint,
    )
} | {"watched_names": WATCHED_NAMES, "order_names": ORDER_NAMES}
