"""A listing is edited, looked at, approved, sent back, declined and restored; everybody sees what was approved last."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.groups import finder, queries
from app.groups.catalogue import get_catalogue
from app.groups.forms import read_finder_request
from app.groups.listings.content import content_of
from app.groups.listings.decisions import DecidedMeanwhile, approve, ask_for_changes, decline
from app.groups.listings.queries import list_queue, list_versions, read_for_editing
from app.groups.listings.services import (
    ChangedMeanwhile,
    Edited,
    edit_listing,
    restore_version,
    withdraw_edit,
)
from app.groups.models import ListingVersion, MeetingPlace, MeetingSeries
from app.groups.rules.versions import FIELDS
from app.groups.services import change_group
from app.places.gazetteer import get_gazetteer
from app.shared.errors import NotFound, RuleBroken
from app.shared.extensions import db
from app.shared.history import HistoryEntry
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_contact, make_group, make_place
from tests.builders.listings import AT, LATER, edit, mails, make_reviewed_group, row, states, waiting

here = pytest.fixture(make_reviewed_group)


def found(**asked):
    session = db.session()
    asked = read_finder_request(
        MultiDict(asked), gazetteer=get_gazetteer(session), catalogue=get_catalogue(session)
    )
    return [card.name for card in finder.find_groups(session, asked, now=NOW).cards]


def actions():
    wanted = sa.select(HistoryEntry.action).where(HistoryEntry.at == LATER)
    return list(db.session().scalars(wanted.order_by(HistoryEntry.id)))


def test_a_harmless_edit_is_everywhere_at_once_and_the_rest_only_when_approved(app, here):
    assert found(q="Lichtblick") == ["Lichtblick"]
    edited = edit(here, name="Sonnenaufgang", topics=["angst", "depression"], languages=["de", "tr"])
    assert edited == Edited(("languages",), ("name", "topics"))
    assert found(language="tr") == found(q="Lichtblick") == ["Lichtblick"]
    assert found(q="Sonnenaufgang") == found(topic="angst") == []
    assert queries.get_group_page(db.session(), "lichtblick", now=NOW).card.languages == ("de", "tr")
    assert states(here.group) == ["approved", "approved", "pending"]

    (version_id,) = waiting(here)
    with transaction() as session:
        approve(session, version_id, by=here.staff, now=LATER)
    assert found(q="Sonnenaufgang") == found(topic="angst") == ["Sonnenaufgang"]
    page = queries.get_group_page(db.session(), "lichtblick", now=NOW)
    assert [topic.slug for topic in page.card.topics] == ["angst", "depression"]
    assert waiting(here) == []
    ((to, subject, text),) = mails()
    assert (to, subject) == ("contact@example.org", "Ihre Änderungen sind zu sehen: Sonnenaufgang")
    assert "/accounts/groups/lichtblick/listing" in text
    wanted = ["group.changed", "listing.handed_in", "group.changed", "group.changed", "listing.approved"]
    assert actions() == wanted


def test_what_is_changed_while_something_waits_stays_and_what_waits_stays_too(app, here):
    edit(here, name="Sonnenaufgang")
    since = list_queue(db.session(), here.house)[0].submitted_at
    assert edit(here, access=["lift"], now=LATER + timedelta(days=1)) == Edited(("access",), ("name",))
    assert list_queue(db.session(), here.house)[0].submitted_at == since
    assert edit(here, here.editor, description="Von der Kontaktstelle ganz neu geschrieben.").live == (
        "description",
    )
    (version_id,) = waiting(here)
    with transaction() as session:
        change_group(session, here.group, now=LATER, status="waiting_list")  # some other part of the program
        approve(session, version_id, by=here.staff, now=LATER)
    group = row(here.group)
    assert (group.name, group.access, group.status) == ("Sonnenaufgang", ["lift"], "waiting_list")
    assert group.description == "Von der Kontaktstelle ganz neu geschrieben."
    assert states(here.group).count("approved") == 5


def test_who_takes_the_change_out_of_the_form_again_has_nothing_waiting(app, here):
    edit(here, name="Sonnenaufgang")
    assert edit(here) == Edited()
    assert edit(here, name="Lichtblick") == Edited()
    assert waiting(here) == []
    edit(here, name="Mut")
    with transaction() as session:
        withdraw_edit(session, here.group, now=LATER)
        withdraw_edit(session, here.group, now=LATER)
    assert (waiting(here), row(here.group).name) == ([], "Lichtblick")
    assert states(here.group)[-2:] == ["superseded", "withdrawn"]


def test_a_new_place_waits_and_then_calendars_learn_of_it(app, here):
    place = {"name": "", "street": "Rosenweg 1", "postcode": "53111", "town": "Bonn"}
    assert edit(here, place=place, disclosure="area") == Edited(("disclosure",), ("place",))
    assert found(near="50667", radius_km="5") == ["Lichtblick"]
    with transaction() as session:
        approve(session, waiting(here)[0], by=here.staff, now=LATER)
    place_id = row(here.group).place_id
    assert db.session().get(MeetingPlace, place_id).street == "Rosenweg 1"
    assert db.session().scalar(sa.select(MeetingSeries.revision)) == 1
    assert edit(here, format="online", place=None) == Edited(("format", "place"), ())
    assert row(here.group).place_id is None


def test_a_new_group_is_listed_with_its_approval_and_confirmed_as_of_that_day(app, here):
    with transaction() as session:
        group = make_group(
            session,
            clearinghouse_id=here.house,
            name="Neuanfang",
            state="submitted",
            status="founding",
            place=make_place(name="", street=""),  # it looks for a room
            contact=make_contact(email="neu@example.org"),
        )
    edit(here, description="Ganz neu.")
    queue = list_queue(db.session(), here.house)
    assert [(each.group_name, each.is_first, each.is_founding) for each in queue] == [
        ("Neuanfang", True, True),
        ("Lichtblick", False, False),
    ]
    assert edit(here, group=group, name="Neubeginn").waiting == FIELDS
    assert (row(group).name, found(q="Neubeginn")) == ("Neubeginn", [])
    with transaction() as session:
        approve(session, waiting(here)[0], by=here.staff, now=LATER)
    assert found(q="Neubeginn") == ["Neubeginn"]
    assert (row(group).state, row(group).last_confirmed_on) == ("listed", LATER.date())
    assert [(to, subject) for to, subject, _text in mails()] == [
        ("neu@example.org", "Neubeginn ist veröffentlicht")
    ]


def test_changes_are_asked_for_field_by_field_and_come_back_by_themselves(app, here):
    with transaction() as session:
        group = make_group(session, clearinghouse_id=here.house, name="Neuanfang", state="submitted")
    (version_id,) = waiting(here)
    with pytest.raises(RuleBroken), transaction() as session:
        ask_for_changes(session, version_id, remarks={"name": " "}, unmet=(), by=here.staff, now=LATER)
    with transaction() as session:
        ask_for_changes(
            session,
            version_id,
            remarks={"description": "Bitte ohne Namen.", "nonsense": "x"},
            unmet={"enough_members", "nonsense"},
            by=here.staff,
            now=LATER,
        )
    assert (waiting(here), waiting(here, "changes_asked")) == ([], [version_id])
    version = db.session().get(ListingVersion, version_id)
    assert (version.remarks, version.unmet) == ({"description": "Bitte ohne Namen."}, ["enough_members"])
    assert edit(here, group=group, description="Ohne Namen.").waiting == FIELDS
    assert states(group) == ["superseded", "pending"]


def test_a_declined_group_knows_why_and_may_come_again(app, here):
    with transaction() as session:
        group = make_group(
            session, clearinghouse_id=here.house, name="Heizdecken", state="submitted",
            contact=make_contact(email="neu@example.org"),
        )  # fmt: skip
    (version_id,) = waiting(here)
    with pytest.raises(RuleBroken), transaction() as session:
        decline(session, version_id, reason="  ", by=here.staff, now=LATER)
    with transaction() as session:
        decline(session, version_id, reason="Hier wird verkauft.", by=here.staff, now=LATER)
    assert row(group).state == "declined"
    assert "Hier wird verkauft." in mails()[0].body_text
    assert edit(here, group=group).waiting == FIELDS  # as it is: it was a mistake
    assert (row(group).state, states(group)) == ("submitted", ["declined", "pending"])
    edit(here, name="Mut")
    with transaction() as session:
        decline(session, waiting(here)[1], reason="Lieber nicht.", by=here.staff, now=LATER)
    assert (row(here.group).state, row(here.group).name) == ("listed", "Lichtblick")


def test_who_decides_second_reads_who_was_first_and_when(app, here):
    edit(here, name="Sonnenaufgang")
    (version_id,) = waiting(here)
    edit(here, name="Morgenrot", now=LATER + timedelta(minutes=5))
    with pytest.raises(DecidedMeanwhile) as late, transaction() as session:
        approve(session, version_id, by=here.staff, now=LATER)
    assert late.value.message.startswith("Petra hat das inzwischen geändert, Mo., 23. Nov., 11:05")
    (version_id,) = waiting(here)
    with transaction() as session:
        approve(session, version_id, by=here.lead, now=LATER)
    for decide in (
        lambda session: approve(session, version_id, by=here.staff, now=LATER),
        lambda session: decline(session, version_id, reason="x", by=here.staff, now=LATER),
    ):
        with pytest.raises(DecidedMeanwhile) as late, transaction() as session:
            decide(session)
        assert late.value.message.startswith("Henrike hat das schon entschieden, Mo., 23. Nov., 11:00")
    assert row(here.group).name == "Morgenrot"
    with pytest.raises(NotFound), transaction() as session:
        approve(session, 4711, by=here.staff, now=LATER)


def test_two_who_edit_at_once_lose_nothing(app, here):
    seen = read_for_editing(db.session(), row(here.group), with_waiting=True)
    edit(here, access=["lift"])
    with pytest.raises(ChangedMeanwhile), transaction() as session:
        edit_listing(
            session, here.group, seen.content | {"name": "Mut"}, seen=seen.seen, by=here.contact, now=LATER
        )
    assert (waiting(here), row(here.group).access) == ([], ["lift"])


def test_a_version_is_restored_by_staff_at_once_by_a_contact_as_an_edit_and_lost_consents_stay_lost(
    app, here
):
    silent = {"value": "0221 4710", "consented_at": None}
    edit(here, here.editor, name="Sonnenaufgang", website="")
    edit(here, contact_phone=silent)
    with transaction() as session:
        begin = read_for_editing(session, row(here.group), with_waiting=True)
        edited = restore_version(session, here.group, 1, seen=begin.seen, by=here.contact, now=LATER)
    assert edited == Edited((), ("name", "website"))
    with transaction() as session:
        begin = read_for_editing(session, row(here.group), with_waiting=True)
        restore_version(session, here.group, 1, seen=begin.seen, by=here.editor, now=LATER)
    group = row(here.group)
    assert (group.name, group.website, group.contact_phone_consented_at) == (
        "Lichtblick",
        "https://licht.example",
        None,
    )
    assert group.contact_name_consented_at == AT
    assert waiting(here) == []
    newest = list_versions(db.session(), here.group)[0].version
    assert (newest.state, newest.restores) == ("approved", 1)
    with pytest.raises(NotFound), transaction() as session:
        restore_version(session, here.group, 99, seen=begin.seen + 1, by=here.editor, now=LATER)


IMPOSSIBLE = [
    ({"name": "🙂" * 300}, "name"),
    ({"name": "a\nb c"}, "name"),
    ({"description": "x" * 1_000_000}, "description"),
    ({"topics": []}, "topics"),
    ({"topics": ["<script>"]}, "topics"),
    ({"for_whom": []}, "for_whom"),
    ({"place": None}, "place"),
    ({"place": {"name": "x" * 200, "street": "", "postcode": "", "town": "Köln"}}, "place_name"),
    ({"website": "javascript:alert(1)"}, "website"),
    ({"contact_phone": {"value": "1" * 61, "consented_at": None}}, "contact_phone"),
]


def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_stored(app, here):
    for change, field in IMPOSSIBLE:
        with pytest.raises(RuleBroken) as refused:
            edit(here, access=["lift"], **change)
        assert refused.value.field == field
        assert (row(here.group).access, states(here.group)) == ([], [])


def test_a_transaction_that_ends_halfway_leaves_nothing(app, here):
    class BrokenOff(Exception):
        pass

    before = content_of(db.session(), row(here.group))
    with suppress(BrokenOff), transaction() as session:
        begin = read_for_editing(session, row(here.group), with_waiting=True)
        edit_listing(
            session,
            here.group,
            begin.content | {"name": "Mut", "access": ["lift"]},
            seen=0,
            by=here.contact,
            now=LATER,
        )
        approve(session, waiting(here)[0], by=here.staff, now=LATER)
        raise BrokenOff
    assert (content_of(db.session(), row(here.group)), states(here.group)) == (before, [])
    assert (actions(), mails(), found(q="Lichtblick"), found(q="Mut")) == ([], [], ["Lichtblick"], [])


def test_a_closed_group_is_not_edited_any_more_and_nothing_of_it_waits(app, here):
    edit(here, name="Mut")
    (version_id,) = waiting(here)
    with transaction() as session:
        change_group(session, here.group, now=NOW, state="closed")
    assert waiting(here) == []
    with pytest.raises(RuleBroken):
        edit(here, name="Neu")
    with pytest.raises(DecidedMeanwhile), transaction() as session:
        approve(session, version_id, by=here.staff, now=LATER)
