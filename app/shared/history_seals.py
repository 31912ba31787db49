"""Every finished day of the history is sealed: whoever changes, removes or slips in a row later is found.

A seal closes a stretch of ids: all rows after the seal before, up to the last one of its day. While a day is sealed
nobody else writes, so every row below its last id is there: SQLite has one writer, and on PostgreSQL every INSERT
shares a lock, taken before its id, that sealing has alone. A row that appears later with a sealed id changes the hash;
one with a new id that names a sealed day is found by its date. An hour passes after midnight first, so that no request
of the day is still on its way.

Whoever owns the database can make all seals anew. So the head of the chain is logged every day: kept elsewhere, it is
what ``flask history verify --head`` compares with.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.history import HistoryEntry
from app.shared.jobs import Job
from app.shared.privacy import NO_PERSONAL_DATA
from app.shared.rules.chain import FIRST, Value, seal
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.shared.database import Base as Model
else:
    Model = db.Model

GRACE = timedelta(hours=1)
"""How long after midnight (UTC) a day is sealed: longer than any request lasts."""
LOCK = 7_215_316_402
"""The key of the lock that writers of the history share and who seals has alone (PostgreSQL)."""
TRIES = 1_000
_DAY = timedelta(days=1)
logger = logging.getLogger("wirkreis.history")


class HistorySeal(Model):
    """The seal of one day (UTC): of the rows after the seal before, up to ``last_entry_id``."""

    __tablename__ = "history_seal"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA, "append_only": True}},)

    id: Mapped[IntPk]
    day: Mapped[date] = mapped_column(unique=True)
    last_entry_id: Mapped[int]
    entries: Mapped[int]
    seal: Mapped[str]
    sealed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of recomputing all seals: the days and rows they cover, the last seal, and every fault in words."""

    days: int
    entries: int
    head: str
    faults: tuple[str, ...]


def seal_days(session: Session, *, now: datetime) -> list[HistorySeal]:
    """Afterwards, if the caller commits, every finished day has its seal; answer the new ones."""
    newest = sa.select(HistorySeal).order_by(HistorySeal.day.desc()).limit(1)
    last = session.scalar(newest)
    day = last.day + _DAY if last else _first_day(session)
    if day is None or _end_of(day) > now - GRACE:
        return []
    _keep_writers_out(session)
    made: list[HistorySeal] = []
    while _end_of(day) <= now - GRACE:
        last = _seal_day(session, day, last, now=now)
        made.append(last)
        day += _DAY
    return made


def verify(session: Session) -> Verified:
    """Answer whether every row is as it was when its day was sealed."""
    faults: list[str] = []
    before, covered, entries = FIRST, 0, 0
    previous: HistorySeal | None = None
    seals = session.scalars(sa.select(HistorySeal).order_by(HistorySeal.id)).all()
    for each in seals:
        if previous is not None and each.day != previous.day + _DAY:
            faults.append(f"{each.day}: the seal of {previous.day + _DAY} is missing")
        found = _rows(session, covered, each.last_entry_id)
        if seal(before, _fields(each.day, found)) != each.seal:
            faults.append(f"{each.day}: not as sealed ({len(found)} rows, {each.entries} when it was sealed)")
        before, covered, previous = each.seal, each.last_entry_id, each
        entries += each.entries
    if previous is not None:
        late = sa.select(HistoryEntry.id).where(
            HistoryEntry.id > covered, HistoryEntry.at < _end_of(previous.day)
        )
        faults += [f"entry {number}: names a day that was sealed before" for number in session.scalars(late)]
    return Verified(len(seals), entries, before, tuple(faults))


def has_seal(session: Session, head: str) -> bool:
    """Whether the chain holds this seal, as it was logged on some day."""
    return session.scalar(sa.select(HistorySeal.id).where(HistorySeal.seal == head)) is not None


def _keep_writers_out(session: Session) -> None:
    """Afterwards nobody writes into the history until the transaction ends, and what was being written is there.

    It waits for a moment when nobody writes instead of making others wait, so nobody stands still for ever.

    Raises:
        TimeoutError: there was no such moment; the next run tries again.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for _try in range(TRIES):
        if session.scalar(sa.text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LOCK}):
            return
        time.sleep(0.02)
    raise TimeoutError("The history is being written without a pause.")


def _first_day(session: Session) -> date | None:
    at = session.scalar(sa.select(HistoryEntry.at).order_by(HistoryEntry.id).limit(1))
    return at.date() if at else None


def _seal_day(session: Session, day: date, last: HistorySeal | None, *, now: datetime) -> HistorySeal:
    covered = last.last_entry_id if last else 0
    newest = sa.select(sa.func.max(HistoryEntry.id)).where(
        HistoryEntry.id > covered, HistoryEntry.at < _end_of(day)
    )
    up_to = session.scalar(newest) or covered
    rows = _rows(session, covered, up_to)
    made = HistorySeal(
        day=day,
        last_entry_id=up_to,
        entries=len(rows),
        seal=seal(last.seal if last else FIRST, _fields(day, rows)),
        sealed_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _rows(session: Session, after: int, up_to: int) -> list[HistoryEntry]:
    between = sa.select(HistoryEntry).where(HistoryEntry.id > after, HistoryEntry.id <= up_to)
    return list(session.scalars(between.order_by(HistoryEntry.id).execution_options(populate_existing=True)))


def _fields(day: date, rows: list[HistoryEntry]) -> Iterator[tuple[Value, ...]]:
    """Yield the day, then every column of each row, as they are sealed."""
    yield (day.isoformat(), len(rows))
    for row in rows:
        yield (
            row.id,
            row.at,
            row.actor_kind,
            row.actor_id,
            row.action,
            row.record_id,
            row.group_id,
            row.clearinghouse_id,
            row.facts,
        )


def _end_of(day: date) -> datetime:
    return datetime.combine(day + _DAY, datetime.min.time(), UTC)


def _seal_job(now: datetime) -> None:
    with transaction() as session:
        made = [(str(each.day), each.entries, each.seal) for each in seal_days(session, now=now)]
    for day, entries, head in made:
        logger.info("history sealed", extra={"facts": {"day": day, "entries": entries, "head": head}})


# Every hour, so that a day is sealed soon after it is over; most runs find nothing to do.
JOBS = (Job(name="seal-history", period_seconds=3_600, run=_seal_job),)
