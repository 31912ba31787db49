"""The questions that are measured: seeded, varied, the same for every database."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.groups.models import Topic
from app.groups.rules.vocabulary import ACCESS, FORMATS
from app.places.models import Postcode, Town

TEXTS = Path(__file__).resolve().parent.parent / "app" / "groups" / "demo" / "texts.json"
RADII_KM = (5, 10, 25, 50)
KINDS = (
    "near",
    "near, topic",
    "near, topic, day, access",
    "near, word",
    "near, two words, day",
    "nationwide topic",
    "day, format, access",
)
Question = dict[str, str | list[str]]
"""The parameters of one address of the finder."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What questions are made of; topics and places weighted as people ask."""

    topics: Sequence[str]
    topic_weights: Sequence[int]
    places: Sequence[tuple[str, float, float]]
    place_weights: Sequence[int]
    words: Sequence[str]


def read_vocabulary(session: Session) -> Vocabulary:
    """Answer the topics, the places with a postcode, and the words of the descriptions and of the topics."""
    topics = session.execute(sa.select(Topic.slug, Topic.weight, Topic.names)).all()
    largest = sa.select(Town.name, sa.func.max(Town.population)).group_by(Town.name)
    people = dict(session.execute(largest).tuples().all())
    places = session.execute(
        sa.select(Postcode.postcode, Postcode.latitude, Postcode.longitude, Postcode.municipality).order_by(
            Postcode.postcode
        )
    ).all()
    in_texts = {word for word in _words_of(json.loads(TEXTS.read_text(encoding="utf-8"))) if len(word) >= 6}
    in_topics = {word for row in topics for word in row.names["de"].split() if len(word) >= 5}
    return Vocabulary(
        topics=[row.slug for row in topics],
        topic_weights=[row.weight for row in topics],
        places=[(row.postcode, row.latitude, row.longitude) for row in places],
        place_weights=[1 + min(200_000, people.get(row.municipality) or 0) // 1_000 for row in places],
        words=sorted(in_texts | in_topics),
    )


def make_questions(vocabulary: Vocabulary, kind: str, *, count: int) -> list[Question]:
    """Answer questions of one kind; the same ones every time."""
    dice = random.Random(f"questions {kind}")
    return [_question(vocabulary, kind, dice) for _ in range(count)]


def _question(vocabulary: Vocabulary, kind: str, dice: random.Random) -> Question:
    asked = kind.split(", ")
    question = _where(vocabulary, asked, dice)
    if "topic" in kind:
        question["topic"] = dice.choices(vocabulary.topics, vocabulary.topic_weights)[0]
    for name, count in (("word", 1), ("two words", 2)):
        if name in asked:
            question["q"] = " ".join(_word(vocabulary, dice) for _ in range(count))
    if "day" in asked:
        question["weekday"] = [str(day) for day in dice.sample(range(1, 8), dice.choice((1, 1, 2)))]
    if "format" in asked:
        question["format"] = dice.choice(FORMATS)
    if "access" in asked:
        question["access"] = dice.sample(ACCESS[:4], dice.choice((1, 1, 2)))
    return question


def _where(vocabulary: Vocabulary, asked: Sequence[str], dice: random.Random) -> Question:
    """Answer a postcode and a radius, or a position with the widest circle that the form offers."""
    postcode, latitude, longitude = dice.choices(vocabulary.places, vocabulary.place_weights)[0]
    if "near" in asked:
        return {"near": postcode, "radius_km": str(dice.choice(RADII_KM))}
    if "nationwide topic" in asked:
        return {"lat": f"{latitude:.2f}", "lon": f"{longitude:.2f}", "radius_km": "200"}
    return {}


def _word(vocabulary: Vocabulary, dice: random.Random) -> str:
    """Answer a word; half of them are only begun."""
    word = dice.choice(vocabulary.words)
    return word if dice.random() < 0.5 else word[: max(4, len(word) * 2 // 3)]


def _words_of(value: object) -> list[str]:
    """Answer every word of the texts of a JSON document."""
    if isinstance(value, str):
        return ["".join(letter for letter in word if letter.isalpha()) for word in value.split()]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [word for part in parts for word in _words_of(part)]
