"""Of what groups and signers are reminded, and when: each once."""

from __future__ import annotations

from datetime import date, timedelta

OPENED, ENDING, UNFINISHED = "opened", "ending", "unfinished"
"""It is time to apply again, and still is; a request was begun and is not finished."""
BEFORE_END = timedelta(days=14)
"""So long before the last day groups are reminded once more."""
SIGNING_TIME = timedelta(days=4)
"""So long somebody has to sign before they are reminded."""
HURRY = timedelta(days=3)
"""So long before the last day nobody waits for that."""


def due_again(*, today: date, opens_on: date, last_day: date) -> str | None:
    """Answer of what a group is reminded that had money last year and has not begun a request for this one."""
    if not opens_on <= today <= last_day:
        return None
    return ENDING if today >= last_day - BEFORE_END else OPENED


def due_unfinished(*, today: date, begun_on: date, last_day: date) -> bool:
    """Answer whether a group is reminded of a request that it began on an earlier day and nobody was asked to sign."""
    return begun_on < today and last_day - BEFORE_END <= today <= last_day


def due_signature(*, today: date, asked_on: date, last_day: date) -> bool:
    """Answer whether somebody is reminded who was asked to sign on a day and has not."""
    if not asked_on < today <= last_day:
        return False
    return today >= asked_on + SIGNING_TIME or today >= last_day - HURRY
