"""The months of an insurer's year in words, and how far each bar of them reaches."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_date

from app.shared.languages import current_locale

if TYPE_CHECKING:
    from app.funding.queries.insurer_shares import InsurerYear, Month, OfMonth

BAR_LENGTH = 200


def month_words(month: Month) -> str:
    """Answer “März 2026”."""
    return str(format_date(date(*month, 1), "LLLL yyyy", locale=current_locale()))


def months_drawn(found: InsurerYear) -> list[tuple[OfMonth, int]]:
    """Answer the months, each with the length of its bar: what is spent by its end, of everything there was."""
    there_was = found.flat_sum.called + found.project_sum.called
    return [
        (each, min(BAR_LENGTH, BAR_LENGTH * max(0, each.spent_so_far) // there_was) if there_was else 0)
        for each in found.months
    ]
