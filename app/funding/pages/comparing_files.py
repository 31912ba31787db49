"""A comparison as lists for a spreadsheet: groups, sums and figures by drafts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.funding.pages.group_rows import group_rows
from app.funding.words.comparing import WATCHED_NAMES, column_name, gini_words, percent_words, range_words
from app.shared.tables import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.funding.pages.comparing import Column
    from app.funding.pages.what_if import Comparison
    from app.funding.rules.comparison import Sums

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


def figure_table(it: Comparison) -> Table:
    """Answer a line for each figure, and what it is in each draft; of an earlier round, what does not ask for more."""
    columns = [_("Figure"), *(column_name(each, it.past) for each in it.columns)]
    figures: list[tuple[str, Callable[[Column], Cell]]] = [
        (_("Groups"), lambda each: each.figures.groups),
        (_("Awarded"), lambda each: euros(each.figures.total_cents)),
        (_("Left over"), lambda each: euros(each.leftover_cents)),
        (_("Held back as a reserve"), lambda each: euros(each.reserve_cents)),
        (_("With nothing"), lambda each: each.figures.with_nothing),
        (_("Groups that get all they asked for"), lambda each: each.fully_met),
        (_("Median"), lambda each: euros(round(each.figures.median_cents))),
        (_("Gini"), lambda each: gini_words(each.figures.gini)),
        (
            _("Part of the money that the tenth with most gets"),
            lambda each: percent_words(each.figures.top_tenth),
        ),
    ]
    compared: list[tuple[str, Callable[[Column], Cell]]] = [
        (_("Against last year: all together"), lambda each: euros(each.changes.sum_cents)),
        (_("Groups with more than last year"), lambda each: each.changes.more),
        (_("Groups with less than last year"), lambda each: each.changes.less),
        (_("Groups with the same as last year"), lambda each: each.changes.same),
        (_("Groups that had nothing last year"), lambda each: each.changes.first_time),
        (_("Largest difference between groups with equal limits"), lambda each: euros(each.gap_cents)),
    ]
    rows: list[list[Cell]] = [[name, *map(figure, it.columns)] for name, figure in figures]
    rows += [
        [name, *(figure(each) if each.is_draft else None for each in it.columns)] for name, figure in compared
    ]
    return columns, rows


TABLES: dict[str, Callable[[Comparison], Table]] = {
    "groups": group_table,
    "sums": sum_table,
    "figures": figure_table,
}
TABLE_NAMES = {"groups": _l("Groups"), "sums": _l("Sums"), "figures": _l("Figures")}


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
