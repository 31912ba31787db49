"""In which Land an address lies."""

from __future__ import annotations

from time import perf_counter

import pytest
from sqlalchemy import select

from app.places.models import Postcode
from app.places.regions import Whereabouts, district_of, districts_of, state_of


@pytest.mark.parametrize(
    ("postcode", "state"),
    [("50667", "05"), ("80331", "09"), ("86150", "09"), ("01067", "14"), ("10115", "11")],
)
def test_the_postcode_says_the_land(session, postcode, state):
    assert state_of(session, postcode=postcode) == state


def test_the_district_tells_augsburg_from_bavaria(session):
    assert district_of(session, postcode="86150") == "09761"


def test_a_point_says_the_land_where_there_is_no_postcode(session):
    assert state_of(session, latitude=51.05, longitude=13.74) == "14"
    assert state_of(session, postcode="", latitude=51.05, longitude=13.74) == "14"


def test_a_point_says_the_land_where_the_postcode_is_given_to_no_area(session):
    assert state_of(session, postcode="00000", latitude=51.05, longitude=13.74) == "14"


def test_the_postcode_goes_before_the_point(session):
    assert state_of(session, postcode="50667", latitude=51.05, longitude=13.74) == "05"


def test_an_address_of_which_nothing_is_known_lies_nowhere(session):
    assert state_of(session) is None
    assert state_of(session, postcode="00000") is None
    assert district_of(session, postcode="x" * 1000) is None
    assert districts_of(session, []) == []


def test_a_hundred_thousand_addresses_are_found_in_seconds_and_in_order(session):
    rows = session.execute(select(Postcode)).scalars().all()
    addresses = [
        Whereabouts(row.postcode) if number % 2 else Whereabouts(None, row.latitude, row.longitude)
        for number, row in enumerate(rows * 13)
    ]
    begun = perf_counter()
    found = districts_of(session, addresses)
    assert perf_counter() - begun < 5
    assert len(found) == len(addresses) > 100_000
    wanted = [row.district_ags[:2] for row in rows * 13]
    # Borders are simplified, so a point within metres of one may lie on its other side.
    right = sum(district[:2] == state for district, state in zip(found, wanted, strict=True))
    assert right > 0.999 * len(wanted)
