"""Groups are checked, stored and given an address of their own."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
import sqlalchemy as sa

from app.groups.models import Group, GroupTopic
from app.groups.search_index import next_version, rebuild_index
from app.groups.services import change_group, register_groups
from app.shared.errors import NotFound, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_contact, make_draft, make_group, make_house, make_place, make_rule
from tests.support.threads import at_once


@pytest.fixture
def house(session):
    return make_house(session)


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "ab"},
        {"name": "  a  "},
        {"name": "x" * 121},
        {"description": "x" * 5001},
        {"website": "javascript:alert(1)"},
        {"topics": []},
        {"topics": ["no-such-topic"]},
        {"topics": ["krebs", "angst", "trauer", "demenz", "alkohol"]},
        {"format": "hologram"},
        {"status": "closed"},
        {"disclosure": "rumour"},
        {"audiences": ["everybody"]},
        {"access": ["teleporter"]},
        {"languages": ["tlh"]},
        {"contact": make_contact(way="pigeon")},
        {"for_affected": False, "for_relatives": False},
        {"name": "Licht\nblick"},
        {"name": "Licht\x00blick"},
        {"name": "Licht\u2028blick"},
        {"website": "https://example.org/\nX"},
        {"contact": make_contact(phone="0221\x07")},
        {"place": None},
        {"place": make_place(street="Lindenallee\x00 3")},
        {"place": make_place(longitude=None)},
        {"place": make_place(latitude=None)},
        {"place": make_place(latitude=91)},
        {"place": make_place(longitude=float("nan"))},
        {"place": make_place(longitude=float("-inf"))},
        {"place": make_place(point_quality="none")},
        {"place": make_place(point_quality="rumour")},
        {"clearinghouse_id": 4711},
        {"series": [make_rule(weekday=8)]},
    ],
    ids=str,
)
def test_a_draft_that_breaks_a_rule_is_refused_and_nothing_is_stored(session, house, fault):
    drafts = [make_draft(clearinghouse_id=house), make_draft(**{"clearinghouse_id": house, **fault})]
    with pytest.raises(RuleBroken) as refusal:
        register_groups(session, drafts, now=NOW)
    assert len(refusal.value.message) > 15
    assert refusal.value.field is not None
    assert session.scalar(sa.select(sa.func.count()).select_from(Group)) == 0


def test_groups_of_one_name_get_addresses_of_their_own(session, house):
    names = [
        "Krebs",
        "Krebs 2",
        "Krebs",
        "Krebs",
        "Print",
        "Ängste & Größe!",
        "日本語の会",
        "x" * 120,
        "x" * 120,
    ]
    drafts = [make_draft(clearinghouse_id=house, name=name) for name in names]
    register_groups(session, drafts, now=NOW)
    register_groups(session, drafts, now=NOW)
    slugs = session.scalars(sa.select(Group.slug).order_by(Group.id)).all()
    assert len(set(slugs)) == 2 * len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9._~-]{1,64}", slug) for slug in slugs)
    assert slugs[0] == "krebs"
    assert slugs[5] == "aengste-groesse"
    assert "print" not in slugs


def test_many_are_stored_in_order_and_each_once(session, house):
    drafts = [make_draft(clearinghouse_id=house, name=f"Kreis {number}") for number in range(50)]
    counted = []
    ids = register_groups(session, iter(drafts), now=NOW, on_progress=counted.append)
    names = session.scalars(sa.select(Group.name).order_by(Group.id)).all()
    assert ids == sorted(ids)
    assert names == [draft.name for draft in drafts]
    assert sum(counted) == 50


def test_a_topic_named_twice_counts_once_and_keeps_its_place(session, house):
    make_group(session, clearinghouse_id=house, topics=["krebs", "angst", "krebs"])
    assert session.scalars(sa.select(GroupTopic.position).order_by(GroupTopic.position)).all() == [0, 1]


def test_an_address_without_a_point_never_hinders_saving(session, house):
    place = make_place(latitude=None, longitude=None)
    group_id = make_group(session, clearinghouse_id=house, place=place)
    assert session.get(Group, group_id).is_listed


def test_longer_texts_lose_control_characters_and_keep_their_lines(session, house):
    group_id = make_group(
        session,
        clearinghouse_id=house,
        description="eins\r\nzw\x00ei\x0b\rdrei\tvier",
        first_visit="\x1bHallo",
    )
    group = session.get(Group, group_id)
    assert (group.description, group.first_visit) == ("eins\nzwei\ndrei vier", "Hallo")


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"website": "javascript:alert(1)"}, "website"),
        ({"languages": ["xx"]}, "languages"),
        ({"access": "lift"}, "access"),
        ({"status": "closed"}, "status"),
        ({"name": "Licht\nblick"}, "name"),
        ({"name": "ab"}, "name"),
        ({"description": "x" * 5001}, "description"),
        ({"for_affected": False}, "for_affected"),
        ({"clearinghouse_id": 4711}, "clearinghouse_id"),
    ],
    ids=str,
)
def test_a_change_that_breaks_a_rule_is_refused_and_changes_nothing(session, house, fault, field):
    group_id = make_group(session, clearinghouse_id=house)
    with pytest.raises(RuleBroken) as refusal:
        change_group(session, group_id, now=NOW, internal_note="neu", **fault)
    assert refusal.value.field == field
    assert session.get(Group, group_id).internal_note == ""
    assert not session.dirty


@pytest.mark.parametrize("name", ["nmae", "id", "slug", "place_id", "created_at", "metadata"])
def test_what_is_no_column_to_change_cannot_be_changed(session, house, name):
    group_id = make_group(session, clearinghouse_id=house)
    with pytest.raises(TypeError, match=name):
        change_group(session, group_id, now=NOW, **{name: "anything"})


def test_a_text_is_a_string(session, house):
    group_id = make_group(session, clearinghouse_id=house)
    with pytest.raises(TypeError, match="website"):
        change_group(session, group_id, now=NOW, website=None)


def test_an_online_group_without_a_place_cannot_begin_to_meet_in_person(session, house):
    group_id = make_group(session, clearinghouse_id=house, format="online")
    with pytest.raises(RuleBroken) as refusal:
        change_group(session, group_id, now=NOW, format="in_person")
    assert refusal.value.field == "place"


def test_the_rules_hold_for_what_a_change_leaves_behind(session, house):
    group_id = make_group(session, clearinghouse_id=house)
    change_group(session, group_id, now=NOW, for_affected=False, for_relatives=True)
    change_group(session, group_id, now=NOW, languages=("tr", "de"), description="a\r\nb")
    group = session.get(Group, group_id)
    assert (group.for_affected, group.languages, group.description) == (False, ["tr", "de"], "a\nb")


def test_a_number_that_belongs_to_another_name_is_not_given_again(session, house):
    make_group(session, clearinghouse_id=house, name="Zzzz 2")
    drafts = [make_draft(clearinghouse_id=house, name="Zzzz") for _ in range(3)]
    ids = register_groups(session, drafts, now=NOW)
    slugs = session.scalars(sa.select(Group.slug).where(Group.id.in_(ids)).order_by(Group.id)).all()
    assert slugs == ["zzzz", "zzzz-3", "zzzz-4"]


def test_groups_of_one_name_registered_at_once_get_addresses_of_their_own(app, session):
    with transaction() as writing:
        house = make_house(writing)

    def register() -> None:
        for _ in range(3):
            with transaction() as writing:
                register_groups(writing, [make_draft(clearinghouse_id=house)] * 2, now=NOW)

    at_once(app, *[register] * 3)
    session.rollback()
    slugs = session.scalars(sa.select(Group.slug)).all()
    assert sorted(slugs) == sorted(["lichtblick", *(f"lichtblick-{number}" for number in range(2, 19))])


def test_a_rebuild_beside_a_change_waits_for_it(app, session):
    with transaction() as writing:
        group_id = make_group(writing)

    def rebuild() -> None:
        with app.app_context():
            with transaction() as writing:
                rebuild_index(writing, today=NOW.date())
            db.session.remove()

    with ThreadPoolExecutor(1) as pool:
        with transaction() as writing:
            next_version(writing)
            rebuilt = pool.submit(rebuild)
            # It waits before it has touched any entry, or the two would now wait for each other.
            wait([rebuilt], timeout=0.5)
            change_group(writing, group_id, now=NOW, status="founding")
        rebuilt.result(30)


def test_a_group_that_does_not_exist_cannot_be_changed(session):
    with pytest.raises(NotFound):
        change_group(session, 4711, now=NOW, name="Neu")
