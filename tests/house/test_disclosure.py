"""What is hidden of a group is nowhere: a mark stands in every column, and every answer that exists is looked through.

New routes and columns are covered without being told; a column of text of which nothing is said in
``support/planted.py``, an answer of a kind that ``support/reading.py`` cannot read, fail here.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Response, jsonify

from app.accounts.guard import public, requires
from app.accounts.rules.permissions import ROLE_SCOPES
from app.groups.models import Group, MeetingPlace, MeetingSeries
from app.shared.extensions import db
from app.shared.tables import to_xlsx
from tests.support.furnished import NEIGHBOUR
from tests.support.onlookers import VISITOR, LogKept, Onlookers
from tests.support.planted import ADMIN, ASKED, CONTACT, HOUSE, MONEY, Reader, columns_without_a_word
from tests.support.reading import plain

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def everybody(app, session, signed_in):
    return Onlookers(app, session, signed_in)


@pytest.fixture
def a_few(app, session, signed_in):
    return Onlookers(app, session, signed_in, kinds=("area", "submitted"))


def test_every_column_of_text_is_planted_or_said_to_hold_nothing_to_hide(app):
    assert columns_without_a_word() == []


def test_no_visitor_reads_what_is_hidden_whatever_is_asked_and_whoever_asked_before(everybody):
    contact = everybody.client("group_contact", everybody.places["area"])
    everybody.plant()
    rules = list(everybody.rules(public=True))
    with LogKept() as log:
        for path in everybody.paths(rules, [everybody.places["area"]]):
            contact.get(path)  # what is kept for one must not be given to the next
        everybody.look_as_visitor(rules)
    everybody.look(plain("\n".join(log.lines)), "the log", Reader("a reader of the log"))
    assert everybody.complaints == []
    assert len(log.lines) > 200
    assert everybody.shown(VISITOR.name) >= {
        "group.name",
        "group.website",
        "meeting_place.street",
        "meeting_place.postcode",
        "meeting_place.latitude",
        "meeting_series.where_note",
        "closure.reason",
        "meeting_change.reason",
    }, "The look is blind."


def test_hidden_words_find_nothing_and_shown_ones_do(a_few):
    a_few.plant()
    client = a_few.app.test_client()
    found = {mark for mark in a_few.planted.secrets if client.get(f"/api/v1/groups?q={mark}").json["total"]}
    shown = a_few.public_marks()
    assert {str(a_few.planted.secrets[mark]) for mark in found - shown.keys()} == set()
    assert {shown[mark].column for mark in found} >= {"name", "description"}


def test_nobody_who_signs_in_reads_what_is_hidden_of_a_group_that_is_not_theirs(a_few):
    people = {role: a_few.client(role, a_few.elsewhere) for role in [*ROLE_SCOPES, None]}
    a_few.plant()
    group_id, house_id = a_few.elsewhere.group_id, a_few.elsewhere.house_id
    is_for = {
        "group_contact": {group_id: {CONTACT}},
        "desk_staff": {group_id: {HOUSE}, -house_id: {HOUSE}},
        "desk_lead": {group_id: {HOUSE}, -house_id: {HOUSE}},
        "admin": {group_id: {ADMIN}, **a_few.everywhere(ADMIN)},
        "insurer_officer": {group_id: {ASKED}},
        "funding_office": {group_id: {MONEY}},
        "finance": {group_id: {MONEY}, **a_few.everywhere(MONEY)},
        "representative": {group_id: {MONEY}, **a_few.everywhere(MONEY)},
    }
    for role, client in people.items():
        others = ["area", "submitted"] if role == "group_contact" else ["area"]
        places = [a_few.elsewhere, *(a_few.places[kind] for kind in others)]
        who = Reader(f"{role} of elsewhere", is_for.get(role, {}))
        for path in a_few.paths(a_few.guarded_for(role), places):
            a_few.ask(client, path, who, is_own=True)
    assert a_few.complaints == []


def test_contacts_read_what_is_theirs_only_and_staff_what_their_house_may(a_few):
    neighbour, area = a_few.places[NEIGHBOUR], a_few.places["area"]
    people = [
        (
            "the neighbour",
            a_few.client("group_contact", neighbour),
            neighbour,
            {neighbour.group_id: {CONTACT}},
        ),
        ("the contact", a_few.client("group_contact", area), area, {area.group_id: {CONTACT}}),
        ("the lead", a_few.client("desk_lead", area), area, a_few.everywhere(HOUSE)),
    ]
    a_few.plant()
    rules = list(a_few.rules(public=False))
    for name, client, place, is_for in people:
        for path in a_few.paths(rules, [place, a_few.places["submitted"]]):
            a_few.ask(client, path, Reader(name, is_for), is_own=True)
    assert a_few.complaints == []
    assert a_few.shown("the contact") >= {"group.name", "meeting_place.street", "meeting_series.online_link"}
    assert a_few.shown("the lead") >= {"group.name", "user.email", "room_request.message"}


def fault(slug):
    """A view that breaks with everything in its hands."""
    group = db.session.scalars(sa.select(Group).where(Group.slug == slug)).one()
    place = db.session.get_one(MeetingPlace, group.place_id)
    try:
        db.session.execute(
            sa.text("SELECT nothing FROM nowhere WHERE :phone"), {"phone": group.contact_phone}
        )
    except Exception as error:
        raise RuntimeError(f"{group.contact_phone}, {place.street}") from error
    return ""


def test_a_fault_tells_neither_whoever_asked_nor_the_log(a_few):
    a_few.app.add_url_rule("/groups/<slug>/fault", "fault", public(fault))
    a_few.plant()
    path = f"/groups/{a_few.places['area'].group_slug}/fault"
    with LogKept() as log:
        assert a_few.app.test_client().get(path).status_code == 500
        assert a_few.app.test_client().get(f"/en{path}").status_code == 500
    a_few.ask(a_few.app.test_client(), path, VISITOR)
    a_few.look(plain("\n".join(log.lines)), "the log", VISITOR)
    assert any("OperationalError" in line for line in log.lines)
    assert a_few.complaints == [f"{path}: 500"]


# Whether the look itself sees: leaks that were added on purpose.


def of_area(table):
    group = db.session.scalars(sa.select(Group).where(Group.disclosure == "area").order_by(Group.id)).first()
    if table is Group:
        return group
    if table is MeetingPlace:
        return db.session.get_one(MeetingPlace, group.place_id)
    wanted = sa.select(table).where(table.group_id == group.id, table.online_link != "")
    return db.session.scalars(wanted).first()


LEAKS = {
    "street": lambda: f"<p>{of_area(MeetingPlace).street}</p>",
    "postcode": lambda: f"<p>D-{of_area(MeetingPlace).postcode} Köln</p>",
    "phone": lambda: f"<a href='tel:+49{of_area(Group).contact_phone[1:].replace(' ', '-')}'>",
    "escaped": lambda: "".join(f"&#{ord(letter)};" for letter in of_area(Group).contact_email),
    "quoted": lambda: f"<a href='/?next={''.join(f'%{ord(x):02X}' for x in of_area(Group).contact_name)}'>",
    "header": lambda: Response("", headers={"Link": quote(of_area(MeetingSeries).online_link, safe="")}),
    "json": lambda: jsonify(
        at=[round(of_area(MeetingPlace).longitude, 4), round(of_area(MeetingPlace).latitude, 4)]
    ),
    "calendar": lambda: Response(
        f"BEGIN:VCALENDAR\r\nLOCATION:{of_area(MeetingPlace).town[:5]}\r\n {of_area(MeetingPlace).town[5:]}\r\n",
        mimetype="text/calendar",
    ),
    "spreadsheet": lambda: Response(
        to_xlsx("x", ["x"], [[of_area(Group).internal_note]]),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "unlisted": lambda: db.session.scalars(sa.select(Group.name).where(Group.state == "submitted")).one(),
}


def test_a_leak_that_is_added_is_found_however_it_is_written(a_few):
    for name, view in LEAKS.items():
        a_few.app.add_url_rule(f"/leaks/{name}", name, public(view))
    a_few.plant()
    a_few.look_as_visitor(rule for rule in a_few.rules(public=True) if rule.rule.startswith("/leaks/"))
    found = {line.partition(":")[0].partition("?")[0].rpartition("/")[2] for line in a_few.complaints}
    assert found == LEAKS.keys()


def test_a_name_on_a_page_of_somebody_else_is_found(a_few):
    view = requires("be_signed_in")(lambda: f"Next door: {of_area(Group).name}")
    a_few.app.add_url_rule("/leak", "leak", view)
    client = a_few.client("group_contact", a_few.elsewhere)
    a_few.plant()
    a_few.ask(client, "/leak", Reader("a contact", {a_few.elsewhere.group_id: {CONTACT}}), is_own=True)
    assert any("group.name" in line for line in a_few.complaints)


def test_an_answer_of_a_kind_that_cannot_be_read_is_refused(a_few):
    a_few.app.add_url_rule("/leak", "leak", public(lambda: Response(b"x", mimetype="application/x-tar")))
    a_few.plant()
    with pytest.raises(AssertionError, match="cannot read application/x-tar"):
        a_few.ask(a_few.app.test_client(), "/leak", VISITOR)
