"""Scheduled work of the groups package: addresses that were not found yet are looked up again."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from app.groups.queries import list_waiting_places
from app.groups.services import set_point
from app.places.geocoding import Geocoded, locate_address, remember_answer
from app.shared.extensions import db
from app.shared.jobs import Job
from app.shared.transactions import transaction

PLACES_A_RUN = 50


def locate_places(now: datetime) -> int:
    """Look up the addresses of some meeting places without a point; answer how many were found.

    The geocoder is asked outside any transaction, so that nobody waits for it; each answer is stored on its own.
    """
    found = 0
    for place in list_waiting_places(db.session(), limit=PLACES_A_RUN):
        answer = locate_address(
            db.session(),
            street=place.street,
            postcode=place.postcode,
            town=place.town,
            config=current_app.config["WIRKREIS"],
            now=now,
        )
        with transaction() as session:
            remember_answer(session, answer)
            set_point(session, place.id, point=_point(answer), quality=answer.quality, now=now)
        found += _point(answer) is not None
    return found


def _point(answer: Geocoded) -> tuple[float, float] | None:
    if answer.latitude is None or answer.longitude is None:
        return None
    return answer.latitude, answer.longitude


JOBS = [Job(name="locate-places", period_seconds=600, run=locate_places)]
