"""Scheduled work of the groups package: addresses looked up, contacts asked, watchers told, interest renewed."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from flask import current_app

from app.groups.interest.expiry import ask_to_renew, list_up_for_renewal
from app.groups.meetings.reminders import groups_to_remind, list_reminded_groups, queue_reminders
from app.groups.meetings.schedules import day_of
from app.groups.meetings.telling import groups_with_news, list_groups_to_tell, tell_news
from app.groups.place_lookup import list_waiting_places, store_answer
from app.groups.rules.meeting_patterns import HORIZON
from app.groups.search_index import index_groups, list_running_out
from app.groups.upkeep.asking import ask_group, groups_to_ask, list_overdue, list_pauses_over
from app.groups.upkeep.services import end_pause
from app.places.geocoding import locate_address
from app.shared.extensions import db
from app.shared.jobs import Job
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Config

PLACES_A_RUN = 50
AFRESH_AFTER = timedelta(days=30)
GROUPS_AT_ONCE = 200


def locate_places(now: datetime) -> int:
    """Look up the addresses of some meeting places that wait for a point or a better one; answer how many got one.

    No transaction is open while the geocoder is asked, so that nobody waits for it; each answer is stored in a
    transaction of its own, and gives way to whatever was done to the place in between.
    """
    config: Config = current_app.config["WIRKREIS"]
    found = 0
    for place in list_waiting_places(
        db.session(), now=now, has_geocoder=bool(config.geocoder_url), limit=PLACES_A_RUN
    ):
        answer = locate_address(
            db.session(),
            street=place.street,
            postcode=place.postcode,
            town=place.town,
            config=config,
            now=now,
            ends_transaction=True,
        )
        with transaction() as session:
            found += store_answer(session, place, answer, now=now)
    return found


def look_ahead(now: datetime) -> int:
    """Bring the finder's dates up to date for groups whose exceptions it knew only for so long; answer how many."""
    today = day_of(now)
    done = 0
    while True:
        with transaction() as session:
            ids = list_running_out(session, before=today + HORIZON - AFRESH_AFTER)
            index_groups(session, ids, today=today)
        done += len(ids)
        if not ids:
            return done


def remind_contacts(now: datetime) -> int:
    """Queue the mails to contacts that are due; answer how many."""
    queued = 0
    for ids in _chunks(list_reminded_groups(db.session(), now=now)):
        # Most groups were reminded already, or have time: only the others keep writers waiting.
        due = groups_to_remind(db.session(), ids, now=now)
        if due:
            with transaction() as session:
                queued += queue_reminders(session, due, now=now)
    return queued


def tell_watchers(now: datetime) -> int:
    """Queue the mails about what has changed, each group in a transaction of its own; answer how many."""
    queued = 0
    for ids in _chunks(list_groups_to_tell(db.session(), now=now)):
        for group_id in groups_with_news(db.session(), ids, now=now):
            with transaction() as session:
                queued += tell_news(session, group_id, now=now)
    return queued


def keep_listings_true(now: datetime) -> int:
    """End the pauses that are over, ask what has to be confirmed, put to sleep what nobody did; answer how many mails.

    Each group is done in a transaction of its own, so that a process that dies leaves nothing half done.
    """
    for group_id in list_pauses_over(db.session(), now=now):
        with transaction() as session:
            end_pause(session, group_id, now=now)
    queued = 0
    for ids in _chunks(list_overdue(db.session(), now=now)):
        for group_id in groups_to_ask(db.session(), ids, now=now):
            with transaction() as session:
                queued += ask_group(session, group_id, now=now)
    return queued


def ask_interested(now: datetime) -> int:
    """Ask people of the interest list whose time ends soon whether they stay; answer how many are asked."""
    queued = 0
    for ids in _chunks(list_up_for_renewal(db.session(), now=now)):
        with transaction() as session:
            queued += ask_to_renew(session, ids, now=now)
    return queued


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, GROUPS_AT_ONCE)):
        yield chunk


# A run may wait for the geocoder 50 times for six seconds; the lease is longer.
JOBS = [
    Job(name="locate-places", period_seconds=600, run=locate_places),
    Job(name="look-ahead", period_seconds=86_400, run=look_ahead),
    Job(name="remind-contacts", period_seconds=900, run=remind_contacts),
    Job(name="tell-watchers", period_seconds=300, run=tell_watchers),
    Job(name="confirm-listings", period_seconds=86_400, run=keep_listings_true, lease_seconds=3_600),
    Job(name="ask-interested", period_seconds=86_400, run=ask_interested),
]
