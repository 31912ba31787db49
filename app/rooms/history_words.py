"""What is done to rooms, requests and bookings, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.rooms.labels import STATE_LABELS
from app.shared.history_words import HistoryWords

WORDS = HistoryWords(
    {
        "room.added": _l("Room added"),
        "room.changed": _l("Room changed"),
        "room.photo_added": _l("Photo of a room added"),
        "room.photo_removed": _l("Photo of a room removed"),
        "request.made": _l("Room asked for"),
        "request.answered": _l("Request for a room answered: %(request_state)s"),
        "request.accepted": _l("Offer of a room accepted"),
        "request.refused": _l("Offer of a room not taken"),
        "request.withdrawn": _l("Request for a room withdrawn"),
        "request.lapsed": _l("Offer of a room ran out"),
        "booking.made": _l("Room booked for the house: %(starts_at)s"),
        "booking.cancelled": _l("Booking of a room cancelled: %(starts_at)s"),
    },
    {"room": _l("Rooms"), "request": _l("Requests for rooms"), "booking": _l("Bookings of rooms")},
    {"request_state": STATE_LABELS},
)
