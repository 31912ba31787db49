"""A comparison as lists for a spreadsheet: groups by drafts, and sums by drafts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.comparing_words import WATCHED_NAMES, column_name, range_words
from app.funding.group_rows import group_rows
from app.shared.tables import Cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.funding.rules.comparison import Sums
    from app.funding.what_if import Comparison

Table = tuple[list[str], list[list[Cell]]]


def group_table(it: Comparison) -> Table:
    """Answer a line for each group that asks: its facts, last year's award, and what each draft gives."""
    names = [column_name(each, it.past) for each in it.drafts]
    columns = [_("Group"), _("Topic"), _("District"), _("Members"), _("Requested"), _("Last year"), *names]
    rows: list[list[Cell]] = [
        [
            row.asker.name,
            it.topic_names.get(row.asker.facts.topic, ""),
            it.district_names.get(row.asker.facts.district, ""),
            row.asker.members,
            euros(row.requested_cents),
            euros(row.asker.facts.last_cents),
            *(euros(cents) for cents in row.awards_cents),
        ]
        for row in group_rows(it.state.requests, it.askers, it.drafts)
    ]
    return columns, rows


def sum_table(it: Comparison) -> Table:
    """Answer a line for each tier, topic, district and watched set: how many groups, and each draft's sums."""
    columns = [_("By"), _("Kind"), _("Groups"), _("Requested")]
    for each in it.columns:
        name = column_name(each, it.past)
        columns += [
            _("%(draft)s: awarded", draft=name),
            _("%(draft)s: share in per cent", draft=name),
            _("%(draft)s: groups with nothing", draft=name),
        ]
    if not it.drafts:
        return columns, []
    everybody = [each.everybody for each in it.columns]
    rows = [_line(_("All groups"), "", it.drafts[0].everybody, everybody)]
    by = (
        (_("Tier"), it.tiers, range_words),
        (_("Topic"), it.topics(most=0), lambda key: it.topic_names.get(key, _("without a topic"))),
        (_("District"), it.districts(most=0), lambda key: it.district_names.get(key, _("without a place"))),
        (_("Watched"), it.watched, lambda key: str(WATCHED_NAMES[key])),
    )
    rows += [_line(kind, name(row.key), row.asked, row.sums) for kind, some, name in by for row in some]
    return columns, rows


def euros(cents: int | None) -> Decimal | None:
    """Answer a sum as a spreadsheet has it."""
    return None if cents is None else Decimal(cents) / 100


def _line(by: str, kind: str, asked: Sums, sums: Sequence[Sums | None]) -> list[Cell]:
    line: list[Cell] = [by, kind, asked.groups, euros(asked.requested_cents)]
    for each in sums:
        line += [None, None, None] if each is None else _cells(each)
    return line


def _cells(sums: Sums) -> list[Cell]:
    return [euros(sums.awarded_cents), _per_cent(sums.share), sums.with_nothing]


def _per_cent(part: Fraction) -> Decimal:
    return Decimal(round(part * 10_000)) / 100
