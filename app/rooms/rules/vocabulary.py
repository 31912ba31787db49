"""The fixed words of a room: equipment, access, prices, states; in the reader's language by ``app/rooms/labels.py``."""

from __future__ import annotations

from app.groups.rules.vocabulary import ACCESS

EQUIPMENT = (
    "chairs_in_circle",
    "tables",
    "projector",
    "screen",
    "flipchart",
    "whiteboard",
    "wifi",
    "hybrid_kit",
    "kitchen",
    "toys",
    "piano",
    "mats",
)
ROOM_ACCESS = tuple(each for each in ACCESS if each not in {"sign_language", "easy_language"})
"""The access features that a room can have; the others are what people in it do."""
PRICE_PER = ("meeting", "hour")

WAITING = "waiting"
APPROVED = "approved"
PARTLY = "partly"
DECLINED = "declined"
COUNTERED = "countered"
WITHDRAWN = "withdrawn"

HELD = "held"
CONFIRMED = "confirmed"
CANCELLED = "cancelled"
ACTIVE_STATES = (HELD, CONFIRMED)
"""A booking in one of these takes the room."""
