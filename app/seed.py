"""Fills a database with a demonstration: ``flask seed``, through the same services as everybody else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import sqlalchemy as sa
from flask import current_app
from tqdm import tqdm

from app.accounts.demo import make_demo_accounts, remove_demo_accounts
from app.accounts.models import User
from app.accounts.passwords import get_passwords
from app.accounts.rules.email_address import DEMO_HOST
from app.clearinghouses.demo import demo_clearinghouses
from app.clearinghouses.models import Catchment, ClearingHouse
from app.clearinghouses.services import register_clearinghouses
from app.funding.demo.applications import make_demo_applications
from app.funding.demo.levy import demo_years, make_demo_levy
from app.funding.demo.payments import Deciders
from app.funding.demo.projects import make_demo_projects
from app.funding.demo.removal import has_money, remove_money
from app.funding.demo.years import add_demo_organisations, make_demo_years
from app.funding.models import FundingRegion, FundingRegionDistrict, Insurer, Organisation
from app.funding.services.reference import load_funding_reference
from app.groups.demo.attendance import note_demo_attendance
from app.groups.demo.changes import demo_changes
from app.groups.demo.drafts import FIXED_FROM, demo_groups
from app.groups.demo.interest import make_demo_interest
from app.groups.demo.messages import make_demo_messages
from app.groups.demo.removal import remove_groups_and_clearinghouses
from app.groups.demo.reviews import make_demo_reviews
from app.groups.demo.upkeep import demo_upkeep
from app.groups.models import Group, Topic
from app.groups.queries import count_any
from app.groups.services import register_groups
from app.groups.topics import load_topics
from app.places.models import District
from app.places.services import load_reference_geography
from app.rooms.demo import make_demo_rooms, remove_rooms
from app.shared import clock
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

WALL_CLOCK = ZoneInfo("Europe/Berlin")
PROGRESS_STEPS = 10
MONEY_FROM = 200
"""From how many groups on the demonstration has years of money: with fewer, hardly a region has anybody who asks."""
INSURER = "aok-rheinland-hamburg"
"""Of which insurer the demonstration has somebody: one that pays where its funding office is."""
GROUPS_OF_A_CONTACT = 3
"""How many groups the demonstration's contact looks after."""


def register(app: Flask) -> None:
    """Afterwards ``flask seed`` exists."""
    app.cli.add_command(seed)


@click.command("seed")
@click.option(
    "--groups", "count", type=click.IntRange(min=0), default=2_000, show_default=True, help="How many groups."
)
@click.option("--random-seed", type=int, default=1, show_default=True, help="The same number, the same data.")
@click.option("--reset", is_flag=True, help="Delete all groups and clearing houses first.")
@click.option("--if-empty", is_flag=True, help="Do nothing when there are groups.")
@click.option(
    "--today",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day from which dates are counted; the present one unless told. Needed to get equal dates later.",
)
def seed(*, count: int, random_seed: int, reset: bool, if_empty: bool, today: datetime | None) -> None:
    """Invent groups and clearing houses for a demonstration.

    Everything is one transaction: a seed that is broken off leaves the database as it was.
    """
    day = today.date() if today else clock.now().astimezone(WALL_CLOCK).date()
    if not reset and count_any(db.session()):
        if if_empty:
            return
        raise click.ClickException(
            "There are groups already. Use --reset to delete them and all clearing houses first."
        )
    with transaction() as session, _progress(count) as on_progress:
        if reset:
            _remove_money(session, now=_start_of(day))
            remove_rooms(session)
            remove_groups_and_clearinghouses(session, today=day)
        _load_missing(session)
        houses = _make_clearinghouses(session, random_seed=random_seed, now=_start_of(day))
        drafts = demo_groups(session, count=count, random_seed=random_seed, today=day)
        group_ids = register_groups(session, drafts, now=_start_of(day), on_progress=on_progress)
        if count >= FIXED_FROM:
            demo_changes(session, group_ids, now=_start_of(day))
            note_demo_attendance(session, group_ids[0], now=_start_of(day))
        if count >= FIXED_FROM and _is_demo():
            demo_upkeep(session, group_ids, now=_start_of(day))
        _renew_accounts(session, now=_start_of(day))
        _make_for_staff(session, now=_start_of(day))
        if count >= FIXED_FROM:
            make_demo_reviews(session, group_ids[:GROUPS_OF_A_CONTACT], now=_start_of(day))
        _make_interest(session, random_seed=random_seed, now=_start_of(day))
        if _is_demo():
            _make_money(session, random_seed=random_seed, today=day, with_years=count >= MONEY_FROM)
    click.echo(f"{len(group_ids)} groups and {houses} clearing houses.")


def _is_demo() -> bool:
    return bool(current_app.config["WIRKREIS"].app_env == "demo")


def _start_of(day: date) -> datetime:
    """Answer the moment at which a day begins."""
    return datetime.combine(day, time(), WALL_CLOCK)


def _load_missing(session: Session) -> None:
    """Afterwards there are places, topics, and what funding begins with."""
    if session.scalar(sa.select(District.ags).limit(1)) is None:
        load_reference_geography(session)
    if session.scalar(sa.select(Topic.id).limit(1)) is None:
        load_topics(session)
    load_funding_reference(session)


