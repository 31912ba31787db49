"""The pages of single groups and of topics."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guard import public
from app.clearinghouses import queries as house_queries
from app.clearinghouses.presentation import card_of
from app.groups import finder, queries
from app.groups.asking import asked_of_finder
from app.groups.catalogue import SECTORS, TopicCatalogue, get_catalogue
from app.groups.forms import FinderRequest
from app.groups.labels import SECTOR_NAMES, facet_labels
from app.groups.meetings.confirmations import confirmed_among
from app.groups.meetings.date_forms import WatchForm
from app.groups.models import Topic
from app.groups.rules.life import HIDDEN, MERGED
from app.groups.rules.listing import EXACT, DisclosedPlace
from app.groups.text import fold
from app.groups.upkeep.queries import FormerGroup, find_former
from app.groups.views.blueprint import bp
from app.groups.ways_on import find_interest
from app.shared import clock
from app.shared.errors import NotFound
from app.shared.extensions import db
from app.shared.languages import current_language, in_language

SIMILAR_SHOWN = 4
SIMILAR_RADIUS_KM = 100
NEAR_TOPIC_RADIUS_KM = 200
ON_TOPIC_PAGE = 10


@bp.get("/groups/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """Answer one group: what, for whom, when, where as disclosed, and how to get in touch.

    Of one that was listed it says what has become of it, and where to turn instead.
    """
    session, now = db.session(), clock.now()
    try:
        page = queries.get_group_page(session, slug, now=now)
    except NotFound:
        former = find_former(session, slug)
        if former is None:
            raise
        return _former_page(former)
    house = house_queries.houses_by_id(session, [page.house_id])[page.house_id]
    labels = facet_labels(current_language())
    return render_template(
        "groups/show.html",
        page=page,
        card=page.card,
        house_card_of=card_of(house, now),
        confirmed=confirmed_among(session, page.next_meetings),
        form=WatchForm(formdata=None),
        labels=labels,
        for_whom_words=[labels["for"][value] for value in page.card.for_whom],
        similar=_similar(page.card.id, page.card.topics, page.card.place),
    )


def _former_page(former: FormerGroup) -> ResponseReturnValue:
    """Answer what has become of a group that was listed; one that goes on as part of another leads there."""
    if former.state == MERGED and former.into_slug:
        return redirect(url_for("groups.show", slug=former.into_slug), code=301)
    house = house_queries.houses_by_id(db.session(), [former.house_id])[former.house_id]
    is_over = former.state not in HIDDEN
    similar = _similar(former.id, former.topics, former.near)
    return render_template(
        "groups/former.html",
        group=former,
        is_over=is_over,
        house_card_of=card_of(house, clock.now()),
        labels=facet_labels(current_language()),
        similar=[each._replace(distance_km=None) for each in similar],
    ), 410 if is_over else 200


@bp.get("/topics")
@public
def topics() -> ResponseReturnValue:
    """Answer all topics from A to Z and by sector."""
    catalogue = get_catalogue(db.session())
    named = sorted(
        ((in_language(topic.names), topic) for topic in catalogue.topics), key=lambda pair: fold(pair[0])
    )
    letters: dict[str, list[tuple[str, Topic]]] = {}
    for name, topic in named:
        first = fold(name)[:1].upper()
        letters.setdefault(first if first.isalpha() else "#", []).append((name, topic))
    return render_template(
        "groups/topics.html", letters=letters, sectors=_sectors(catalogue), names=SECTOR_NAMES
    )


@bp.get("/topics/<slug>")
@public
def topic(slug: str) -> ResponseReturnValue:
    """Answer what a topic is about, groups near a place or anywhere, and who else helps."""
    session, now = db.session(), clock.now()
    catalogue = get_catalogue(session)
    wanted = catalogue.get(slug)
    asked = asked_of_finder()
    near = FinderRequest(
        near=asked.near,
        place=asked.place,
        alternatives=asked.alternatives,
        latitude=asked.latitude,
        longitude=asked.longitude,
        radius_km=NEAR_TOPIC_RADIUS_KM if asked.has_point else asked.radius_km,
        topics=(wanted,),
        per_page=ON_TOPIC_PAGE,
        errors={name: text for name, text in asked.errors.items() if name in {"near", "lat", "lon"}},
    )
    found = None if near.errors else finder.find_groups(session, near, now=now)
    area = next(area for area in catalogue.areas if area.slug == wanted.area_slug)
    return render_template(
        "groups/topic.html",
        topic=wanted,
        area=area,
        sector=SECTOR_NAMES[area.sector],
        asked=near,
        found=found,
        related=catalogue.related([wanted]),
        interest=find_interest(session, near, [wanted], now=now)[0],
    ), 400 if near.errors else 200


def _similar(
    group_id: int, topics: tuple[Topic, ...], place: DisclosedPlace | None
) -> list[queries.GroupCard]:
    """Answer the nearest groups of the same topics as a group; for online groups other online ones."""
    session, now = db.session(), clock.now()
    if not topics:
        return []
    if place is None:
        asked = FinderRequest(topics=topics[:1], values={"format": ("online",)}, per_page=SIMILAR_SHOWN + 1)
        cards = finder.find_groups(session, asked, now=now).cards
        return [other for other in cards if other.id != group_id][:SIMILAR_SHOWN]
    asked = FinderRequest(
        latitude=place.latitude,
        longitude=place.longitude,
        radius_km=SIMILAR_RADIUS_KM,
        topics=topics[:1],
    )
    cards = finder.find_nearest(session, asked, count=SIMILAR_SHOWN, now=now, without=group_id)
    # From a place that is not the group's own, a distance would say nothing true.
    return cards if place.precision == EXACT else [other._replace(distance_km=None) for other in cards]


def _sectors(catalogue: TopicCatalogue) -> dict[str, list[tuple[str, list[Topic]]]]:
    """Answer sector → areas with their topics, in the order of the taxonomy."""
    by_area: dict[str, list[Topic]] = {}
    for each in catalogue.topics:
        by_area.setdefault(each.area_slug, []).append(each)
    return {
        sector: [
            (
                in_language(area.names),
                sorted(by_area[area.slug], key=lambda each: fold(in_language(each.names))),
            )
            for area in catalogue.areas
            if area.sector == sector and area.slug in by_area
        ]
        for sector in SECTORS
    }
