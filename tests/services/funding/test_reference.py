"""What funding begins with: loaded once, and never over what the operator has changed."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from app.funding.demo.levy import TOTALS, make_demo_levy
from app.funding.models import FundingRegion, FundingRegionDistrict, Insurer, LevyRate
from app.funding.queries.levy import duties_of, insured_of, plans_of
from app.funding.rules.level_plan import needed_together
from app.funding.services.reference import load_funding_reference
from app.places.models import District, State


def _count(session, model):
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_every_land_and_district_has_a_region_and_a_second_load_changes_nothing_that_was_changed(session):
    assert load_funding_reference(session) > 50
    assert {"aok-bayern", "tk", "knappschaft", "svlfg"} <= set(session.scalars(sa.select(Insurer.slug)))
    assert _count(session, FundingRegion) == _count(session, State) == 16
    assert _count(session, FundingRegionDistrict) == _count(session, District)
    session.get(LevyRate, 2019).source = "found at last"
    berlin = session.scalars(sa.select(FundingRegion).where(FundingRegion.state_ags == "11")).one()
    berlin.slug, berlin.name = "berlin-mitte", "Berlin-Mitte"
    session.delete(session.get(LevyRate, 2026))
    session.flush()
    assert load_funding_reference(session) == 1
    assert session.get(LevyRate, 2019).source == "found at last"
    assert session.get(LevyRate, 2026).cents == 144
    assert _count(session, FundingRegion) == 16


def test_the_figures_of_a_demonstration_add_up_and_each_land_has_a_plan(session):
    load_funding_reference(session)
    make_demo_levy(session, until=2026)
    make_demo_levy(session, until=2026)
    for year, total in zip((2025, 2026), TOTALS, strict=True):
        insured = insured_of(session, year)
        assert sum(insured.values()) == total
        assert min(insured.values()) > 100
        plans = plans_of(session, year)
        assert len(plans) == 16
        for plan in plans.values():
            needed = needed_together(plan.unit, rate_cents=144, flat_percent=70)
            assert sum(plan.shares.values()) == needed
    assert {state for insurer, state in insured_of(session, 2026) if insurer == "aok-plus"} == {"14", "16"}
    by_land = Counter()
    for duty in duties_of(session, 2026):
        by_land[duty.state] += duty.total_cents
    assert sum(by_land.values()) == TOTALS[1] * 144
    assert by_land["05"] / by_land["04"] > 20
