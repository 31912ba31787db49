"""Applications of groups for a flat grant: the round that is open, what was written, and what speaks for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationLine,
    ApplicationPaper,
    ApplicationSignature,
    FundingRegion,
    GrantApplication,
    GrantRound,
    LedgerAccount,
)
from app.funding.queries.balances import balance_of
from app.funding.queries.regions import region_of_group, rules_in
from app.funding.queries.rounds import pot_of
from app.funding.rules import application as app_rules
from app.funding.rules.deadlines import Arrival, deadline, is_in_time
from app.funding.rules.eligibility import Assessment, Facts, assess
from app.funding.rules.ledger_accounts import PAID, Account, a_group
from app.funding.rules.region_rules import RegionRules
from app.groups.meetings.schedules import day_of
from app.groups.models import Group, GroupTopic, Topic
from app.groups.readers import readers_of
from app.places.public_holidays import public_holidays

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_HOLIDAYS_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round that a group can apply in, the region with its rules, and what the group has written there so far."""

    group: Group
    region: FundingRegion
    rules: RegionRules
    round: GrantRound
    application: GrantApplication | None
    signatures: tuple[ApplicationSignature, ...]
    papers: tuple[ApplicationPaper, ...]
    had_earlier: bool

    def values(self, page: str) -> dict[str, Any] | None:
        """Answer what a page means; None while it is not right."""
        found: dict[str, Any] | None = self._answers(page).get("values")
        return found

    def typed(self, page: str) -> dict[str, list[str]]:
        """Answer what was typed on a page."""
        found: dict[str, list[str]] = self._answers(page).get("typed", {})
        return found

    def version(self, page: str) -> int:
        """Answer how often a page was changed."""
        return int(self.application.versions.get(page, 0)) if self.application else 0

    def missing_pages(self) -> list[str]:
        """Answer the pages that are not right yet."""
        return [page for page in app_rules.PAGES if self.values(page) is None]

    @property
    def is_open(self) -> bool:
        """Whether it can be changed: it was begun and is not submitted."""
        return self.application is not None and self.application.state != app_rules.SUBMITTED

    @property
    def plan(self) -> app_rules.Plan:
        """Its income and expenditure."""
        return app_rules.plan_of(self.values(app_rules.MONEY), self.rules)

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
    def rule_day(self) -> date:
        """The last day by the rules of the region."""
        year, land = self.round.year, self.region.state_ags
        plain = deadline(year, self.rules, is_new=self.is_new)
        free = public_holidays(land, plain, plain + _HOLIDAYS_AHEAD)
        return deadline(year, self.rules, is_new=self.is_new, free_days=free)

    @property
    def last_day(self) -> date:
        """The last day, an extension of the round included."""
        return max(self.rule_day, self.round.closes_on)

    @property
    def mark(self) -> str:
        """A mark of everything that is signed: another as soon as something of it is changed."""
        assert self.application is not None
        signed = {
            "pages": {page: self.values(page) for page in app_rules.PAGES},
            "papers": sorted(each.mark for each in self.papers),
        }
        return hashlib.sha256(json.dumps(signed, sort_keys=True).encode()).hexdigest()[:32]

    @property
    def signed(self) -> int:
        """How many have signed what is there now."""
        return sum(each.signed_at is not None for each in self.signatures)


