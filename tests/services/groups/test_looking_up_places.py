"""Places without a good point are looked up now and then; nobody waits for it, and no hand-set pin is lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.jobs import locate_places
from app.groups.models import FinderState, MeetingPlace
from app.groups.services import move_pin
from app.places.models import GeocodedAddress
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_group, make_place

DAY = timedelta(days=1)
CATHEDRAL = (50.9413, 6.9583, "exact")


def store_place(**given):
    """Store a group that meets at such a place; answer the place's id."""
    with transaction() as session:
        make_group(session, place=make_place(**{"latitude": None, "longitude": None, **given}))
        place_id = session.scalar(sa.select(sa.func.max(MeetingPlace.id)))
    return int(place_id)


def point_of(place_id):
    db.session.rollback()
    place = db.session.get(MeetingPlace, place_id, populate_existing=True)
    return place.latitude, place.longitude, place.point_quality


def finder_version():
    db.session.rollback()
    return db.session.scalar(sa.select(FinderState.version))


def use(app, geocoder_url):
    app.config["WIRKREIS"] = replace(app.config["WIRKREIS"], geocoder_url=geocoder_url)


def test_a_place_gets_the_point_of_its_address(app, session, geocoder):
    use(app, geocoder.url)
    place_id = store_place()
    assert locate_places(NOW) == 1
    assert point_of(place_id) == CATHEDRAL
    assert locate_places(NOW + 400 * DAY) == 0
    assert len(geocoder.asked) == 1


def test_a_pin_set_while_the_geocoder_was_asked_stays(app, session, geocoder):
    use(app, geocoder.url)
    place_id = store_place()

    def pin():
        with app.app_context():
            with transaction() as other:
                move_pin(other, place_id, latitude=50.7, longitude=7.1, now=NOW)
            db.session.remove()

    geocoder.before_answering = pin
    assert locate_places(NOW) == 0
    assert point_of(place_id) == (50.7, 7.1, "pinned")
    assert session.scalar(sa.select(GeocodedAddress.found)) is True


def test_an_address_changed_while_the_geocoder_was_asked_keeps_its_turn(app, session, geocoder):
    use(app, geocoder.url)
    place_id = store_place()

    def move():
        with app.app_context():
            with transaction() as other:
                other.get(MeetingPlace, place_id).street = "Domkloster 4"
            db.session.remove()

    geocoder.before_answering = move
    assert locate_places(NOW) == 0
    assert point_of(place_id) == (None, None, "none")
    geocoder.before_answering = None
    assert locate_places(NOW) == 1
    assert geocoder.asked[-1]["street"] == ["Domkloster 4"]


def test_no_transaction_is_open_while_the_geocoder_is_asked(app, session, geocoder):
    use(app, geocoder.url)
    store_place()
    asker = db.session()
    open_then: list[bool] = []
    here = threading.get_ident()

    def look():
        assert threading.get_ident() != here
        open_then.append(asker.in_transaction())

    geocoder.before_answering = look
    locate_places(NOW)
    assert open_then == [False]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
class TestWhenItIsTriedAgain:
    """Which places are due is one query, the same for each kind of database."""

    def test_an_address_that_is_nowhere_is_left_alone_for_a_day_and_the_finder_at_all(self, app, session):
        place_id = store_place(postcode="", town="Xyzzy")
        before = finder_version()
        assert locate_places(NOW) == 0
        assert point_of(place_id) == (None, None, "none")
        place = session.get(MeetingPlace, place_id)
        assert place.geocoded_at == NOW
        locate_places(NOW + DAY - timedelta(minutes=1))
        assert session.get(MeetingPlace, place_id, populate_existing=True).geocoded_at == NOW
        locate_places(NOW + DAY)
        assert session.get(MeetingPlace, place_id, populate_existing=True).geocoded_at == NOW + DAY
        assert finder_version() == before

    def test_a_centre_found_without_a_geocoder_gives_way_to_the_address_later(self, app, session, geocoder):
        place_id = store_place()
        assert locate_places(NOW) == 1
        assert point_of(place_id)[2] == "postcode"
        assert locate_places(NOW + 400 * DAY) == 0
        use(app, geocoder.url)
        assert locate_places(NOW + 30 * DAY) == 0
        assert locate_places(NOW + 31 * DAY) == 1
        assert point_of(place_id) == CATHEDRAL

    def test_a_centre_that_stays_is_asked_for_once_a_month_and_not_indexed(self, app, session, geocoder):
        use(app, geocoder.url)
        geocoder.body = "[]"
        place_id = store_place()
        assert locate_places(NOW) == 1
        before = finder_version()
        for day in (1, 29, 31, 32, 61):
            assert locate_places(NOW + day * DAY) == 0
        assert len(geocoder.asked) == 2
        assert point_of(place_id)[2] == "postcode"
        assert finder_version() == before

    def test_a_place_without_a_street_is_as_good_as_it_gets(self, app, session, geocoder):
        use(app, geocoder.url)
        place_id = store_place(street="")
        assert locate_places(NOW) == 1
        assert locate_places(NOW + 100 * DAY) == 0
        assert session.get(MeetingPlace, place_id, populate_existing=True).geocoded_at == NOW
        assert geocoder.asked == []

    def test_a_pin_or_an_address_that_was_found_is_never_looked_up(self, app, session, geocoder):
        use(app, geocoder.url)
        with transaction() as writing:
            make_group(writing)
        place_id = session.scalar(sa.select(MeetingPlace.id))
        with transaction() as writing:
            move_pin(writing, place_id, latitude=50.7, longitude=7.1, now=NOW)
        assert locate_places(NOW + 1000 * DAY) == 0
        assert geocoder.asked == []