def _make_clearinghouses(session: Session, *, random_seed: int, now: datetime) -> int:
    """Afterwards there are clearing houses, invented if there were none; answer how many."""
    if session.scalar(sa.select(ClearingHouse.id).limit(1)) is None:
        register_clearinghouses(session, demo_clearinghouses(session, random_seed), now)
    return session.scalar(sa.select(sa.func.count()).select_from(ClearingHouse)) or 0


def _renew_accounts(session: Session, *, now: datetime) -> None:
    """Afterwards the demo accounts are as new in a demonstration, and nowhere else: everybody knows their password."""
    remove_demo_accounts(session)
    if not _is_demo():
        return
    first = session.execute(
        sa.select(Group.id, Group.clearinghouse_id).order_by(Group.id).limit(GROUPS_OF_A_CONTACT)
    ).all()
    any_house = session.scalar(sa.select(ClearingHouse.id).order_by(ClearingHouse.id).limit(1))
    house_id = first[0][1] if first else any_house or 0
    insurer_id, region_id = _who_funds(session, house_id)
    add_demo_organisations(session, now=now)
    state = session.get_one(FundingRegion, region_id).state_ags
    make_demo_accounts(
        session,
        group_ids=[group_id for group_id, _house in first],
        clearinghouse_id=house_id,
        insurer_id=insurer_id,
        region_id=region_id,
        organisation_id=session.scalars(
            sa.select(Organisation.id)
            .where(Organisation.state_ags == state)
            .order_by(Organisation.id)
            .limit(1)
        ).one(),
        passwords=get_passwords(),
        now=now,
    )


def _who_funds(session: Session, house_id: int) -> tuple[int, int]:
    """Answer an insurer of the Rhineland, and the funding region in which a house is; without one the first region."""
    of_house = (
        sa.select(FundingRegionDistrict.region_id)
        .join(Catchment, Catchment.district_ags == FundingRegionDistrict.district_ags)
        .where(Catchment.clearinghouse_id == house_id)
    )
    insurer = sa.select(Insurer.id).where(Insurer.slug == INSURER)
    first_region = sa.select(FundingRegion.id).order_by(FundingRegion.id).limit(1)
    region_id = session.scalar(of_house.limit(1)) or session.scalars(first_region).one()
    return session.scalars(insurer).one(), region_id


def _make_for_staff(session: Session, *, now: datetime) -> None:
    """Afterwards the house of the first group, whose staff and contact have demo accounts, has rooms and messages."""
    first = sa.select(Group.id, Group.clearinghouse_id).order_by(Group.id).limit(GROUPS_OF_A_CONTACT)
    rows = session.execute(first).all()
    if rows:
        make_demo_rooms(session, rows[0][1], group_ids=[group_id for group_id, _house in rows], now=now)
        make_demo_messages(session, rows[0][1], group_id=rows[0][0], now=now)


def _make_interest(session: Session, *, random_seed: int, now: datetime) -> None:
    """Afterwards people wait for groups, and the house of the first group is founding one."""
    house_id = session.scalar(sa.select(Group.clearinghouse_id).order_by(Group.id).limit(1))
    if house_id is not None:
        make_demo_interest(session, house_id, random_seed=random_seed, now=now)


def _remove_money(session: Session, *, now: datetime) -> None:
    """Afterwards a demonstration has no money.

    Raises:
        click.ClickException: it is no demonstration; then what stands in the ledger stays.
    """
    if not has_money(session):
        return
    if not _is_demo():
        raise click.ClickException(
            "There is money in the ledger, which is never emptied. Use another database."
        )
    remove_money(session, now=now)


def _make_money(session: Session, *, random_seed: int, today: date, with_years: bool) -> None:
    """Afterwards there is a levy; and, if wanted, money was given in the year before and is being given in this one."""
    make_demo_levy(session, until=today.year)
    if not with_years:
        return
    office, finance, second = (
        session.scalars(sa.select(User.id).where(User.email == f"{account}@{DEMO_HOST}")).one()
        for account in ("fundingoffice", "finance", "finance2")
    )
    years = demo_years(session, until=today.year)
    deciders = Deciders(office, finance, second)
    make_demo_years(session, deciders, years=years, random_seed=random_seed, today=today)
    make_demo_projects(session, now=_start_of(today))
    make_demo_applications(session, years[-1], office, today=today)


@contextmanager
def _progress(count: int) -> Iterator[Callable[[int], None]]:
    """Show how far it is on standard error: a bar for people, a line every tenth for logs."""
    if sys.stderr.isatty():
        with tqdm(total=count, unit=" groups", file=sys.stderr) as progress_bar:
            yield lambda done: progress_bar.update(done) and None
    else:
        yield _Lines(count).advance


class _Lines:
    """Writes a line each time another tenth is done."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._done = 0

    def advance(self, done: int) -> None:
        """Count what was done since the last call."""
        before, self._done = self._done, self._done + done
        if self._done * PROGRESS_STEPS // self._count > before * PROGRESS_STEPS // self._count:
            click.echo(f"{self._done} of {self._count} groups", err=True)
