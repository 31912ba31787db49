"""Whether a request came in time; one that came later can count as if it had."""

from __future__ import annotations

from datetime import date

from app.funding.rules.grant_round import EXTENDED, IN_TIME, LATE


def standing_of(received_on: date, closes_on: date, *, is_extended: bool) -> str:
    """Answer how a request stands: in time, with an extension, or late, then it waits for the next round."""
    if received_on <= closes_on:
        return IN_TIME
    return EXTENDED if is_extended else LATE
