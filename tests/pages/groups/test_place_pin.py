"""The pin of a group's place is set by hand, by those who look after the group."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.groups.models import Group, MeetingPlace
from tests.builders.groups import make_group, make_place
from tests.support.page import read

PLACE = "/accounts/groups/lichtblick/place"


@pytest.fixture
def group(session):
    """A group whose address was found by its postcode only."""
    return make_group(session, place=make_place(point_quality="postcode"))


@pytest.fixture
def contact(signed_in, group):
    browser = signed_in("group_contact", group=group)
    browser.get("/accounts/groups/lichtblick/meetings")
    browser.follow("Ihr Treffpunkt auf der Karte")
    return browser


def pin(session):
    session.expire_all()
    place = session.scalars(sa.select(MeetingPlace)).one()
    return place.latitude, place.longitude, place.point_quality


def test_the_pin_is_set_where_it_was_put_and_stays_there(contact, session):
    page = contact.submit({"latitude": "50,94", "longitude": "6.96"}, button="Nadel setzen")
    assert "Die Nadel sitzt." in page.text
    assert pin(session) == (50.94, 6.96, "pinned")
    assert contact.get(PLACE).get("input", name="latitude").get("value") == "50.94"


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        ("95", "6.9", "latitude"),
        ("Köln", "6.9", "latitude"),
        ("50.9", "", "longitude"),
        ("1e9", "6", "latitude"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_no_point_is_refused_beside_its_field_and_stays_there(
    latitude, longitude, field, contact, session
):
    page = contact.submit({"latitude": latitude, "longitude": longitude}, button="Nadel setzen", status=400)
    assert read(page.get(id=f"{field}-error"))
    assert [page.get("input", name=name).get("value") for name in ("latitude", "longitude")] == [
        latitude,
        longitude,
    ]
    assert pin(session)[2] == "postcode"


def test_who_else_meets_there_is_counted(contact, session, group):
    house = session.scalar(sa.select(Group.clearinghouse_id).where(Group.id == group))
    make_group(session, name="Nachbarn", clearinghouse_id=house, place=make_place(point_quality="postcode"))
    session.commit()
    assert "1 andere Gruppe trifft sich hier" in contact.get(PLACE).text


def test_a_group_that_meets_online_has_no_pin(signed_in, session):
    group = make_group(session, name="Im Netz", format="online")
    browser = signed_in("group_contact", group=group)
    assert "hat keinen Ort" in browser.get("/accounts/groups/im-netz/place").text
