"""Demo groups are believable, invented, and keep every secret they are meant to keep."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from app.clearinghouses.demo import demo_clearinghouses
from app.clearinghouses.models import Catchment
from app.clearinghouses.services import register_clearinghouses
from app.groups.demo.contacts import NAMES
from app.groups.demo.drafts import demo_groups
from app.groups.demo.spots import Spots, short_name
from app.groups.demo.themes import FORMS, list_themes
from app.groups.demo.wording import TEXTS
from app.groups.drafts import GroupDraft
from app.groups.models import Topic
from app.groups.rules.vocabulary import AUDIENCES, LANGUAGE_CODES
from app.groups.services import register_groups
from app.places.gazetteer import get_gazetteer
from app.places.models import Postcode
from app.shared import clock

TODAY = date(2026, 11, 23)
COUNT = 2_000
FICTIONAL = re.compile(r"(030 23125|040 66969|069 90009|0221 4710|089 99998) \d{3}|0171 39200\d\d")
NUMBER = re.compile(r"0\d{2,3} ?\d[\d ]{4,}\d")


on_one_database = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
"""What is drawn depends on the reference data, not on the kind of database that holds it."""
_drawn: list[GroupDraft] = []


@pytest.fixture
def draw(session):
    """Draws groups; clearing houses are made when first needed."""

    def drawn(count, random_seed=1):
        if session.scalar(sa.select(Catchment.id).limit(1)) is None:
            register_clearinghouses(session, demo_clearinghouses(session, 1), clock.now())
        return list(demo_groups(session, count=count, random_seed=random_seed, today=TODAY))

    return drawn


@pytest.fixture
def drafts(draw):
    """Many groups, drawn once for all tests that only look at them."""
    if not _drawn:
        _drawn.extend(draw(COUNT))
    return _drawn


def texts_of(draft):
    """Every text anywhere in a draft."""
    contact, place = draft.contact, draft.place
    yield from (draft.name, draft.description, draft.first_visit, draft.internal_note, draft.website)
    yield from (contact.name, contact.phone, contact.email)
    if place is not None:
        yield from (place.name, place.street, place.town)


def share(drafts, is_so):
    return sum(map(bool, map(is_so, drafts))) / len(drafts)


@on_one_database
def test_equal_seeds_give_equal_groups_and_others_give_others(draw):
    first = draw(60)
    assert draw(60) == first
    assert draw(60, random_seed=2)[20:] != first[20:]


@on_one_database
def test_a_larger_demonstration_begins_like_a_smaller_one(draw):
    assert draw(120)[:50] == draw(50)
    assert draw(15) == draw(10) + draw(15)[10:]


@on_one_database
def test_every_number_is_kept_for_films_and_every_address_leads_nowhere(drafts):
    for draft in drafts:
        for text in texts_of(draft):
            for number in NUMBER.findall(text):
                assert FICTIONAL.fullmatch(number.strip()), text
            for host in re.findall(r"(?:@|https?://)([^\s/,]+)", text):
                assert host.endswith(".example"), text
        assert not draft.contact.phone or FICTIONAL.fullmatch(draft.contact.phone)
        assert not draft.website or draft.website.startswith("https://")


def test_all_are_accepted_by_the_service(draw, session):
    assert len(register_groups(session, draw(300), now=clock.now())) == 300


@on_one_database
def test_shares_are_about_as_wanted(drafts):
    assert share(drafts, lambda each: each.format == "online") == pytest.approx(0.09, abs=0.03)
    assert share(drafts, lambda each: each.format == "hybrid") == pytest.approx(0.08, abs=0.03)
    assert share(drafts, lambda each: each.status == "waiting_list") == pytest.approx(0.12, abs=0.03)
    assert share(drafts, lambda each: each.status == "founding") == pytest.approx(0.06, abs=0.02)
    assert share(drafts, lambda each: not each.for_affected) == pytest.approx(0.20, abs=0.04)
    both = share(drafts, lambda each: each.for_affected and each.for_relatives)
    assert both == pytest.approx(0.15, abs=0.04)
    assert share(drafts, lambda each: each.disclosure == "exact") == pytest.approx(0.62, abs=0.04)
    assert share(drafts, lambda each: each.disclosure == "area") == pytest.approx(0.20, abs=0.03)
    assert share(drafts, lambda each: each.contact.way == "relay") == pytest.approx(0.30, abs=0.04)
    assert share(drafts, lambda each: each.contact.way == "clearinghouse") == pytest.approx(0.33, abs=0.04)
    assert share(drafts, lambda each: each.first_visit) == pytest.approx(0.60, abs=0.04)
    assert share(drafts, lambda each: tuple(each.languages) != ("de",)) == pytest.approx(0.06, abs=0.02)
    assert share(drafts, lambda each: not each.series) == pytest.approx(0.04, abs=0.02)
    assert share(drafts, lambda each: len(each.series) == 2) == pytest.approx(0.12, abs=0.03)
    assert share(drafts, lambda each: each.internal_note) == pytest.approx(0.35, abs=0.04)
    assert max(Counter(each.description for each in drafts).values()) <= 3
    assert len({each.name for each in drafts}) > 1_500


@on_one_database
def test_a_name_or_description_tells_no_place_that_is_hidden(drafts):
    hidden = [each for each in drafts if each.place and each.disclosure != "exact"]
    assert len(hidden) > 400
    for draft in hidden:
        shown = f"{draft.name} {draft.description} {draft.first_visit} {draft.website}"
        town = re.escape(short_name(draft.place.town))
        assert not re.search(rf"\b{town}\b", shown), shown
        assert draft.place.name not in shown
        assert draft.place.street not in shown


@on_one_database
def test_contacts_are_always_known_and_only_some_are_shown(drafts):
    assert all(each.contact.name for each in drafts)
    assert 0.05 < share(drafts, lambda each: each.contact.name_consented_at) < 0.4
    for draft in drafts:
        contact = draft.contact
        assert contact.way != "phone" or contact.phone
        assert contact.way != "email" or contact.email
        assert contact.way != "website" or draft.website
        assert contact.phone or contact.phone_consented_at is None
        assert contact.email or contact.email_consented_at is None


@on_one_database
def test_a_group_in_foundation_begins_later_and_the_others_have_begun(drafts):
    for draft in drafts:
        assert draft.last_confirmed_on <= TODAY
        for rule in draft.series:
            assert (rule.first_on > TODAY) == (draft.status == "founding")


@on_one_database
def test_other_languages_are_said_in_the_description(drafts):
    foreign = [each for each in drafts if tuple(each.languages) != ("de",)]
    assert foreign
    for draft in foreign[2:]:
        language = next(code for code in reversed(draft.languages) if code != "de")
        assert TEXTS["language_names"][language] in draft.description


@on_one_database
def test_the_house_of_a_group_is_responsible_for_its_place_where_anybody_is(draw, session):
    rows = session.execute(
        sa.select(Catchment.clearinghouse_id, Catchment.district_ags, Catchment.postcode)
    ).all()
    district_of = dict(session.execute(sa.select(Postcode.postcode, Postcode.district_ags)).tuples().all())
    for draft in draw(300):
        if draft.place is None:
            continue
        postcode = draft.place.postcode
        responsible = {
            row.clearinghouse_id
            for row in rows
            if row.postcode == postcode
            or (row.postcode is None and row.district_ags == district_of[postcode])
        }
        assert draft.clearinghouse_id in responsible or not responsible


@on_one_database
def test_spots_follow_the_people_and_lie_in_the_district_of_their_postcode(session):
    from random import Random

    spots = Spots(session).draw(Random(3), 4_000)
    towns = Counter(spot.municipality for spot in spots)
    assert [name for name, _times in towns.most_common(2)] == ["Berlin", "Hamburg"]
    assert 100 < towns["Berlin"] < 260
    assert len(towns) > 1_000
    found = get_gazetteer(session).districts_at(
        [spot.latitude for spot in spots], [spot.longitude for spot in spots]
    )
    elsewhere = [spot for spot, ags in zip(spots, found, strict=True) if ags != spot.district_ags]
    assert len(elsewhere) < 0.01 * len(spots)
    assert len({(spot.latitude, spot.longitude) for spot in spots}) > 3_900


@on_one_database
def test_the_fixed_groups_show_every_case(draw):
    fixed = draw(20)[:13]
    depression = [each for each in fixed if "depression" in each.topics]
    assert all(each.place is None or each.place.town == "Köln" for each in fixed)
    assert {each.disclosure for each in depression if each.place} == {"exact", "area", "clearinghouse"}
    assert {each.format for each in depression} == {"in_person", "online", "hybrid"}
    assert {each.status for each in depression} == {"open", "waiting_list", "founding"}
    assert any(each.for_relatives and not each.for_affected for each in depression)
    assert any(each.disclosure == "exact" and "step_free" in each.access for each in depression)


@on_one_database
def test_a_few_groups_are_made_without_the_fixed_ones(draw):
    assert len(draw(19)) == 19
    assert draw(19)[0].name != "Depression Köln-Mitte"
    assert draw(0) == []


def test_there_are_many_fragments_and_each_speaks_of_what_is_known():
    def fragments(value):
        if isinstance(value, str):
            return [value]
        if isinstance(value, dict):
            return (
                [value["Sie"]]
                if "Sie" in value
                else [one for each in value.values() for one in fragments(each)]
            )
        return [one for each in value for one in fragments(each)] if isinstance(value, list) else []

    sentences = [
        one
        for key in (
            "opening",
            "doing",
            "doing_relatives",
            "keywords",
            "spirit",
            "welcome",
            "status",
            "format",
            "hidden",
            "no_series",
            "audience",
        )
        for one in fragments(TEXTS[key])
    ]
    assert len(sentences) >= 80
    assert len(set(sentences)) == len(sentences)
    known = {"people", "mit", "name", "relatives", "years", "one", "two", "together", "few", "many"}
    assert {word for each in sentences for word in re.findall(r"{(\w+)}", each)} <= known


@on_one_database
def test_the_word_forms_are_of_topics_that_exist(session):
    slugs = set(session.scalars(sa.select(Topic.slug)))
    named = {*FORMS["mit"], *FORMS["people"], *FORMS["relatives_only"], *FORMS["own_names"]}
    named |= {slug for each in FORMS["audiences"].values() for slug in each}
    named |= {*FORMS["sign_language"], *FORMS["easy_language"], *FORMS["hearing_loop"]}
    assert named - slugs == set()
    assert set(FORMS["audiences"]) <= set(AUDIENCES)
    assert {*FORMS["language_weights"], *TEXTS["greetings"]} <= set(LANGUAGE_CODES)
    assert set(FORMS["language_weights"]) == set(TEXTS["language_names"])
    assert {theme.family for theme in list_themes(session)} <= set(TEXTS["doing"])
    assert set(NAMES["audience_endings"]) <= set(AUDIENCES)
