"""What is kept how long: each package says what it deletes after how many days; a nightly job does it and says so.

A package adds its rules in the factory (``RETENTION``)::

    RULES = (
        Retention("unconfirmed-watches", "meeting_watch", "addresses that were not confirmed", 7, _forget_unconfirmed),
    )

The setting ``RETENTION_DAYS`` changes the days of a rule without a change of the program.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app

from app.shared.history import HistoryEntry, note
from app.shared.jobs import Job
from app.shared.transactions import transaction
from config import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from sqlalchemy.orm import Session

APPLIED = "retention.applied"
logger = logging.getLogger("wirkreis.retention")


@dataclass(frozen=True, slots=True)
class Retention:
    """One rule. ``what`` (plain English, plural) of ``table`` goes ``days`` after it was over, or made, or last used.

    ``forget(session, before)`` deletes, or empties, what was over before that moment, commits nothing, may be called
    again, and answers how many rows it concerned. With ``days`` 0, ``before`` is now.
    """

    name: str
    table: str
    what: str
    days: int
    forget: Callable[[Session, datetime], int]


class RetentionFailed(RuntimeError):
    """Some rules could not be applied; the others were."""


def init_retention(app: Flask, rules: Iterable[Retention], days: Mapping[str, int]) -> None:
    """Afterwards these rules are applied every night; ``days`` replaces those of the rules it names.

    Raises:
        ValueError: a name is given twice.
        ConfigError: ``days`` names a rule that there is not.
    """
    by_name: dict[str, Retention] = {}
    for rule in rules:
        if rule.name in by_name:
            raise ValueError(f"Two rules are named {rule.name!r}.")
        by_name[rule.name] = replace(rule, days=days.get(rule.name, rule.days))
    unknown = sorted(set(days) - set(by_name))
    if unknown:
        raise ConfigError(f"RETENTION_DAYS names {unknown[0]!r}; there are: {', '.join(sorted(by_name))}.")
    app.extensions["retention"] = by_name


def list_retention() -> list[Retention]:
    """Answer the rules of this application, by table and name."""
    rules: dict[str, Retention] = current_app.extensions["retention"]
    return sorted(rules.values(), key=lambda rule: (rule.table, rule.name))


def list_last_applied(session: Session) -> dict[str, tuple[datetime, int]]:
    """Answer, by rule, when something last went and how many rows that were."""
    done = sa.select(HistoryEntry.at, HistoryEntry.facts).where(HistoryEntry.action == APPLIED)
    entries = session.execute(done.order_by(HistoryEntry.id.desc()).limit(1_000)).all()
    return {facts["rule"]: (at, facts["rows"]) for at, facts in reversed(entries)}


def apply_retention(now: datetime) -> dict[str, int]:
    """Apply every rule, each in a transaction of its own; answer how many rows each one concerned.

    What went is noted in the history as a number.

    Raises:
        RetentionFailed: some rules failed; the log says how.
    """
    gone: dict[str, int] = {}
    failed: list[str] = []
    for rule in list_retention():
        try:
            with transaction() as session:
                rows = rule.forget(session, now - timedelta(days=rule.days))
                if rows:
                    note(session, APPLIED, now=now, rule=rule.name, rows=rows)
        except Exception:  # one rule that fails must not keep the others from forgetting
            logger.exception("retention failed", extra={"facts": {"rule": rule.name}})
            failed.append(rule.name)
        else:
            gone[rule.name] = rows
    if failed:
        raise RetentionFailed(f"not applied: {', '.join(failed)}")
    return gone


JOBS = (Job(name="apply-retention", period_seconds=86_400, run=apply_retention, lease_seconds=3_600),)
