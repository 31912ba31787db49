"""Every word by which somebody may look for a topic finds its groups."""

from __future__ import annotations

from datetime import time

import pytest

from app.groups.catalogue import get_catalogue
from app.groups.text import fold, index_tokens, stem, words_of
from app.groups.text_query import Dialect, expression, parse_words
from app.places.gazetteer import get_gazetteer
from app.shared.extensions import db
from tests.builders.finder_world import get_world
from tests.builders.groups import make_group, make_house, make_rule


@pytest.fixture
def words(request):
    """The words of all topics; they come from files, so one kind of database says enough."""
    with get_world(request.getfixturevalue("_sqlite")).app.app_context():
        yield get_catalogue(db.session())


def test_every_name_and_synonym_in_every_language_finds_its_topic(words):
    lost = []
    for topic in words.topics:
        terms = [(language, name) for language, name in topic.names.items()]
        terms += [(language, term) for language, some in topic.synonyms.items() for term in some]
        for language, term in terms:
            for written in (term, term.upper(), term.lower()):
                parsed = parse_words(written, words.words)
                if not parsed or not all(topic.id in word.topics for word in parsed):
                    lost.append((topic.slug, language, written))
    assert lost == []


def test_there_are_enough_topics_in_three_sectors_each_named_in_three_languages(words):
    assert len(words.topics) >= 160
    assert {area.sector for area in words.areas} == {"health", "psychosocial", "social"}
    assert all(topic.names.keys() == {"de", "en", "nl"} for topic in words.topics)


def topics_of(words, q):
    found = [word.topics for word in parse_words(q, words.words)]
    ids = frozenset.intersection(*found) if found else frozenset()
    return {words.by_id[topic_id].slug for topic_id in ids}


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Deppression", "depression"),
        ("Depresion", "depression"),
        ("Depressoin", "depression"),
        ("Diabtes", "diabetes"),
        ("Diabetis", "diabetes"),
        ("Zucker", "diabetes"),
        ("Trinken", "alkohol"),
        ("burn out", "burnout"),
        ("Burn-out", "burnout"),
        ("burnout", "burnout"),
        ("Ängste", "angst"),
        ("Aengste", "angst"),
        ("Krebs", "krebs"),
        ("cancer", "krebs"),
        ("kanker", "krebs"),
        ("Parkinsn", "parkinson"),
        ("multiple sklerose", "multiple-sklerose"),
        ("MS", "multiple-sklerose"),
    ],
)
def test_lay_words_and_one_slip_find_the_topic(words, typed, slug):
    assert slug in topics_of(words, typed)


@pytest.mark.parametrize("typed", ["Dxpreszion", "Qqqqq", "xyzzy"])
def test_more_slips_than_one_find_no_topic(words, typed):
    assert topics_of(words, typed) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Größe", "groesse"), ("STRASSE", "Straße"), ("Café", "cafe"), ("Ärger", "AERGER"), ("é", "e\u0301")],
)
def test_umlauts_and_accents_may_be_written_either_way(one, other):
    assert fold(one) == fold(other)


def test_words_are_stems_without_those_that_say_nothing():
    assert words_of("Die Gruppe für Depressionen!") == ["depressionen"]
    assert stem("depressionen") == stem("depression")
    assert len(stem("x" * 90)) == 40


def test_tokens_hold_name_text_topics_and_cells():
    tokens = index_tokens(name="Mut tut gut", texts=["Wir reden."], topic_ids=[7], cells=["c0x1y2"])
    assert {"nmut", "wmut", "wred", "t7", "c0x1y2"} <= set(tokens)
    assert len(tokens) == len(set(tokens))


@pytest.mark.parametrize("is_sqlite", [True, False])
@pytest.mark.parametrize(
    "q", ["\"' OR *", "krebs) OR (1=1", "a:* & !b", "\\ krebs", "NEAR(krebs)", "w*", "-krebs"]
)
def test_nothing_typed_reaches_the_syntax(words, is_sqlite, q):
    for word in parse_words(q, words.words):
        assert word.stem.isascii()
        assert word.stem.isalnum()
    quote = '"' if is_sqlite else "'"
    said = expression(parse_words(q, words.words), Dialect(is_sqlite=is_sqlite), cells=["cnone"])
    assert all(part.isalnum() for part in said.split(quote)[1::2])


def test_at_most_twelve_words_count(words):
    assert len(parse_words(" ".join(f"wort{number}" for number in range(50)), words.words)) == 12


@pytest.mark.parametrize(
    ("q", "finds"),
    [
        ("Krebs", "Krebsnachsorge"),
        ("krebsnach", "Krebsnachsorge"),
        ("Zuckersuess", "Zuckersüß"),
        ("zuckersüss", "Zuckersüß"),
        ("CAFE GROESSE", "Café Größe"),
        ("Cafés", "Café Größe"),
        ("Brücken", "Die Brücke"),
    ],
)
def test_words_of_a_name_are_found_however_they_are_written(databases, q, finds):
    client = get_world(databases).app.test_client()
    names = {
        item["name"]
        for item in client.get("/api/v1/groups", query_string={"q": q, "per_page": 100}).json["items"]
    }
    assert any(name.startswith(finds) for name in names)


def test_best_matches_come_first(databases):
    client = get_world(databases).app.test_client()
    items = client.get("/api/v1/groups?q=krebs&per_page=100").json["items"]
    kinds = [
        0
        if "Krebs" in item["name"] or "krebs" in item["topics"][0]
        else 1
        if "krebs" in item["topics"]
        else 2
        for item in items
    ]
    assert kinds == sorted(kinds)


def test_a_group_mainly_about_the_topic_comes_before_one_that_only_touches_it(client, session):
    sooner, later = make_rule(starts_at_local=time(8)), make_rule(starts_at_local=time(21))
    house = make_house(session)
    facts = {"clearinghouse_id": house, "description": "Wir reden."}
    make_group(session, name="Am Rande", topics=["angst", "depression"], series=[sooner], **facts)
    make_group(session, name="Im Kern", topics=["depression", "angst"], series=[later], **facts)
    make_group(session, name="Depression heute", topics=["angst", "depression"], series=[later], **facts)
    items = client.get("/api/v1/groups?q=depressief").json["items"]
    assert items[0]["name"] == "Im Kern"
    items = client.get("/api/v1/groups?q=Depression").json["items"]
    assert {item["name"] for item in items[:2]} == {"Im Kern", "Depression heute"}


def test_the_gazetteer_is_there(words):
    assert get_gazetteer(db.session()).towns
