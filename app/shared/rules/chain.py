"""Seals: each is a hash over the one before and over rows, so that a row changed later shows, and so does a lost seal.

Reusable for whatever is only ever added to. Each value is written with its kind and its length, so that no two
different lists of rows can look the same when they are joined.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

FIRST = "0" * 64
"""What stands for the seal before the first."""
Value = str | int | bool | datetime | Mapping[str, object] | None


def seal(before: str, rows: Iterable[Iterable[Value]]) -> str:
    """Answer the seal of these rows, in this order, after the seal before."""
    digest = hashlib.sha256(_with_length(b"p", before.encode()))
    for row in rows:
        digest.update(_with_length(b"r", b"".join(map(canonical, row))))
    return digest.hexdigest()


def canonical(value: Value) -> bytes:
    """Answer the one way in which a value is written: its kind, its length, itself.

    Raises:
        ValueError: a moment has no time zone.
        TypeError: there is no way to write such a value.
    """
    if value is None:
        return _with_length(b"n", b"")
    if isinstance(value, bool):
        return _with_length(b"b", b"1" if value else b"0")
    if isinstance(value, int):
        return _with_length(b"i", str(value).encode())
    if isinstance(value, str):
        return _with_length(b"s", value.encode())
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        return _with_length(b"t", value.astimezone(UTC).isoformat(timespec="microseconds").encode())
    if isinstance(value, Mapping):
        text = json.dumps(dict(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return _with_length(b"j", text.encode())
    raise TypeError(f"{type(value).__name__} cannot be sealed.")


def _with_length(kind: bytes, content: bytes) -> bytes:
    return kind + str(len(content)).encode() + b":" + content