def find_open_round(session: Session, group_id: int, *, now: datetime) -> OpenRound | None:
    """Answer the newest round that has begun in the region of a group; None where there is none."""
    region = region_of_group(session, group_id)
    if region is None:
        return None
    found = session.scalar(
        sa.select(GrantRound)
        .where(GrantRound.region_id == region.id, GrantRound.opens_on <= day_of(now))
        .order_by(GrantRound.year.desc())
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
    signatures: Sequence[ApplicationSignature] = ()
    papers: Sequence[ApplicationPaper] = ()
    if application is not None:
        signatures = session.scalars(
            sa.select(ApplicationSignature)
            .where(ApplicationSignature.application_id == application.id)
            .order_by(ApplicationSignature.position)
            .execution_options(populate_existing=True)
        ).all()
        papers = session.scalars(
            sa.select(ApplicationPaper)
            .where(ApplicationPaper.application_id == application.id)
            .options(sa.orm.defer(ApplicationPaper.body))
            .order_by(ApplicationPaper.id)
        ).all()
    return OpenRound(
        group=session.get_one(Group, group_id),
        region=region,
        rules=rules_in(session, region),
        round=round_,
        application=application,
        signatures=tuple(signatures),
        papers=tuple(papers),
        had_earlier=find_earlier(session, group_id, before=round_.year) is not None,
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


def year_of(session: Session, application: GrantApplication) -> int:
    """Answer the funding year of an application."""
    return session.get_one(GrantRound, application.round_id).year


def list_earlier(session: Session, group_id: int, *, before: int) -> list[tuple[int, GrantApplication]]:
    """Answer what a group submitted for earlier years, the newest first, each with its year."""
    rows = session.execute(
        sa.select(GrantRound.year, GrantApplication)
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .where(
            GrantApplication.group_id == group_id,
            GrantRound.year < before,
            GrantApplication.number.is_not(None),
        )
        .order_by(GrantRound.year.desc())
    )
    return [(year, application) for year, application in rows]


def award_of(session: Session, group_id: int, round_id: int) -> int | None:
    """Answer what the posted runs of a round have given a group; None while there is none."""
    return session.scalar(
        sa.select(AllocationLine.award_cents)
        .join(AllocationAct, AllocationAct.run_id == AllocationLine.run_id)
        .where(
            AllocationAct.round_id == round_id,
            AllocationAct.act == "posted",
            AllocationLine.group_id == group_id,
        )
        .order_by(AllocationAct.number.desc())
        .limit(1)
    )


def paid_to(session: Session, group_id: int, region: FundingRegion, year: int) -> int:
    """Answer what a group was paid out of the pot of a year."""
    pot = pot_of(region, year)
    account = Account(PAID, year, state=pot.state, region=pot.region, level=pot.level, payee=a_group(group_id))
    number = session.scalar(sa.select(LedgerAccount.id).where(LedgerAccount.name == account.name))
    return balance_of(session, number) if number else 0


def assess_application(session: Session, found: OpenRound, arrival: Arrival | None) -> Assessment:
    """Answer everything that speaks for and against what a group has written so far."""
    return assess(_facts(session, found, arrival), found.rules)


def arrival_in_time(found: OpenRound, arrival: Arrival) -> str:
    """Answer how a request stands that comes like this."""
    return app_rules.standing_of(
        is_in_time=is_in_time(arrival, found.rule_day, found.rules),
        is_extended=is_in_time(arrival, found.last_day, found.rules),
    )


def _facts(session: Session, found: OpenRound, arrival: Arrival | None) -> Facts:
    group = found.group
    about = found.values(app_rules.GROUP) or {}
    account = found.values(app_rules.ACCOUNT) or {}
    said = (found.values(app_rules.DECLARATIONS) or {}).get("statements", [])
    others = (found.values(app_rules.MONEY) or {}).get("others", [])
    region = region_of_group(session, group.id)
    leaders = about.get("leaders", app_rules.NOBODY_LEADS)
    return Facts(
        in_disease_list=_is_in_disease_list(session, group.id),
        members=about.get("members", 0),
        meets_regularly=about.get("meetings", 0) >= app_rules.LEAST_MEETINGS,
        has_contact=bool(readers_of(session, [group.id])[group.id]),
        is_new=found.is_new,
        founded_on=found.founded_on or found.last_day,
        has_founding_minutes=any(each.kind == app_rules.MINUTES for each in found.papers),
        is_public=group.is_listed or bool(about.get("is_published")),
        is_listed=group.is_listed,
        is_open=bool(about.get("is_open")),
        is_led_by_professional=leaders == app_rules.LED,
        has_guest_experts=leaders == app_rules.GUESTS,
        is_unpaid=app_rules.UNPAID in said,
        has_own_account=bool(account.get("is_own")),
        is_in_region=region is not None and region.id == found.region.id,
        is_independent=app_rules.INDEPENDENT in said,
        declares_money=app_rules.ALL_MONEY in said and found.plan.adds_up,
        signatures=found.signed,
        accepts_duties=app_rules.DUTIES in said,
        owes_proof=False,
        arrival=arrival,
        last_day=found.last_day,
        requests_elsewhere=_is_elsewhere(session, found),
        other_grants=frozenset(each["kind"] for each in others),
    )


def _is_in_disease_list(session: Session, group_id: int) -> bool:
    return session.scalar(
        sa.select(Topic.id)
        .join(GroupTopic, GroupTopic.topic_id == Topic.id)
        .where(GroupTopic.group_id == group_id, Topic.disease_area_slug.is_not(None))
        .limit(1)
    ) is not None


def _is_elsewhere(session: Session, found: OpenRound) -> bool:
    """Whether another group or region has the same account in this year."""
    application = found.application
    if application is None or application.account_mark is None:
        return False
    return session.scalar(
        sa.select(GrantApplication.id)
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .where(
            GrantRound.year == found.round.year,
            GrantApplication.account_mark == application.account_mark,
            GrantApplication.id != application.id,
        )
        .limit(1)
    ) is not None
