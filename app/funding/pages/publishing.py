"""Who got what, for people: which year and Land are asked for, and the words of page, spreadsheet and PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.funding.queries.published import PublishedYear, list_published_years, read_publication
from app.funding.rules.ledger_accounts import GROUP, HOUSE, ORGANISATION
from app.funding.rules.publication import FEDERAL_AREA, Area, Publication, Sum, due_on
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.places.queries import list_states
from app.shared.errors import BadInput
from app.shared.languages import current_locale
from app.shared.money import euro_words, plain_euros

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from flask_babel import LazyString
    from sqlalchemy.orm import Session

    from app.shared.tables import Cell

KIND_WORDS: dict[str, LazyString] = {
    ORGANISATION: _l("Organisation"),
    HOUSE: _l("Clearing house"),
    GROUP: _l("Groups together"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Who got what in a year, everywhere or in one area; ``is_due`` once the law wants it to be published."""

    year: PublishedYear
    is_due: bool
    area: str
    area_names: Mapping[str, str]
    found: Publication


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to read, what there is to choose, and by field why something else was refused.

    ``shown`` is None when nothing is published at all.
    """

    years: tuple[PublishedYear, ...]
    area_names: Mapping[str, str]
    refusals: Mapping[str, str]
    shown: Shown | None


def read_asked(session: Session, args: Mapping[str, str], *, now: datetime) -> Asked:
    """Answer what is asked for: the newest year unless one is named, all areas unless one is.

    What is not there is refused in a sentence, and the newest year or all areas are shown instead.
    """
    today = day_of(now)
    years = tuple(list_published_years(session, this_year=today.year))
    names = {FEDERAL_AREA: _("Whole country")} | {
        state.state_ags: state.name for state in list_states(session)
    }
    refusals = {}
    wanted, area = args.get("year", "").strip(), args.get("state", "").strip()
    year = next((each for each in years if str(each.year) == wanted), years[0] if years else None)
    if wanted and (year is None or str(year.year) != wanted):
        refusals["year"] = _no_year(years)
    if area and area not in names:
        refusals["state"] = _("There is no such state here. Please choose one.")
        area = ""
    if year is None:
        return Asked(years, names, refusals, None)
    areas = read_publication(session, year.year).areas
    kept = tuple(each for each in areas if not area or each.key == area)
    shown = Shown(year, today > due_on(year.year), area, names, Publication(year.year, kept))
    return Asked(years, names, refusals, shown)


def asked_for_a_file(session: Session, args: Mapping[str, str], *, now: datetime) -> Shown:
    """Answer what is asked for as a file.

    Raises:
        BadInput: a year or an area is not there, or nothing is published at all.
    """
    asked = read_asked(session, args, now=now)
    for field, sentence in asked.refusals.items():
        choices = ", ".join(f"{key} ({name})" for key, name in asked.area_names.items())
        raise BadInput(f"{sentence} {choices}" if field == "state" else sentence, field=field)
    if asked.shown is None:
        raise BadInput(_no_year(()), field="year")
    return asked.shown


def standing_words(shown: Shown) -> str:
    """Answer how final the numbers are, and when they were to be published."""
    year, due = shown.year.year, date_words(due_on(shown.year.year))
    if (closed_at := shown.year.closed_at) is not None:
        closed = date_words(day_of(closed_at))
        return _("Published on %(closed)s, when the books of the year were closed; it was due on %(due)s.",
                 closed=closed, due=due)  # fmt: skip
    if shown.is_due:
        return _("The books of %(year)s are still open, so numbers can change. They were due on %(due)s.",
                 year=year, due=due)  # fmt: skip
    return _("The books of %(year)s are still open, so numbers can change. They are due on %(due)s.",
             year=year, due=due)  # fmt: skip


def name_words(each: Sum) -> str:
    """Answer who it is: a name, or how many groups."""
    if each.kind == GROUP:
        return ngettext("%(count)s group", "%(count)s groups", each.payees, count=number_words(each.payees))
    return each.name


def number_words(number: int) -> str:
    """Answer “2.163”."""
    return str(format_decimal(number, locale=current_locale()))


def file_name(shown: Shown) -> str:
    """Answer how a file is called, without its ending."""
    return "-".join(filter(None, (_("self-help-funding"), str(shown.year.year), shown.area)))


def table_columns() -> list[str]:
    """Answer the head of the spreadsheet."""
    return [_("Year"), _("Federal state"), _("Kind"), _("Name"), _("Number"), _("Euros")]


def table_rows(shown: Shown) -> Iterator[list[Cell]]:
    """Answer the lines of the spreadsheet, without sums of sums, so that adding a column up is right."""
    for area in shown.found.areas:
        for each in area.sums:
            yield [
                shown.year.year,
                shown.area_names[area.key],
                str(KIND_WORDS[each.kind]),
                each.name,
                each.payees,
                plain_euros(each.cents),
            ]


def document_title(shown: Shown) -> str:
    """Answer the title of the document."""
    if shown.area:
        return _(
            "Self-help funding %(year)s: %(area)s", year=shown.year.year, area=shown.area_names[shown.area]
        )
    return _("Self-help funding %(year)s", year=shown.year.year)


def document_facts(shown: Shown) -> dict[str, Any]:
    """Answer what the template of the document shows."""
    lead = [lead_words(shown.year.year), standing_words(shown)]
    parts = [_document_part(shown.area_names[area.key], area) for area in shown.found.areas]
    if len(shown.found.areas) > 1:
        parts.insert(0, _overview(shown))
    if not shown.found.areas:
        lead.append(_("Nobody there got money in this year."))
    return {
        "lead": lead,
        "parts": parts,
        "page_of": _("Page {page} of {pages}"),
        "sender": "Wirkreis",
    }


def lead_words(year: int) -> str:
    """Answer what the publication is."""
    return _(
        "Who got money for self-help from the statutory health insurers in %(year)s (§ 20h SGB V): organisations and "
        "clearing houses by name, groups only as a sum and a number. What was given back is taken off.",
        year=year,
    )


def _overview(shown: Shown) -> dict[str, Any]:
    rows = [
        [shown.area_names[area.key], number_words(area.payees_of(GROUP)), euro_words(area.cents)]
        for area in shown.found.areas
    ]
    whole = shown.found.whole
    total = [_("Together"), number_words(whole.payees_of(GROUP)), euro_words(whole.cents)]
    columns = [_("Federal state"), _("Groups"), _("Sum")]
    return {"heading": _("All federal states"), "texts": 1, "columns": columns, "rows": rows, "total": total}


def _document_part(name: str, area: Area) -> dict[str, Any]:
    return {
        "heading": name,
        "texts": 2,
        "columns": [_("Name"), _("Kind"), _("Sum")],
        "rows": [
            [name_words(each), str(KIND_WORDS[each.kind]), euro_words(each.cents)] for each in area.sums
        ],
        "total": [_("Together"), "", euro_words(area.cents)],
    }


def _no_year(years: tuple[PublishedYear, ...]) -> str:
    if not years:
        return _("Nothing has been published yet. A year is published when it is over.")
    return _("Nothing is published for that year. Please choose one of: %(years)s.",
             years=", ".join(str(each.year) for each in years))  # fmt: skip
