"""Loads the taxonomy of topics from the files in ``data/``; safe to run twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from app.groups.catalogue import forget_catalogue
from app.groups.models import DiseaseArea, Founding, GroupTopic, Interest, Topic, TopicArea

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DATA = Path(__file__).parent / "data"


def load_topics(session: Session) -> int:
    """Afterwards areas and topics are as in the files; answer the number of topics in them. Topics keep their ids.

    A topic that is no longer in the files is removed, unless a group is about it, or somebody waits for one: then it
    stays as it was, with its area, until nothing uses it and the files are loaded again. Processes that run learn of
    new topics when a group is about one, and of everything else when they start anew.
    """
    areas = orjson.loads((DATA / "topic_areas.json").read_bytes())
    for position, area in enumerate(areas["areas"]):
        session.merge(
            TopicArea(slug=area["slug"], sector=area["sector"], names=area["names"], position=position)
        )
    for position, area in enumerate(areas["disease_areas"]):
        session.merge(DiseaseArea(slug=area["slug"], names=area["names"], position=position))
    session.flush()
    ids = dict(session.execute(sa.select(Topic.slug, Topic.id)).tuples().all())
    topics = [
        topic for path in sorted(DATA.glob("topics_*.json")) for topic in orjson.loads(path.read_bytes())
    ]
    for topic in sorted(topics, key=lambda each: str(each["slug"])):
        session.merge(Topic(**_columns(topic), id=ids.get(topic["slug"])))
    session.flush()
    _remove_unused(session, topics=topics, areas=areas)
    forget_catalogue()
    return len(topics)


def _remove_unused(session: Session, *, topics: list[dict[str, Any]], areas: dict[str, Any]) -> None:
    """Afterwards no topic and no area is left that neither the files name nor anything uses."""
    is_used = sa.or_(
        *(sa.exists().where(model.topic_id == Topic.id) for model in (GroupTopic, Interest, Founding))
    )
    session.execute(sa.delete(Topic).where(Topic.slug.not_in([each["slug"] for each in topics]), ~is_used))
    for model, named, column in (
        (TopicArea, areas["areas"], Topic.area_slug),
        (DiseaseArea, areas["disease_areas"], Topic.disease_area_slug),
    ):
        is_used = sa.exists().where(column == model.slug)
        gone = model.slug.not_in([each["slug"] for each in named])
        session.execute(sa.delete(model).where(gone, ~is_used))


def _columns(topic: dict[str, Any]) -> dict[str, Any]:
    return {
        "slug": topic["slug"],
        "area_slug": topic["area"],
        "disease_area_slug": topic["disease_area"],
        "is_rare": topic["rare"],
        "weight": topic["weight"],
        "names": topic["names"],
        "synonyms": topic["synonyms"],
        "about": topic["about"],
        "related": topic["related"],
        "organisations": topic["organisations"],
    }
