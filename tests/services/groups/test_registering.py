"""Groups are checked, stored and given an address of their own."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.groups.models import Group, GroupTopic, ListingReport
from app.groups.services import change_group, register_groups, report_listing
from app.shared.errors import NotFound, RuleBroken
from tests.builders.groups import NOW, make_contact, make_draft, make_group, make_house, make_place, make_rule


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
        {"place": None},
        {"series": [make_rule(weekday=8)]},
    ],
    ids=str,
)
def test_a_draft_that_breaks_a_rule_is_refused_and_nothing_is_stored(session, house, fault):
    drafts = [make_draft(clearinghouse_id=house), make_draft(clearinghouse_id=house, **fault)]
    with pytest.raises(RuleBroken) as refusal:
        register_groups(session, drafts, now=NOW)
    assert len(refusal.value.message) > 15
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


def test_a_group_that_does_not_exist_cannot_be_changed(session):
    with pytest.raises(NotFound):
        change_group(session, 4711, now=NOW, name="Neu")


def test_a_report_is_kept_with_what_was_said(session, house):
    group_id = make_group(session, clearinghouse_id=house)
    report_listing(session, group_id, reason="time", message="Jetzt um acht", reply_to="", now=NOW)
    stored = session.scalar(sa.select(ListingReport))
    assert (stored.group_id, stored.reason, stored.message) == (group_id, "time", "Jetzt um acht")
