"""Applications of groups for a flat grant: the round that is open, and what was written in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

import sqlalchemy as sa

from app.funding.models import (
    ApplicationPaper,
    ApplicationSignature,
    ChangeRequest,
    DeadlineExtension,
    FundingRegion,
    GrantApplication,
    GrantRound,
)
from app.funding.queries.regions import last_day_in, region_of_group, rules_in
from app.funding.queries.written import Signed, read_papers, read_signatures
from app.funding.rules import application as app_rules
from app.funding.rules.checks import pages_of
from app.funding.rules.region_rules import RegionRules, most_for, must_say_why
from app.funding.rules.standing import LastDays
from app.groups.meetings.schedules import day_of
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class OpenRound(Signed):
    """A round that a group can apply in, the region with its rules, and what the group has written there so far."""

    group: Group
    region: FundingRegion
    rules: RegionRules
    round: GrantRound
    application: GrantApplication | None
    signatures: tuple[ApplicationSignature, ...]
    papers: tuple[ApplicationPaper, ...]
    had_earlier: bool
    PAGES: ClassVar[Sequence[str]] = app_rules.PAGES
    OWNER: ClassVar[str] = "application_id"
    PAPER_KINDS: ClassVar[Sequence[str]] = app_rules.PAPER_KINDS

    @property
    def row(self) -> GrantApplication | None:
        """Where its pages are kept."""
        return self.application

    change: ChangeRequest | None
    """What the group is asked to change, while it is."""
    extension: DeadlineExtension | None
    """A later last day for this group."""

    def missing_pages(self) -> list[str]:
        """Answer the pages that are not right yet."""
        missing = [page for page in self.PAGES if self.values(page) is None]
        money = self.values(app_rules.MONEY)
        if money and not money.get("reasons") and must_say_why(self.plan.requested_cents, self.rules):
            missing.append(app_rules.MONEY)
        return missing

    def open_pages(self) -> list[str]:
        """Answer the pages that are not right, or say too little: no plan that adds up, statements left out."""
        missing = set(self.missing_pages())
        if not self.plan.adds_up:
            missing.add(app_rules.MONEY)
        if set((self.values(app_rules.DECLARATIONS) or {}).get("statements", ())) != set(
            app_rules.STATEMENTS
        ):
            missing.add(app_rules.DECLARATIONS)
        return [page for page in self.PAGES if page in missing]

    @property
    def is_open(self) -> bool:
        """Whether it can be changed: it was begun and is not submitted."""
        return self.application is not None and self.application.state != app_rules.SUBMITTED

    def may_change(self, page: str) -> bool:
        """Whether a page can be changed: any while it is open; while changes are asked for, those with such a field."""
        return self.is_open if self.change is None else page in pages_of(self.change.fields)

    @property
    def plan(self) -> app_rules.Plan:
        """Its income and expenditure."""
        return app_rules.plan_of(self.values(app_rules.MONEY), self.rules)

    @property
    def most_cents(self) -> int | None:
        """What a group of its size gets at most here, as far as that can be said."""
        values = self.values(app_rules.GROUP)
        return most_for(values["members"], self.rules) if values else None

    @property
    def founded_on(self) -> date | None:
        """When the group says it was founded."""
        values = self.values(app_rules.GROUP)
        return app_rules.month_of(values["founded"]) if values else None

    @property
    def is_new(self) -> bool:
        """Whether the group is new here."""
        founded = self.founded_on
        return founded is not None and app_rules.is_new(
            founded, self.round.year, had_earlier=self.had_earlier
        )

    @property
    def last_days(self) -> LastDays:
        """The last day by the rules of the region, and more time for the round and for this group."""
        by_rule = last_day_in(self.region, self.round.year, self.rules, is_new=self.is_new)
        own = () if self.extension is None else (self.extension.last_day,)
        return LastDays(by_rule, (self.round.closes_on, *own))

    @property
    def last_day(self) -> date:
        """The last day, extensions of the round and of this group included."""
        return self.last_days.last

    @property
    def year(self) -> int:
        """The year of the round."""
        return self.round.year

    @property
    def asked_cents(self) -> int:
        """What is asked for."""
        return self.plan.requested_cents


def find_open_round(session: Session, group_id: int, *, now: datetime) -> OpenRound | None:
    """Answer the newest round that has begun in the region of a group; None where there is none.

    While the group is asked to change its request of an earlier round, it is that one.
    """
    region = region_of_group(session, group_id)
    if region is None:
        return None
    asked = (
        sa.exists()
        .where(GrantApplication.round_id == GrantRound.id, GrantApplication.group_id == group_id)
        .where(ChangeRequest.application_id == GrantApplication.id, ChangeRequest.ended_at.is_(None))
    )
    found = session.scalar(
        sa.select(GrantRound)
        .where(GrantRound.region_id == region.id, GrantRound.opens_on <= day_of(now))
        .order_by(asked.desc(), GrantRound.year.desc())
        .limit(1)
    )
    return None if found is None else read_round_of(session, group_id, found)


def read_round_of(session: Session, group_id: int, round_: GrantRound) -> OpenRound:
    """Answer a round with what a group has written there."""
    region = session.get_one(FundingRegion, round_.region_id)
    application = session.scalar(
        sa.select(GrantApplication)
        .where(GrantApplication.round_id == round_.id, GrantApplication.group_id == group_id)
        .execution_options(populate_existing=True)
    )
    change: ChangeRequest | None = None
    owner = {"application_id": application.id} if application is not None else None
    if application is not None:
        change = session.scalar(
            sa.select(ChangeRequest)
            .where(ChangeRequest.application_id == application.id, ChangeRequest.ended_at.is_(None))
            .execution_options(populate_existing=True)
        )
    return OpenRound(
        group=session.get_one(Group, group_id),
        region=region,
        rules=rules_in(session, region),
        round=round_,
        application=application,
        signatures=read_signatures(session, owner) if owner else (),
        papers=read_papers(session, owner) if owner else (),
        had_earlier=find_earlier(session, group_id, before=round_.year) is not None,
        change=change,
        extension=session.scalar(
            sa.select(DeadlineExtension)
            .where(DeadlineExtension.round_id == round_.id, DeadlineExtension.group_id == group_id)
            .order_by(DeadlineExtension.number.desc())
            .limit(1)
        ),
    )


def find_earlier(session: Session, group_id: int, *, before: int) -> GrantApplication | None:
    """Answer the newest application that a group submitted for an earlier year."""
    return session.scalar(
        sa.select(GrantApplication)
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .where(
            GrantApplication.group_id == group_id,
            GrantRound.year < before,
            GrantApplication.number.is_not(None),
        )
        .order_by(GrantRound.year.desc())
        .limit(1)
    )


def names_before(session: Session, found: Signed) -> list[str]:
    """Answer who signed an earlier request of the group, the last last; addresses are not looked for."""
    rows = sa.select(ApplicationSignature.name).where(
        ApplicationSignature.group_id == found.group.id, ApplicationSignature.signed_at.is_not(None)
    )
    return list(session.scalars(rows.order_by(ApplicationSignature.id)))


def year_of(session: Session, application: GrantApplication) -> int:
    """Answer the funding year of an application."""
    return session.get_one(GrantRound, application.round_id).year
