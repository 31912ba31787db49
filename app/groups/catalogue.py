"""The topics as every page needs them: loaded once a process, since only ``flask topics load`` changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app.groups.models import Topic, TopicArea
from app.groups.topic_words import TopicWords
from app.shared.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

SECTORS = ("health", "psychosocial", "social")
_EXTENSION = "topics"


class TopicCatalogue:
    """All topics and areas, detached from any session; do not change them."""

    def __init__(self, topics: list[Topic], areas: list[TopicArea]) -> None:
        self.topics = topics
        self.areas = areas
        self.by_id = {topic.id: topic for topic in topics}
        self.by_slug = {topic.slug: topic for topic in topics}
        self.words = TopicWords(topics)

    def get(self, slug: str) -> Topic:
        """Answer a topic.

        Raises:
            NotFound: there is no such topic.
        """
        topic = self.by_slug.get(slug)
        if topic is None:
            raise NotFound(
                _("There is no topic “%(slug)s”. Please choose one from the list of topics.", slug=slug[:60]),
                code="unknown_topic",
                field="topic",
            )
        return topic

    def related(self, topics: Iterable[Topic]) -> list[Topic]:
        """Answer the topics that are near to some topics, each once, those themselves left out."""
        given = list(topics)
        slugs = dict.fromkeys(slug for topic in given for slug in topic.related)
        return [
            self.by_slug[slug] for slug in slugs if slug in self.by_slug and self.by_slug[slug] not in given
        ]


def get_catalogue(session: Session) -> TopicCatalogue:
    """Answer the topics of this application, loaded at the first call."""
    catalogue = current_app.extensions.get(_EXTENSION)
    if catalogue is None:
        topics = list(session.scalars(sa.select(Topic).order_by(Topic.slug)))
        areas = list(session.scalars(sa.select(TopicArea).order_by(TopicArea.position)))
        for row in (*topics, *areas):
            session.expunge(row)
        catalogue = TopicCatalogue(topics, areas)
        if topics:  # an empty table is not remembered: the loader may still come
            current_app.extensions[_EXTENSION] = catalogue
    return catalogue


def topics_by_id(session: Session, ids: Iterable[int]) -> dict[int, Topic]:
    """Answer all topics by id.

    When one of ``ids`` is not among them, another process has loaded topics since: all are read anew, once.
    """
    by_id = get_catalogue(session).by_id
    if not by_id.keys() >= set(ids):
        forget_catalogue()
        by_id = get_catalogue(session).by_id
    return by_id


def forget_catalogue() -> None:
    """Afterwards the next call reads the topics anew."""
    current_app.extensions.pop(_EXTENSION, None)
