"""What a calendar still tells of a group that is not to be found: its past, and what comes after a pause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.groups.rules.schedule import CANCELLED, Change, Closure, Series

A_DAY = timedelta(days=1)


def without_absence(series: Series, *, since: date, resumes_on: date | None) -> Series | None:
    """Answer the series without a date from ``since`` until it resumes, or, with None, ever; None if nothing is left.

    A pause with an end is a break, so that its dates are left out and the ones after it stay. Without one the series
    ends, as nobody knows whether it goes on.
    """
    last = date.max if resumes_on is None else resumes_on - A_DAY
    if last < since:
        return series
    changes = tuple(
        each if each.new_on is None or not since <= each.new_on <= last else _struck(each)
        for each in series.changes
        if each.on is not None or each.new_on is None or not since <= each.new_on <= last
    )
    if resumes_on is not None:
        return replace(series, changes=changes, breaks=(*series.breaks, Closure(since, last)))
    until = since - A_DAY
    if series.rule.first_on > until:
        return None
    if series.rule.until_on is not None:
        until = min(until, series.rule.until_on)
    past = tuple(each for each in changes if each.on is None or each.on < since)
    return replace(series, rule=replace(series.rule, until_on=until), changes=past)


def _struck(change: Change) -> Change:
    """Answer the change of a date that would have been moved into the absence: it does not take place."""
    return Change(CANCELLED, on=change.on, reason=change.reason)
