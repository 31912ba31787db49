"""What speaks for and against an application, and how it would stand if it came on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import GrantApplication, GrantRound
from app.funding.queries.applications import OpenRound
from app.funding.queries.proofs import owing
from app.funding.queries.regions import region_of_group
from app.funding.rules import application as app_rules
from app.funding.rules.deadlines import Arrival
from app.funding.rules.eligibility import Assessment, Facts, assess
from app.funding.rules.standing import standing_of
from app.groups.models import GroupTopic, Topic
from app.groups.readers import readers_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def assess_application(session: Session, found: OpenRound, arrival: Arrival | None) -> Assessment:
    """Answer everything that speaks for and against what a group has written so far."""
    return assess(_facts(session, found, arrival), found.rules)


def arrival_in_time(found: OpenRound, arrival: Arrival) -> str:
    """Answer how a request stands that comes like this."""
    return standing_of(arrival, found.last_days, found.rules)


def arrival_on(found: OpenRound, day: date) -> Arrival:
    """Answer how a request arrives that is signed on a day: what was changed because it was asked for came before."""
    if found.change is not None and found.written.received_on is not None:
        return Arrival(found.written.received_on, found.written.posted_on)
    return Arrival(day)


def _facts(session: Session, found: OpenRound, arrival: Arrival | None) -> Facts:
    group = found.group
    about = found.values(app_rules.GROUP) or {}
    account = found.values(app_rules.ACCOUNT) or {}
    said = (found.values(app_rules.DECLARATIONS) or {}).get("statements", [])
    others = (found.values(app_rules.MONEY) or {}).get("others", [])
    region = region_of_group(session, group.id)
    leaders = about.get("leaders", app_rules.NOBODY_LEADS)
    return Facts(
        in_disease_list=is_in_disease_list(session, group.id),
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
        owes_proof=_owes_proof(session, found, arrival),
        arrival=arrival,
        last_day=found.last_day,
        requests_elsewhere=_is_elsewhere(session, found),
        other_grants=frozenset(each["kind"] for each in others),
    )


def _owes_proof(session: Session, found: OpenRound, arrival: Arrival | None) -> bool:
    """Whether the proof of an earlier year is missing on the day on which the request comes, or could last come."""
    on = arrival.received_on if arrival else found.last_day
    return bool(owing(session, [found.group.id], before_year=found.round.year, on=on))


def is_in_disease_list(session: Session, group_id: int) -> bool:
    """Answer whether a topic of a group is among the diseases that insurers may fund."""
    return (
        session.scalar(
            sa.select(Topic.id)
            .join(GroupTopic, GroupTopic.topic_id == Topic.id)
            .where(GroupTopic.group_id == group_id, Topic.disease_area_slug.is_not(None))
            .limit(1)
        )
        is not None
    )


def _is_elsewhere(session: Session, found: OpenRound) -> bool:
    """Whether another group or region has the same account in this year."""
    application = found.application
    if application is None or application.account_mark is None:
        return False
    return (
        session.scalar(
            sa.select(GrantApplication.id)
            .join(GrantRound, GrantRound.id == GrantApplication.round_id)
            .where(
                GrantRound.year == found.round.year,
                GrantApplication.account_mark == application.account_mark,
                GrantApplication.id != application.id,
            )
            .limit(1)
        )
        is not None
    )
