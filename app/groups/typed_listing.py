"""Fields of a listing whose words mean something we know, topics and a place; of several meanings one is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.groups.catalogue import get_catalogue
from app.groups.meetings.fields import TypedField
from app.groups.rules.finder_columns import MAX_TOPICS
from app.groups.text import fold
from app.groups.text_query import parse_words
from app.places.gazetteer import get_gazetteer
from app.places.matches import PlaceMatch
from app.shared.extensions import db
from app.shared.languages import in_language

if TYPE_CHECKING:
    from app.groups.catalogue import TopicCatalogue
    from app.groups.models import Topic

MOST_MEANT = 6
_BETWEEN = re.compile(r"[,;\n]")


class MeantField(TypedField[Any]):
    """A line that may mean several things: ``meant`` are offered as buttons that send the form with one of them."""

    meant: Sequence[str] = ()

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Take what was chosen of the offers, else what was typed."""
        chosen = formdata.get(f"{self.name}_meant") if formdata else None
        super().process(MultiDict({self.name: chosen}) if chosen else formdata, *args, **kwargs)


class TopicsField(MeantField):
    """One to four topics with commas between them, by any word that the finder knows; ``data`` are their slugs."""

    def understand(self, text: str) -> tuple[str, ...]:
        """Answer the slugs, the first topic first.

        Raises:
            ValueError: with a sentence for the person.
        """
        catalogue = get_catalogue(db.session())
        pieces = [piece.strip() for piece in _BETWEEN.split(text[:400]) if piece.strip()]
        found = []
        for piece in pieces:
            topics = topics_meant(catalogue, piece)
            if len(topics) != 1:
                self.meant = (
                    [in_language(topic.names) for topic in topics[:MOST_MEANT]] if len(pieces) == 1 else ()
                )
                raise ValueError(_unclear(piece, topics))
            found.append(topics[0].slug)
        slugs = tuple(dict.fromkeys(found))
        if len(slugs) > MAX_TOPICS:
            raise ValueError(_("Please choose one to %(count)s topics.", count=MAX_TOPICS))
        return slugs

    def words_of(self, value: Any) -> str:
        """Answer the names of the topics in the language of the page."""
        by_slug = get_catalogue(db.session()).by_slug
        return ", ".join(in_language(by_slug[slug].names) for slug in value if slug in by_slug)


class WhereField(MeantField):
    """A postcode with its town; ``data`` is the place of the gazetteer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"render_kw": _COMBOBOX, **kwargs})

    def understand(self, text: str) -> PlaceMatch:
        """Answer the place.

        Raises:
            ValueError: there is none, or several may be meant.
        """
        found = get_gazetteer(db.session()).resolve(text)
        if found.match is not None and found.match.is_area:
            raise ValueError(
                _("This is a whole region. Please give a postcode and town, such as 50667 Köln.")
            )
        if found.match is not None:
            postcode = _only_postcode(found.match)
            namesakes = [each for each in found.alternatives if not each.is_area]
            if postcode is None and namesakes:
                self.meant = [each.label for each in [found.match, *namesakes][:MOST_MEANT]]
                raise ValueError(_("There are several places of this name. Please choose yours."))
            return postcode or found.match
        near = [place for place in found.alternatives if not place.is_area]
        self.meant = [place.label for place in near[:MOST_MEANT]]
        if self.meant:
            sentence = _(
                "We do not know “%(place)s”. Did you mean %(other)s?", place=text[:60], other=self.meant[0]
            )
            raise ValueError(sentence)
        raise ValueError(_("We do not know this place. Please check the postcode, such as 50667 Köln."))

    def words_of(self, value: Any) -> str:
        """Answer how the place is labelled."""
        return str(value.label)

    @staticmethod
    def find(text: str) -> PlaceMatch | None:
        """Answer the place that a text names, if it names one."""
        return get_gazetteer(db.session()).resolve(text).match


_COMBOBOX = {
    "maxlength": 100,
    "autocomplete": "off",
    "autocapitalize": "words",
    "spellcheck": "false",
    "data-combobox": "/api/v1/places",
    "data-combobox-label": _l("Suggested places"),
    "data-one": _l("One suggestion. Use the arrow keys."),
    "data-many": _l("%(count)s suggestions. Use the arrow keys.", count="{n}"),
    "data-none": _l("No suggestion. Please type the postcode and the town."),
    "data-district": _l("district"),
    "data-state": _l("Land"),
}


def topics_meant(catalogue: TopicCatalogue, text: str) -> list[Topic]:
    """Answer the topic that is called so in any language, else all that the words may mean, the likeliest first."""
    named = _by_name(catalogue).get(fold(text))
    if named:
        return named
    words = parse_words(text, catalogue.words)
    if not words:
        return []
    ids = frozenset.intersection(*(word.topics for word in words))
    topics = [catalogue.by_id[topic_id] for topic_id in ids]
    return sorted(topics, key=lambda topic: (-topic.weight, topic.slug))


@lru_cache(maxsize=2)
def _by_name(catalogue: TopicCatalogue) -> dict[str, list[Topic]]:
    """Answer folded name or synonym → topics; a name outdoes synonyms."""
    found: dict[str, list[Topic]] = {}
    for topic in catalogue.topics:
        for synonyms in topic.synonyms.values():
            for synonym in synonyms:
                others = found.setdefault(fold(synonym), [])
                if topic not in others:
                    others.append(topic)
    return {**found, **{fold(name): [topic] for topic in catalogue.topics for name in topic.names.values()}}


def _only_postcode(place: PlaceMatch) -> PlaceMatch | None:
    """Answer the postcode of a town that has just one."""
    if place.kind != "town":
        return None
    codes = [
        each
        for each in get_gazetteer(db.session()).postcodes
        if each.district_ags == place.district_ags and each.label == f"{each.name} {place.name}"
    ]
    return codes[0] if len(codes) == 1 else None


def _unclear(piece: str, topics: Sequence[Topic]) -> str:
    if topics:
        return _("“%(words)s” may mean several topics. Please choose one.", words=piece[:60])
    return _(
        "We do not know the topic “%(words)s” yet. Please try another word, or choose one from the list of topics.",
        words=piece[:60],
    )
