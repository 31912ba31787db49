"""An edit is true at once in list, total, facets and clusters, everywhere, and a rebuild changes nothing."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app import create_app
from app.groups import finder, queries
from app.groups.catalogue import get_catalogue
from app.groups.forms import read_finder_request
from app.groups.models import Group, MeetingPlace
from app.groups.search_index import rebuild_index
from app.groups.services import change_group, move_pin, register_groups, set_point
from app.places.gazetteer import get_gazetteer
from app.shared.errors import NotFound, RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.finder_world import slugs_of
from tests.builders.groups import NOW, make_draft, make_group, make_house, make_place, make_rule
from tests.support.databases import config_for

COLOGNE = {"lat": "50.93812", "lon": "6.95731", "radius_km": "1"}
BONN = (50.7353, 7.1022)
AROUND_COLOGNE, AROUND_BONN = "6.9,50.9,7.0,51.0", "7.05,50.7,7.15,50.78"


def understood(**asked: str) -> Any:
    session = db.session()
    return read_finder_request(
        MultiDict(asked), gazetteer=get_gazetteer(session), catalogue=get_catalogue(session)
    )


def found(**asked: str) -> list[str]:
    answer = finder.find_groups(db.session(), understood(**asked), now=NOW)
    assert answer.total == len(answer.cards)
    return slugs_of(answer.cards)


def facets(**asked: str) -> dict[str, dict[str, int]]:
    return finder.find_groups(db.session(), understood(**asked), now=NOW, with_facets=True).facets


def on_map(box: str, **asked: str) -> int:
    view = finder.view_map(db.session(), understood(bbox=box, **asked), zoom=12, now=NOW)
    assert view.total == sum(cluster.count for cluster in view.clusters)
    return view.total


class UndoError(Exception):
    """Ends a transaction of which nothing shall stay."""


@contextmanager
def rolled_back():
    """A transaction of which nothing stays."""
    with suppress(UndoError), transaction() as session:
        yield session
        raise UndoError


@pytest.fixture
def group_id(session):
    with transaction() as writing:
        made = make_group(writing)
    # Whatever is remembered is remembered before the edit.
    assert found(**COLOGNE) == ["lichtblick"]
    assert on_map(AROUND_COLOGNE) == on_map(AROUND_COLOGNE, topic="depression") == 1
    return made


def test_a_new_name_is_found_and_the_old_one_is_not(app, group_id):
    with transaction() as session:
        change_group(session, group_id, now=NOW, name="Sonnenaufgang")
    assert found(q="Sonnenaufgang") == ["lichtblick"]
    assert found(q="Lichtblick") == []


def test_new_facts_are_counted_at_once(app, group_id):
    assert facets(**COLOGNE)["status"] == {"open": 1, "waiting_list": 0, "founding": 0}
    with transaction() as session:
        change_group(session, group_id, now=NOW, status="waiting_list", access=["lift"], languages=["tr"])
    assert facets(**COLOGNE)["status"] == {"open": 0, "waiting_list": 1, "founding": 0}
    assert facets(**COLOGNE)["access"]["lift"] == facets(**COLOGNE)["language"]["tr"] == 1
    assert found(status="open") == []


def test_a_withdrawn_group_is_gone_from_everywhere(app, group_id):
    with transaction() as session:
        change_group(session, group_id, now=NOW, state="paused")
    assert found() == found(q="Lichtblick") == found(**COLOGNE) == found(topic="depression") == []
    assert on_map(AROUND_COLOGNE) == on_map(AROUND_COLOGNE, topic="depression") == 0
    with pytest.raises(NotFound):
        queries.get_group_page(db.session(), "lichtblick", now=NOW)
    with transaction() as session:
        change_group(session, group_id, now=NOW, state="listed")
    assert found(q="Lichtblick") == ["lichtblick"]


def test_a_pin_that_is_moved_moves_the_group(app, group_id):
    with transaction() as session:
        move_pin(session, _place_of(session, group_id), latitude=BONN[0], longitude=BONN[1], now=NOW)
    assert found(**COLOGNE) == []
    assert found(near="Bonn", radius_km="5") == ["lichtblick"]
    assert (on_map(AROUND_COLOGNE), on_map(AROUND_BONN)) == (0, 1)
    assert (on_map(AROUND_COLOGNE, topic="depression"), on_map(AROUND_BONN, topic="depression")) == (0, 1)
    assert (on_map(AROUND_COLOGNE, weekday="3"), on_map(AROUND_BONN, weekday="3")) == (0, 1)
    assert found(q="lichtblick", near="Bonn", radius_km="5") == ["lichtblick"]


def test_a_point_that_is_lost_leaves_the_group_with_its_clearing_house(app, group_id):
    with transaction() as session:
        set_point(session, _place_of(session, group_id), point=None, quality="exact", now=NOW)
    (card,) = finder.find_groups(db.session(), understood(near="50667"), now=NOW).cards
    assert card.place is not None
    assert (card.place.precision, card.place.latitude, card.place.street) == ("clearinghouse", 50.94, "")
    with transaction() as session:
        set_point(session, _place_of(session, group_id), point=BONN, quality="exact", now=NOW)
    assert found(near="Bonn", radius_km="5") == ["lichtblick"]


def test_a_pin_off_the_globe_is_refused(app, group_id):
    with pytest.raises(RuleBroken), transaction() as session:
        move_pin(session, _place_of(session, group_id), latitude=91, longitude=0, now=NOW)


def test_a_group_that_goes_online_has_no_place_any_more(app, group_id):
    with transaction() as session:
        change_group(session, group_id, now=NOW, format="online")
    assert found(**COLOGNE) == []
    assert found(**COLOGNE, format="online") == found(format="online") == ["lichtblick"]
    assert on_map(AROUND_COLOGNE) == 0
    assert queries.get_group_page(db.session(), "lichtblick", now=NOW).card.place is None


def test_another_process_sees_the_edit_with_its_next_question(app, database_url, group_id):
    other = create_app(config_for(database_url))
    other.extensions["gazetteer"] = app.extensions["gazetteer"]
    with other.app_context():
        assert found(**COLOGNE) == ["lichtblick"]
        assert on_map(AROUND_COLOGNE) == 1
        db.session.remove()
    with app.app_context(), transaction() as session:
        change_group(session, group_id, now=NOW, name="Sonnenaufgang", status="founding")
        move_pin(session, _place_of(session, group_id), latitude=BONN[0], longitude=BONN[1], now=NOW)
    with other.app_context():
        assert found(**COLOGNE) == []
        assert found(q="Sonnenaufgang", near="Bonn", radius_km="5", status="founding") == ["lichtblick"]
        assert (on_map(AROUND_COLOGNE), on_map(AROUND_BONN)) == (0, 1)
    with app.app_context(), transaction() as session:
        rebuild_index(session, today=NOW.date())
        change_group(session, group_id, now=NOW, state="paused")
    with other.app_context():
        db.session.rollback()
        assert found() == []
        db.session.remove()
        db.engine.dispose()


def test_what_is_rolled_back_was_never_found(app, group_id):
    with rolled_back() as session:
        change_group(session, group_id, now=NOW, status="founding")
        assert found(status="founding") == ["lichtblick"]  # whoever writes sees it
    assert found(status="founding") == []
    assert facets()["status"]["open"] == 1


def test_a_change_after_one_that_was_rolled_back_does_not_bring_it_back(app, session):
    with transaction() as writing:
        house = make_house(writing)
        first, second = register_groups(
            writing, [make_draft(clearinghouse_id=house, name=name) for name in ("Erste", "Zweite")], now=NOW
        )
    assert len(found()) == 2
    with rolled_back() as writing:
        change_group(writing, first, now=NOW, state="paused")
        assert found() == ["zweite"]
    with transaction() as writing:
        change_group(writing, second, now=NOW, status="founding")
    assert found() == ["erste", "zweite"]
    assert found(status="founding") == ["zweite"]


def test_a_rebuild_changes_nothing(app, group_id):
    with transaction() as session:
        house = session.get(Group, group_id).clearinghouse_id
        drafts = [
            make_draft(
                clearinghouse_id=house, name=f"Gruppe Nr {number}", disclosure=disclosure, topics=topics
            )
            for number, (disclosure, topics) in enumerate(
                [("area", ["angst", "krebs"]), ("clearinghouse", ["krebs"]), ("exact", ["angst"])]
            )
        ]
        ids = register_groups(session, drafts, now=NOW)
        change_group(session, ids[1], now=NOW, state="paused")
        change_group(session, ids[0], now=NOW, disclosure="clearinghouse")
    before = _index(db.session())
    questions = [{}, {"topic": "krebs"}, {"q": "angst"}, COLOGNE, {"near": "Köln"}]
    answers = [found(**asked) for asked in questions]
    with transaction() as session:
        assert rebuild_index(session, today=NOW.date()) == 3
    assert _index(db.session()) == before
    assert [found(**asked) for asked in questions] == answers


def test_the_next_meeting_goes_on_with_the_clock(app, session):
    with transaction() as writing:
        make_group(writing, series=[make_rule(weekday=1)], name="Montags")
        make_group(
            writing,
            series=[make_rule(weekday=2)],
            name="Dienstags",
            clearinghouse_id=session.scalar(sa.select(Group.clearinghouse_id)),
        )
    orders = []
    for day in (23, 24, 25):
        now = datetime(2026, 11, day, 9, tzinfo=UTC)
        cards = finder.find_groups(session, understood(sort="next_meeting"), now=now).cards
        orders.append(slugs_of(cards))
        upcoming = [card.next_meeting.starts_at for card in cards]
        assert upcoming == sorted(upcoming)
        assert all(now <= each < now + timedelta(days=8) for each in upcoming)
    assert orders == [["montags", "dienstags"], ["dienstags", "montags"], ["montags", "dienstags"]]


def test_many_threads_edit_and_ask_at_once(app, group_id):
    wrong: list[object] = []
    ends = threading.Event()
    askers = [threading.Thread(target=_ask, args=(app, ends, wrong)) for _ in range(2)]
    editors = [threading.Thread(target=_edit, args=(app, group_id)) for _ in range(2)]
    for thread in (*askers, *editors):
        thread.start()
    for thread in editors:
        thread.join(60)
    ends.set()
    for thread in askers:
        thread.join(60)
    assert wrong == []
    db.session.rollback()
    assert found(status="open") == ["lichtblick"]


def _ask(app: Any, ends: threading.Event, wrong: list[object]) -> None:
    """Ask until told to end; note every answer that cannot be true at any moment."""
    with app.app_context():
        while not ends.is_set():
            db.session.rollback()
            asked = understood(topic="depression")
            answer = finder.find_groups(db.session(), asked, now=NOW, with_facets=True)
            if answer.total != 1 or sum(answer.facets["status"].values()) != 1:
                wrong.append((answer.total, answer.facets["status"]))
        db.session.remove()


def _edit(app: Any, group_id: int) -> None:
    """Change the group's state eight times, last to open."""
    with app.app_context():
        for status in ("founding", "open") * 4:
            with transaction() as session:
                change_group(session, group_id, now=NOW, status=status)
        db.session.remove()


def _place_of(session: Any, group_id: int) -> int:
    return int(
        session.scalar(
            sa.select(MeetingPlace.id)
            .join(Group, Group.place_id == MeetingPlace.id)
            .where(Group.id == group_id)
        )
    )


def _index(session: Any) -> tuple[Any, ...]:
    entries = session.execute(
        sa.text("SELECT group_id, facts, meetings FROM finder_entry WHERE facts IS NOT NULL ORDER BY 1")
    ).all()
    texts = session.execute(sa.text("SELECT group_id, tokens FROM group_text ORDER BY 1")).all()
    return tuple(tuple(row) for row in entries), tuple(tuple(row) for row in texts)


def test_a_place_far_from_any_word_is_kept_out_of_the_text(app, session):
    with transaction() as writing:
        make_group(writing, place=make_place(town="Geheimstadt", name="Geheimhaus"), disclosure="area")
    assert found(q="Geheimstadt") == found(q="Geheimhaus") == found(q="Lindenallee") == []
    (card,) = finder.find_groups(session, understood(), now=NOW).cards
    assert card.locality
    assert found(q=card.locality) == ["lichtblick"]
