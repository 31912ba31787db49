"""The topics are those of the files, without pulling one from under a group or a running process."""

from __future__ import annotations

import sqlalchemy as sa

from app import create_app
from app.groups import queries
from app.groups.catalogue import get_catalogue
from app.groups.models import Group, Topic, TopicArea
from app.groups.topics import load_topics
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_group
from tests.support.databases import config_for


def add_topic(session, slug):
    """Store a topic in an area of its own, neither of which is in the files."""
    session.add(TopicArea(slug=f"area-{slug}", sector="health", names={"de": slug}, position=99))
    session.flush()
    session.add(
        Topic(
            slug=slug,
            area_slug=f"area-{slug}",
            disease_area_slug=None,
            is_rare=False,
            weight=1,
            names={"de": slug},
            synonyms={},
            about={},
            related=[],
            organisations=[],
        )
    )
    session.flush()


def test_a_topic_that_left_the_files_goes_unless_a_group_is_about_it(session):
    before = dict(session.execute(sa.select(Topic.slug, Topic.id)).tuples().all())
    with transaction() as writing:
        add_topic(writing, "einst")
        add_topic(writing, "noch")
        make_group(writing, topics=["noch", "krebs"])
    with transaction() as writing:
        assert load_topics(writing) == len(before)
    after = dict(session.execute(sa.select(Topic.slug, Topic.id)).tuples().all())
    assert set(after) == {*before, "noch"}
    assert {slug: after[slug] for slug in before} == before
    areas = session.scalars(sa.select(TopicArea.slug).where(TopicArea.slug.like("area-%"))).all()
    assert areas == ["area-noch"]


def test_a_process_that_runs_learns_of_a_topic_when_a_group_is_about_it(app, session, database_url):
    assert "neu" not in get_catalogue(session).by_slug
    other = create_app(config_for(database_url))
    other.extensions["gazetteer"] = app.extensions["gazetteer"]
    with other.app_context():
        with transaction() as writing:
            add_topic(writing, "neu")
            group_id = make_group(writing, topics=["krebs", "neu"])
        db.session.remove()
        db.engine.dispose()
    session.rollback()
    slug = session.scalar(sa.select(Group.slug).where(Group.id == group_id))
    page = queries.get_group_page(session, slug, now=NOW)
    assert [topic.slug for topic in page.card.topics] == ["krebs", "neu"]
    assert "neu" in get_catalogue(session).by_slug
