"""What a demo group can be about: the topics with the German word forms that sentences need."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.models import Topic

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FORMS: dict[str, Any] = json.loads((Path(__file__).parent / "topic_forms.json").read_text(encoding="utf-8"))
OTHER_FAMILY = "body"


@dataclass(frozen=True, slots=True)
class Theme:
    """A topic as the fragments use it.

    ``kind`` says which fragments fit: ``mit`` (one lives with it; ``mit`` is the dative), ``people`` (the topic names
    people) or ``topic`` (neither). ``people`` and ``relatives`` stand after "für".
    """

    slug: str
    name: str
    family: str
    kind: str
    mit: str
    people: str
    relatives: str
    synonyms: tuple[str, ...]
    related: tuple[str, ...]
    weight: int
    is_for_relatives_only: bool

    @property
    def may_have_relatives(self) -> bool:
        """Whether a group of relatives is likely beside one of affected people."""
        return not self.is_for_relatives_only and (self.kind == "mit" or self.family == "addiction")


def list_themes(session: Session) -> list[Theme]:
    """Answer the themes of all topics, by slug."""
    topics = list(session.scalars(sa.select(Topic).order_by(Topic.slug)))
    known = {topic.slug for topic in topics}
    return [_theme(topic, known) for topic in topics]


def _theme(topic: Topic, known: set[str]) -> Theme:
    name = topic.names["de"]
    family = FORMS["families"].get(topic.area_slug, OTHER_FAMILY)
    people = FORMS["people"].get(topic.slug, "")
    mit = ""
    if not people:
        mit = FORMS["mit"].get(topic.slug, name if family in FORMS["mit_families"] else "")
    for_relatives = topic.slug in FORMS["relatives_only"]
    about = f"Menschen mit {mit}" if mit else f"Menschen, die das Thema „{name}“ beschäftigt"
    beside = f"Angehörige von {about}" if mit else f"Angehörige, die das Thema „{name}“ mitbetrifft"
    return Theme(
        slug=topic.slug,
        name=name,
        family=family,
        kind="people" if people else "mit" if mit else "topic",
        mit=mit,
        people=people or about,
        relatives=people if people and for_relatives else beside,
        synonyms=tuple(topic.synonyms.get("de", ())),
        related=tuple(slug for slug in topic.related if slug in known and slug != topic.slug),
        weight=max(1, topic.weight),
        is_for_relatives_only=for_relatives,
    )
