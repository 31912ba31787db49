"""Addresses are found through a geocoder that is asked politely, and trouble with it harms nobody."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, insert, select

from app.places.geocoding import locate_address, remember_answer
from app.places.models import GeocodedAddress
from config import Config
from tests.support.geocoder import FOUND

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PHOTON_FOUND = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "geometry": {"type": "Point", "coordinates": [6.9583, 50.9413]},
                "properties": {"name": "Domkloster 4"},
            }
        ],
    }
)


def locate_and_remember(session, **address):
    located = locate_address(session, **address)
    remember_answer(session, located)
    return located


def ask(
    session,
    geocoder_url,
    *,
    do=locate_and_remember,
    street="Domkloster 4",
    postcode="50667",
    town="Köln",
    **more,
):
    config = Config(geocoder_url=geocoder_url, public_url="https://selbsthilfe.example")
    return do(session, street=street, postcode=postcode, town=town, config=config, **{"now": NOW, **more})


def test_an_address_is_found_remembered_and_asked_for_once(session, geocoder):
    first = ask(session, geocoder.url)
    assert (first.latitude, first.longitude, first.quality, first.source) == (
        50.9413,
        6.9583,
        "exact",
        "nominatim",
    )
    again = ask(session, geocoder.url, street=" Domkloster  4 ", now=NOW + timedelta(days=300))
    assert (again.latitude, again.longitude, again.quality) == (50.9413, 6.9583, "exact")
    assert len(geocoder.asked) == 1
    question = geocoder.asked[0]
    assert question["street"] == ["Domkloster 4"]
    assert question["postalcode"] == ["50667"]
    assert question["city"] == ["Köln"]
    assert question["countrycodes"] == ["de"]
    assert geocoder.paths == ["/search"]
    assert geocoder.agents == ["Wirkreis/0.1 (+https://selbsthilfe.example)"]
    assert session.get_one(GeocodedAddress, "Domkloster 4, 50667 Köln").asked_at == NOW


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
class TestOnOneDatabase:
    """The network is the same for each kind of database, and a second between requests is long for tests."""

    def test_old_answers_are_asked_for_again_and_an_unknown_address_sooner(self, session, geocoder):
        geocoder.body = "[]"
        nothing = ask(session, geocoder.url)
        assert (nothing.quality, nothing.source) == ("postcode", "gazetteer")
        assert session.get_one(GeocodedAddress, "Domkloster 4, 50667 Köln").found is False
        assert ask(session, geocoder.url, now=NOW + timedelta(days=29)).quality == "postcode"
        assert len(geocoder.asked) == 1
        geocoder.body = FOUND
        assert ask(session, geocoder.url, now=NOW + timedelta(days=31)).quality == "exact"
        assert len(geocoder.asked) == 2

    def test_at_most_one_request_a_second_leaves_the_process(self, app, geocoder):
        threads = [
            threading.Thread(target=ask_in_context, args=(app, geocoder.url, f"Domkloster {number}"))
            for number in range(3)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Counted from before the first: how long each was on its way only adds to it.
        waited = [moment - began for moment in sorted(geocoder.moments)]
        assert len(waited) == 3
        assert waited[1] >= 1
        assert waited[2] >= 2

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (500, "broken"),
            (429, "too much"),
            (200, "<html>no JSON"),
            (200, '{"unexpected": 1}'),
            (200, '[{"lat": "north", "lon": null}]'),
            (200, '["garbage"]'),
        ],
    )
    def test_trouble_gives_the_postcode_and_is_not_remembered(self, session, geocoder, status, body):
        geocoder.status, geocoder.body = status, body
        result = ask(session, geocoder.url)
        assert (result.quality, result.source) == ("postcode", "gazetteer")
        assert round(result.latitude, 1) == 50.9
        assert len(geocoder.asked) == 1
        assert session.get(GeocodedAddress, "Domkloster 4, 50667 Köln") is None

    def test_a_slow_geocoder_is_not_waited_for(self, session, geocoder):
        geocoder.delay_seconds = 3
        started = time.monotonic()
        result = ask(session, geocoder.url, do=locate_address, timeout_seconds=0.2)
        assert time.monotonic() - started < 2.9
        assert result.quality == "postcode"

    def test_nobody_there_gives_the_postcode(self, session):
        assert ask(session, "http://127.0.0.1:9").quality == "postcode"

    @pytest.mark.parametrize(
        "body",
        [
            '[{"lat": "48.1374", "lon": "11.5755", "display_name": "Domkloster, München"}]',
            '[{"lat": "nan", "lon": "6.9", "display_name": "Nowhere"}]',
        ],
    )
    def test_an_answer_far_from_the_postcode_is_not_believed(self, session, geocoder, body):
        geocoder.body = body
        assert ask(session, geocoder.url).quality == "postcode"

    def test_without_a_known_postcode_or_town_the_answer_must_lie_in_the_country(self, session, geocoder):
        assert ask(session, geocoder.url, postcode="99999", town="Xyzzy").quality == "exact"
        geocoder.body = '[{"lat": "40.7", "lon": "-74.0", "display_name": "New York"}]'
        assert ask(session, geocoder.url, postcode="", town="Xyzzy").quality == "none"

    def test_photon_is_asked_in_its_own_words(self, session, geocoder):
        geocoder.body = PHOTON_FOUND
        result = ask(session, f"photon+{geocoder.url}")
        assert (result.latitude, result.longitude, result.quality, result.source) == (
            50.9413,
            6.9583,
            "exact",
            "photon",
        )
        assert geocoder.asked[0]["q"] == ["Domkloster 4, 50667 Köln, Deutschland"]
        assert geocoder.paths == ["/api"]

    def test_a_geocoder_below_a_path_is_reached(self, session, geocoder):
        assert ask(session, f"{geocoder.url}/nominatim/").quality == "exact"
        assert geocoder.paths == ["/nominatim/search"]

    def test_without_a_geocoder_the_gazetteer_answers(self, session):
        assert ask(session, "").quality == "postcode"
        town = ask(session, "", postcode="")
        assert (town.latitude, town.longitude, town.quality) == (50.9333, 6.95, "town")
        assert ask(session, "", postcode="", town="Hessen").quality == "none"
        assert ask(session, "", postcode="", town="").quality == "none"

    def test_an_address_without_a_street_is_not_asked_for(self, session, geocoder):
        assert ask(session, geocoder.url, street="  ").quality == "postcode"
        assert geocoder.asked == []

    def test_looking_changes_nothing_until_the_answer_is_remembered(self, session, geocoder):
        located = ask(session, geocoder.url, do=locate_address)
        assert session.get(GeocodedAddress, "Domkloster 4, 50667 Köln") is None
        remember_answer(session, located)
        remember_answer(session, located)
        assert session.get_one(GeocodedAddress, "Domkloster 4, 50667 Köln").found


def test_who_was_faster_with_the_same_question_is_no_trouble(app, session, geocoder):
    from app.shared.extensions import db

    located = ask(session, geocoder.url, do=locate_address)
    session.commit()
    with app.app_context():
        other = db.session()
        remember_answer(other, located)
        other.commit()
        db.session.remove()
    remember_answer(session, located)
    session.commit()
    assert session.get_one(GeocodedAddress, "Domkloster 4, 50667 Köln").found


def test_who_is_overtaken_between_looking_and_storing_keeps_the_rest_of_the_transaction(session, geocoder):
    located = ask(session, geocoder.url, do=locate_address)
    values = {"query": located.to_remember.query, "found": False, "source": "nominatim", "asked_at": NOW}

    @event.listens_for(session, "before_flush", once=True)
    def overtake(own_session, *_):
        own_session.connection().execute(insert(GeocodedAddress.__table__).values(**values))

    remember_answer(session, located)
    assert session.scalar(select(func.count()).select_from(GeocodedAddress)) == 0
    remember_answer(session, located)
    assert session.get_one(GeocodedAddress, located.to_remember.query).found


def ask_in_context(app, url, street):
    """Ask from a thread of its own, with a session of its own."""
    from app.shared.extensions import db

    with app.app_context():
        ask(db.session(), url, street=street, do=locate_address)
        db.session.remove()
