"""The disclosed facts of all listed groups as arrays, so that any filter is one pass over numbers.

Rows are sorted by latitude band (0.05° high) and, inside a band, by longitude: a radius or a box is a handful of
slices. Groups without a place (online ones) stand together at the end. Only disclosed facts are in here: the exact
point, the centre of the coarse cell, or the address of the clearing house (docs/adr/0001-search-index.md).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from app.groups.rules import meeting_patterns
from app.groups.rules.geo_search import BAND_E5, E5, LON_BITS
from app.groups.rules.vocabulary import WEEKDAY_BITS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NO_PLACE = -(2**31)
UNPLACED_KEY = np.int64(2**62)
MAX_TOPICS = 4

ENTRY = np.dtype(
    [
        ("group_id", "<i8"),
        ("lat_e5", "<i4"),
        ("lon_e5", "<i4"),
        ("flags", "<u8"),
        ("topics", "<u2", (MAX_TOPICS,)),
        ("clearinghouse", "<i4"),
        ("district", "<i4"),
        ("meetings", "<i4"),
    ]
)
"""One listed group as stored: ``meetings`` is the number of its patterns; ``lat_e5`` is NO_PLACE without a place."""
_RECORD = struct.Struct(f"<qiiQ{MAX_TOPICS}Hiii")
"""The same for a single one, in a fifth of the time."""


def key_of(lat_e5: Ints, lon_e5: Ints) -> Ints:
    """Answer the sort key: band of latitude, then longitude; rows without a place sort last."""
    band = (lat_e5 // BAND_E5).astype(np.int64) + 4096
    keys: Ints = (band << LON_BITS) + lon_e5.astype(np.int64) + 18_000_000
    return np.where(lat_e5 == NO_PLACE, UNPLACED_KEY, keys)


class TopicRows:
    """The rows of each topic, gathered when first asked for and then kept with the snapshot."""

    def __init__(self, topics: NDArray[np.uint16]) -> None:
        self._topics = topics
        self._rows: Ints | None = None
        self._first: Ints = np.zeros(0, np.int64)

    def of(self, topics: Sequence[int]) -> Ints:
        """Answer the rows that have any of the topics, in row order, each once."""
        if self._rows is None:
            flat = self._topics.T.ravel()  # row by row, so that the rows of a topic come out in order
            order = np.argsort(flat, kind="stable")  # a radix sort: linear
            self._first = np.searchsorted(flat[order], np.arange(int(flat.max(initial=0)) + 2))
            self._rows = order // max(1, self._topics.shape[0])
        known = [topic for topic in topics if 0 < topic < len(self._first) - 1]
        parts = [self._rows[self._first[topic] : self._first[topic + 1]] for topic in known]
        if not parts:
            return np.arange(0)
        # A row has a topic once at most, but may have two of the topics.
        return np.unique(np.concatenate(parts)) if len(parts) > 1 else parts[0]


@dataclass(frozen=True, slots=True)
class Columns:
    """An immutable snapshot; ``merged`` answers a new one with some groups changed.

    Attributes:
        key: sort key of each row, ascending.
        group_id, lat_e5, lon_e5, flags, clearinghouse, district: a fact a row.
        x, y, z: the point on the unit sphere; not a number without a place.
        topics: (MAX_TOPICS, rows), 0 where there are fewer.
        pattern_first, pattern_count: where a row's meeting patterns lie in ``patterns``.
        next_at: wall-clock minute (since 1970) of the next meeting, or FAR when there is none; as of ``as_of``.
        patterns: the pool of meeting patterns; removed rows leave theirs behind until the next full load.
        position_of: group id → row, -1 when it is not listed.
        topic_rows: the rows of each topic.
        placed: number of rows with a place; the rest follow.
    """

    key: Ints
    group_id: Ints
    lat_e5: NDArray[np.int32]
    lon_e5: NDArray[np.int32]
    flags: NDArray[np.uint64]
    clearinghouse: NDArray[np.int32]
    district: NDArray[np.int32]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    topics: NDArray[np.uint16]
    pattern_first: Ints
    pattern_count: Ints
    next_at: Ints
    patterns: NDArray[np.void]
    position_of: Ints
    placed: int
    as_of: int
    topic_rows: TopicRows

    def __len__(self) -> int:
        return len(self.key)

    def merged(self, gone: Iterable[int], records: bytes, patterns: bytes) -> Columns:
        """Answer a snapshot without the groups ``gone`` and with the records given, sorted as ever."""
        positions = self.positions(gone)
        added = build(records, patterns, as_of=self.as_of)
        keep = np.ones(len(self), bool)
        keep[positions] = False
        where = np.searchsorted(self.key[keep], added.key, side="right")
        shift = len(self.patterns)
        columns = {}
        for column in fields(self):
            if column.name in {"patterns", "position_of", "placed", "as_of", "topic_rows"}:
                continue
            ours = getattr(self, column.name)[..., keep]
            theirs = getattr(added, column.name)
            if column.name == "pattern_first":
                theirs = theirs + shift
            columns[column.name] = np.insert(ours, where, theirs, axis=-1)
        return Columns(
            **columns,
            patterns=np.concatenate([self.patterns, added.patterns]),
            position_of=_positions_by_id(columns["group_id"]),
            placed=int(np.searchsorted(columns["key"], UNPLACED_KEY)),
            as_of=self.as_of,
            topic_rows=TopicRows(columns["topics"]),
        )

    def positions(self, group_ids: Iterable[int] | Ints) -> Ints:
        """Answer the rows of the groups that are listed, in the order given."""
        ids = group_ids if isinstance(group_ids, np.ndarray) else np.fromiter(group_ids, np.int64)
        ids = ids[(ids >= 0) & (ids < len(self.position_of))]
        rows = self.position_of[ids]
        return rows[rows >= 0]

    def at(self, minute: int) -> Columns:
        """Answer the snapshot with ``next_at`` true for this wall-clock minute: only what has passed is looked up."""
        if minute == self.as_of:
            return self
        stale = np.flatnonzero(self.next_at < minute) if minute > self.as_of else np.arange(len(self))
        return self.with_next_meetings(stale, minute) if len(stale) else replace(self, as_of=minute)

    def with_next_meetings(self, rows: Ints, minute: int) -> Columns:
        """Answer the snapshot with next meeting and weekdays of some rows looked up as of a minute.

        Weekdays are those of the series that go on: when one ends, its last date was the row's next meeting.
        """
        patterns, owner = self.pattern_rows(rows)
        following = meeting_patterns.next_minute(patterns, minute)
        earliest = np.full(len(rows), meeting_patterns.FAR)
        np.minimum.at(earliest, owner, following)
        next_at = self.next_at.copy()
        next_at[rows] = earliest
        goes_on = following != meeting_patterns.FAR
        weekdays = np.zeros(len(rows), np.uint64)
        weekday = np.uint64(1) << (patterns["weekday"][goes_on].astype(np.uint64) - np.uint64(1))
        np.bitwise_or.at(weekdays, owner[goes_on], weekday)
        flags = self.flags.copy()
        flags[rows] = (flags[rows] & ~np.uint64(WEEKDAY_BITS)) | weekdays
        return replace(self, next_at=next_at, flags=flags, as_of=minute)

    def pattern_rows(self, rows: Ints) -> tuple[NDArray[np.void], Ints]:
        """Answer the meeting patterns of some rows, and for each the index of its row in ``rows``."""
        index, owner = slices(self.pattern_first[rows], self.pattern_count[rows])
        return self.patterns[index], owner


def build(records: bytes, patterns: bytes, *, as_of: int) -> Columns:
    """Answer the snapshot of packed ENTRY records, each followed in ``patterns`` by as many PATTERNs as it says."""
    entries = np.frombuffer(records, ENTRY)
    pool = np.frombuffer(patterns, meeting_patterns.PATTERN)
    counts = entries["meetings"].astype(np.int64)
    firsts = np.cumsum(counts) - counts
    keys = key_of(entries["lat_e5"].astype(np.int64), entries["lon_e5"].astype(np.int64))
    order = np.lexsort((entries["group_id"], keys))
    entries, keys = entries[order], keys[order]
    placed = int(np.searchsorted(keys, UNPLACED_KEY))
    lat = np.where(entries["lat_e5"] == NO_PLACE, np.nan, entries["lat_e5"] / E5)
    topics = np.ascontiguousarray(entries["topics"].T)
    phi, lam = np.radians(lat), np.radians(entries["lon_e5"] / E5)
    fresh = Columns(
        key=keys,
        group_id=entries["group_id"].copy(),
        lat_e5=entries["lat_e5"].copy(),
        lon_e5=entries["lon_e5"].copy(),
        flags=entries["flags"].copy(),
        clearinghouse=entries["clearinghouse"].copy(),
        district=entries["district"].copy(),
        x=np.cos(phi) * np.cos(lam),
        y=np.cos(phi) * np.sin(lam),
        z=np.sin(phi),
        topics=topics,
        pattern_first=firsts[order],
        pattern_count=counts[order],
        next_at=np.full(len(entries), meeting_patterns.FAR),
        patterns=pool,
        position_of=_positions_by_id(entries["group_id"]),
        placed=placed,
        as_of=as_of,
        topic_rows=TopicRows(topics),
    )
    return fresh.with_next_meetings(np.arange(len(entries)), as_of)


def pack_entry(
    *,
    group_id: int,
    point_e5: tuple[int, int] | None,
    flags: int,
    topics: Sequence[int],
    clearinghouse: int,
    district: int,
    meetings: int,
) -> bytes:
    """Answer one group as stored in the database: an ENTRY record."""
    lat_e5, lon_e5 = point_e5 or (NO_PLACE, 0)
    padded = (*topics[:MAX_TOPICS], *(0,) * (MAX_TOPICS - len(topics)))
    return _RECORD.pack(group_id, lat_e5, lon_e5, flags, *padded, clearinghouse, district, meetings)


def slices(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Answer the concatenation of the ranges [first, first + count), and for each member which range it is of."""
    owner = np.repeat(np.arange(len(count)), count)
    ends = np.cumsum(count)
    index = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - count - first, count)
    return index, owner


def _positions_by_id(group_ids: Ints) -> Ints:
    """Answer the array group id → row."""
    positions = np.full(int(group_ids.max()) + 1 if len(group_ids) else 0, -1, np.int64)
    positions[group_ids] = np.arange(len(group_ids))
    return positions
