"""The fields of a listing as blocks of a form: what is understood, what is asked back, and the columns they become."""

from __future__ import annotations

from datetime import date, time

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.groups import listing_columns as ways
from app.groups import listing_fields as fields
from app.groups.drafts import PlaceDraft
from app.groups.models import Group, MeetingPlace
from tests.builders.groups import NOW, make_group

TYPED = {
    "topic": "Depressionen",
    "name": "Lichtblick",
    "description": "Wir hören einander zu.",
    "for_whom": ["affected", "young"],
    "languages": ["de", "tr"],
    "status": "open",
    "format": "in_person",
    "where": "50667",
    "street": "Bürgerhaus, Lindenallee 3",
    "rhythm": "second",
    "weekday": "2",
    "starts_at": "19 Uhr",
    "contact_email": "ada@example.org",
    "contact_name": "Ada",
    "contact_phone": "0221 123456",
    "contact_way": "phone",
    "disclosure": "area",
    "access": ["lift"],
    "first_visit": "",
    "website": "https://licht.example",
}


class Whole(
    fields.AboutFields,
    fields.ForWhomFields,
    fields.PlaceFields,
    fields.RhythmFields,
    fields.ContactFields,
    fields.SharingFields,
    fields.MoreFields,
):
    """All blocks together."""


@pytest.fixture
def form_of(app, session):
    def make(**typed):
        data = MultiDict()
        for name, value in {**TYPED, **typed}.items():
            data.setlist(name, value if isinstance(value, list) else [value])
        form = Whole(formdata=data)
        form.validate()
        return form

    with app.test_request_context("/", method="POST"):
        yield make


def test_a_form_becomes_the_columns_topics_place_and_dates_of_a_group(form_of):
    form = form_of()
    assert form.errors == {}
    columns = ways.columns_of(form)
    assert (columns["for_affected"], columns["for_relatives"], columns["audiences"]) == (
        True,
        False,
        ["young"],
    )
    assert (columns["name"], columns["languages"], columns["access"]) == (
        "Lichtblick",
        ["de", "tr"],
        ["lift"],
    )
    assert ways.topics_of(form) == ("depression",)
    assert ways.place_of(form) == PlaceDraft("Bürgerhaus", "Lindenallee 3", "50667", "Köln")
    rule = ways.rule_of(form, today=date(2026, 11, 23))
    assert (rule.ordinals, rule.weekdays, rule.starts_at_local) == ((2,), (2,), time(19))
    consents = ways.consent_columns({"phone", "email"}, {**columns, "contact_email": ""}, now=NOW)
    assert [name for name, at in consents.items() if at] == ["contact_phone_consented_at"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("topic", "", "worum es in der Gruppe geht"),
        ("topic", "Xyzzy", "kennen wir noch nicht"),
        ("name", "🙂" * 300, "3 bis 120 Zeichen"),
        ("name", "🙂🙂🙂", "Buchstaben"),
        ("description", "x" * 1_000_000, "5.000 Zeichen"),
        ("for_whom", ["young"], "für Angehörige"),
        ("for_whom", ["cats"], "was auf der Seite steht"),
        ("languages", [], "mindestens eine Sprache"),
        ("where", "00001", "Meinten Sie"),
        ("where", "Köln", "mehrere Postleitzahlen"),
        ("where", "Bayern", "ganze Region"),
        ("street", " ", "Straße und Hausnummer"),
        ("weekday", [], "Wochentag"),
        ("starts_at", "25:00", "19:00"),
        ("contact_email", "ada@example.org\r\nBcc: b@example.org", "E-Mail-Adresse"),
        ("contact_phone", "ruf an", "Telefonnummer"),
        ("contact_way", "pigeon", "choice"),
        ("website", "javascript:alert(1)", "https://"),
    ],
)
def test_what_cannot_be_gets_a_sentence_beside_its_field_and_stays_typed(form_of, name, value, words):
    form = form_of(**{name: value})
    assert list(form.errors) == [name]
    if words != "choice":  # nobody sees what a forged form is told
        assert words in form[name].errors[0]
    if name in {"topic", "where", "starts_at"}:
        assert form[name]._value() == value


def test_of_several_meanings_one_is_chosen_by_a_button(form_of):
    form = form_of(where="Neustadt")
    assert "mehrere Orte" in form.where.errors[0]
    assert len(form.where.meant) > 1
    form = form_of(where="Neustadt", where_meant="67433 Neustadt an der Weinstraße")
    assert form.errors == {}
    form = form_of(topic="Sucht")
    assert len(form.topic.meant) > 1
    assert form_of(topic="Sucht", topic_meant=form.topic.meant[0]).errors == {}
    assert form_of(topic="Xyzzy", topic_meant="Depression").topic.data == ("depression",)


def test_a_group_that_is_online_or_just_starting_needs_no_room_and_no_dates(form_of):
    form = form_of(format="online", street="", where="Köln", rhythm="none", weekday=[], starts_at="")
    assert form.errors == {}
    assert ways.place_of(form) is None
    assert ways.rule_of(form, today=date(2026, 11, 23)) is None


def test_a_stored_group_comes_back_as_it_was_typed(form_of, session):
    make_group(session, access=["lift"])
    group = session.scalars(sa.select(Group)).one()
    place = session.get(MeetingPlace, group.place_id)
    data = ways.data_of(group, topics=("depression",), place=place)
    form = Whole(formdata=None, data=data)
    assert (form.name.data, form.street.data) == ("Lichtblick", "Bürgerhaus, Lindenallee 3")
    assert (form.where._value(), form.topic._value()) == ("50667 Köln", "Depression")
    consents = ways.consent_columns({"name"}, {"contact_name": "Neu"}, now=NOW, stored=group)
    assert consents["contact_name_consented_at"] == NOW
