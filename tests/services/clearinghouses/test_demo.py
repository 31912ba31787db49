"""The invented houses: as many as there are, everywhere but where there are none, and nobody's real number."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.clearinghouses import queries
from app.clearinghouses.demo import demo_clearinghouses
from app.clearinghouses.services import register_clearinghouses, responsible_for
from app.places.gazetteer import get_gazetteer
from app.places.models import District, Postcode

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NUMBERS_FOR_FILMS = re.compile(r"(030 23125|040 66969|069 90009|0221 4710|089 99998) [0-9]{3}")


@pytest.fixture
def drafts(session):
    return demo_clearinghouses(session, 1)


def test_there_are_about_as_many_as_in_the_country(drafts):
    side_tasks = sum(draft.side_task for draft in drafts)
    assert 300 <= len(drafts) <= 345
    assert 25 <= side_tasks <= 35
    assert len({draft.slug for draft in drafts}) == len(drafts)


def test_the_same_seed_gives_the_same_houses_and_another_one_others(session, drafts):
    assert demo_clearinghouses(session, 1) == drafts
    assert demo_clearinghouses(session, 2) != drafts


def test_every_number_is_reserved_for_films_and_every_address_for_examples(drafts):
    assert all(NUMBERS_FOR_FILMS.fullmatch(draft.phone) for draft in drafts)
    assert len({draft.phone for draft in drafts}) == len(drafts)
    assert all(re.fullmatch(r"[a-z]+@[a-z0-9-]+\.example", draft.email) for draft in drafts)
    assert all(re.fullmatch(r"(https://[a-z0-9-]+\.example/)?", draft.website) for draft in drafts)


def test_every_house_speaks_the_three_languages_of_the_site_and_has_hours(drafts):
    assert all(draft.about.keys() == {"de", "en", "nl"} for draft in drafts)
    assert all(draft.hours["phone"] for draft in drafts)


def test_most_districts_are_covered_and_some_have_nobody(session, drafts):
    covered = {ags for draft in drafts for ags, _postcode in draft.catchment}
    without = set(session.scalars(sa.select(District.ags))) - covered
    assert 20 <= len(without) <= 30
    kinds = set(session.scalars(sa.select(District.type).where(District.ags.in_(without))))
    assert kinds <= {"Landkreis", "Kreis"}


def test_addresses_lie_where_their_postcode_is(session, drafts):
    centres = {row.postcode: row for row in session.scalars(sa.select(Postcode))}
    for draft in drafts:
        for branch in draft.branches:
            centre = centres[branch.postcode]
            assert abs(centre.latitude - branch.latitude) < 0.2, draft.name
            assert abs(centre.longitude - branch.longitude) < 0.3, draft.name


def test_known_places_have_the_houses_one_expects(session, drafts):
    register_clearinghouses(session, drafts, NOW)

    def names(near):
        match = get_gazetteer(session).resolve(near).match
        return [house.name for house in responsible_for(session, match).houses]

    assert names("50667") == ["KISS Köln"]
    assert len(names("Berlin")) == 13
    assert names("12043") == ["Selbsthilfezentrum Neukölln", "SEKIS Berlin"]
    assert names("Hamburg") == ["KISS Hamburg"]
    hamburg = queries.get_by_slug(session, "kiss-hamburg")
    assert {branch.name for branch in hamburg.branches} == {"", "Altona", "Harburg", "Wandsbek"}


def test_every_postcode_has_somebody_responsible_or_a_nearest_house(session, drafts):
    register_clearinghouses(session, drafts, NOW)
    exact = 0
    some = get_gazetteer(session).postcodes[::90]
    for place in some:
        found = responsible_for(session, place)
        exact += found.exact
        assert found.exact or (found.nearest is not None and found.nearest_km < 80)
    assert len(some) * 0.85 < exact < len(some)
