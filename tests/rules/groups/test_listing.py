"""What may be shown of a place and of a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.geo_search import area_cell_centre
from app.groups.rules.listing import (
    ContactField,
    DisclosedPlace,
    TruePlace,
    disclosed_contact,
    disclosed_place,
    disclosure_now,
    name_at_the_door,
    usual_contact_way,
)
from app.groups.rules.vocabulary import CONTACT_WAYS

HOUSE = {"house_latitude": 50.94, "house_longitude": 6.96}
AGREED = datetime(2026, 1, 1, tzinfo=UTC)
PLACE = TruePlace("Frauenhaus", "Geheimweg 7", "53111", "Bonn", 50.7374512, 7.0982199, False)


def field(value: str, *, agreed: bool) -> ContactField:
    return ContactField(value, AGREED if agreed else None)


def test_an_exact_place_is_shown_with_its_address_to_about_a_metre():
    shown = disclosed_place(disclosure="exact", place=PLACE, **HOUSE)
    assert shown == DisclosedPlace(
        "exact", 50.73745, 7.09822, "Frauenhaus", "Geheimweg 7", "53111", "Bonn", False
    )


@given(st.floats(47, 55), st.floats(6, 15))
def test_of_an_area_only_the_centre_of_its_cell_is_known(latitude, longitude):
    place = TruePlace("Frauenhaus", "Geheimweg 7", "53111", "Bonn", latitude, longitude, False)
    shown = disclosed_place(disclosure="area", place=place, **HOUSE)
    assert shown == DisclosedPlace("area", *area_cell_centre(latitude, longitude))


def test_a_place_told_by_the_clearing_house_has_the_address_of_the_house():
    shown = disclosed_place(disclosure="clearinghouse", place=PLACE, **HOUSE)
    assert shown == DisclosedPlace("clearinghouse", 50.94, 6.96)


@pytest.mark.parametrize("disclosure", ["exact", "area", "clearinghouse"])
def test_an_address_that_was_not_found_yet_is_told_by_the_clearing_house(disclosure):
    place = TruePlace("Frauenhaus", "Geheimweg 7", "53111", "Bonn", None, None, False)
    assert disclosed_place(disclosure=disclosure, place=place, **HOUSE) == DisclosedPlace(
        "clearinghouse", 50.94, 6.96
    )


def test_a_group_without_a_place_has_none_to_show():
    assert disclosed_place(disclosure="exact", place=None, **HOUSE) is None


@given(
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(CONTACT_WAYS),
)
def test_nothing_of_a_person_is_shown_without_consent_for_that_very_field(name, phone, email, website, way):
    contact = disclosed_contact(
        way=way,
        name=field("Petra Muster", agreed=name),
        phone=field("0221 4710", agreed=phone),
        email=field("petra@muster.example", agreed=email),
        has_website=website,
    )
    assert contact.name == ("Petra Muster" if name else "")
    assert contact.phone == ("0221 4710" if phone else "")
    assert contact.email == ("petra@muster.example" if email else "")
    assert contact.is_written_to == (contact.way in {"relay", "email"})
    falls_back = not {"phone": phone, "email": email, "website": website}.get(way, True)
    assert contact.way == ("clearinghouse" if falls_back else way)


@pytest.mark.parametrize(("address", "way"), [("petra@muster.example", "relay"), (" ", "clearinghouse")])
def test_a_message_is_passed_on_without_consent_to_an_address_that_is_not_shown(address, way):
    contact = disclosed_contact(
        way="relay",
        name=field("Petra Muster", agreed=False),
        phone=field("", agreed=False),
        email=field(address, agreed=False),
        has_website=False,
    )
    assert (contact.way, contact.email, contact.name) == (way, "", "")
    assert usual_contact_way(has_email=bool(address.strip())) == way


@pytest.mark.parametrize("level", ["exact", "area", "clearinghouse"])
def test_a_group_that_is_not_listed_is_told_by_its_house_and_named_nowhere(level):
    assert disclosure_now(level, is_listed=True) == level
    assert disclosure_now(level, is_listed=False) == "clearinghouse"
    assert name_at_the_door("Lichtblick", is_listed=False, disclosure=level) == ""
    assert bool(name_at_the_door("Lichtblick", is_listed=True, disclosure=level)) == (level == "exact")
