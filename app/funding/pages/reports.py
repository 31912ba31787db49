"""What a page of reports is asked, by whom, and what it shows: choices, refusals, lines with their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa
from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.rules.permissions import COORDINATOR, FINANCE, FUNDING_OFFICE, REPRESENTATIVE
from app.funding.models import FundingRegion, GrantRound, Insurer, ProjectRequest, ProjectShare
from app.funding.queries.reports import Question, report_lines
from app.funding.rules.report import (
    DIMENSIONS,
    FLAT,
    GRANTS,
    INSURER,
    NONE,
    OTHERS,
    PROJECTS,
    REGION,
    TOPIC,
    YEAR,
    Figures,
    Report,
    guarded_report,
    whole_report,
)
from app.groups.catalogue import get_catalogue
from app.shared.errors import BadInput
from app.shared.languages import current_locale, in_language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from flask_babel import LazyString
    from sqlalchemy.orm import Session

    from app.accounts.rules.permissions import Actor
    from app.shared.tables import Cell

GRANT_NAMES: dict[str, LazyString] = {FLAT: _l("Flat grants"), PROJECTS: _l("Projects")}
BY_NAMES: dict[str, LazyString] = {
    YEAR: _l("Year"),
    REGION: _l("Region"),
    TOPIC: _l("Topic"),
    INSURER: _l("Insurer"),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """Which regions somebody sees in reports (None: all), and whether they decide there: then each line is shown."""

    region_ids: Collection[int] | None
    decides: bool


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The report, what was asked for by field, what there is to choose, and by field why something was refused."""

    report: Report
    grant: str
    sight: Sight
    asked: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    refusals: Mapping[str, str]

    def name(self, key: str) -> str:
        """Answer what a line is called."""
        if key == OTHERS:
            return _("All others together")
        if key == NONE:
            return _("Without a topic") if self.report.by == TOPIC else _("None named")
        return self.choices[self.report.by].get(key, key)


def sight_of(session: Session, actor: Actor) -> Sight:
    """Answer what somebody sees: those who decide their regions whole, others with small figures put together."""
    roles = {grant.role for grant in actor.grants}
    if FINANCE in roles:
        return Sight(None, decides=True)
    offices = {grant.region_id for grant in actor.grants if grant.role == FUNDING_OFFICE and grant.region_id}
    if offices:
        return Sight(offices, decides=True)
    lands = {grant.state_ags for grant in actor.grants if grant.role == COORDINATOR}
    if REPRESENTATIVE in roles or None in lands:
        return Sight(None, decides=False)
    return Sight(
        set(session.scalars(sa.select(FundingRegion.id).where(FundingRegion.state_ags.in_(lands)))),
        decides=False,
    )


def read_report(session: Session, sight: Sight, args: Mapping[str, str]) -> ReportPage:
    """Answer the report that is asked for; what is not there is refused in a sentence and left out.

    Who does not decide chooses a year and what the lines are: two filters at once would tell of single groups.
    """
    choices = _choices(session, sight)
    by = args.get("by") or (REGION if "year" in args else YEAR)
    grant = args.get("grant") or FLAT
    refusals = {} if by in DIMENSIONS else {"by": _("Please choose what the lines are.")}
    refusals |= {} if grant in GRANTS else {"grant": _("Please choose one of the kinds of grant.")}
    by = by if by in DIMENSIONS else YEAR
    grant = grant if grant in GRANTS else FLAT
    asked = {}
    for field in DIMENSIONS if sight.decides else (YEAR,):
        wanted = args.get(field, "").strip()
        if wanted in choices[field]:
            asked[field] = wanted
        elif wanted:
            refusals[field] = _("There is none of this name here. Please choose one of the list.")
    question = Question(
        by,
        int(asked[YEAR]) if YEAR in asked else None,
        asked.get(REGION),
        asked.get(TOPIC),
        asked.get(INSURER),
        sight.region_ids,
        only_decided=not sight.decides,
        grant=grant,
    )
    lines, groups = report_lines(session, question)
    if sight.decides:
        report = whole_report(by, lines, groups=groups)
    else:
        report = guarded_report(by, lines, groups=groups, grant=grant)
    return ReportPage(report, grant, sight, asked, choices, refusals)


def report_for_a_file(session: Session, sight: Sight, args: Mapping[str, str]) -> ReportPage:
    """Answer the report that is asked for as a file.

    Raises:
        BadInput: something that is asked for is not there.
    """
    page = read_report(session, sight, args)
    for field, sentence in page.refusals.items():
        raise BadInput(sentence, field=field)
    return page


def columns(by: str) -> list[str]:
    """Answer the head of the table as a file."""
    return [
        str(BY_NAMES[by]),
        _("Groups"),
        _("Requests"),
        _("Asked for"),
        _("On average asked for"),
        _("Decided"),
        _("Rejected"),
        _("Rejected, per cent"),
        _("Granted"),
        _("On average granted"),
        _("Paid"),
        _("Given back"),
    ]


def rows(page: ReportPage) -> Iterator[list[Cell]]:
    """Answer the lines as a file has them, without their sum, so that adding a column up is right."""
    for each in page.report.lines:
        figures = each.figures
        yield [
            page.name(each.key),
            figures.groups,
            figures.requests,
            _euros(figures.asked),
            _euros(figures.average_asked),
            figures.decided,
            figures.rejected,
            None if figures.rejected_permille is None else Decimal(figures.rejected_permille) / 10,
            _euros(figures.granted),
            _euros(figures.average_granted),
            _euros(figures.paid),
            _euros(figures.returned),
        ]


def rejected_words(figures: Figures) -> str:
    """Answer “4,1 %”; nothing as long as nothing is decided."""
    if figures.rejected_permille is None:
        return ""
    share = format_decimal(Decimal(figures.rejected_permille) / 10, "0.0", locale=current_locale())
    return _("%(share)s %%", share=share)


def _euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def _choices(session: Session, sight: Sight) -> dict[str, dict[str, str]]:
    mine = sa.true() if sight.region_ids is None else FundingRegion.id.in_(sight.region_ids)
    years = session.scalars(sa.select(GrantRound.year).distinct().order_by(GrantRound.year.desc()))
    regions = session.execute(
        sa.select(FundingRegion.slug, FundingRegion.name).where(mine).order_by(FundingRegion.name)
    )
    leading = sa.select(FundingRegion.lead_insurer_id).where(mine)
    asked = (
        sa.select(ProjectShare.insurer_id)
        .join(ProjectRequest, ProjectRequest.id == ProjectShare.project_id)
        .join(FundingRegion, FundingRegion.id == ProjectRequest.region_id)
        .where(mine)
    )
    insurers = session.execute(
        sa.select(Insurer.slug, Insurer.name)
        .where(Insurer.id.in_(leading) | Insurer.id.in_(asked))
        .order_by(Insurer.name)
    )
    topics = {each.slug: in_language(each.names) for each in get_catalogue(session).topics}
    return {
        YEAR: {str(year): str(year) for year in years},
        REGION: dict(regions.tuples().all()),
        TOPIC: dict(sorted(topics.items(), key=lambda pair: pair[1].casefold())),
        INSURER: dict(insurers.tuples().all()),
    }
