"""Who gets the odd cent: an order that nobody can choose, and everybody can check."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray


def draw_key(seed: str, key: Hashable) -> bytes:
    """Answer the place of a key in the draw: SHA-256 of ``seed:key``; the smaller comes first."""
    return sha256(f"{seed}:{key}".encode()).digest()


def first_drawn(keys: Sequence[int], count: int, *, seed: str) -> NDArray[np.intp]:
    """Answer the positions of the ``count`` keys that come first in the draw, in no particular order."""
    if count <= 0:
        return np.empty(0, np.intp)
    if count >= len(keys):
        return np.arange(len(keys))
    digests = b"".join([sha256(f"{seed}:{key}".encode()).digest() for key in keys])
    # Eight of the 32 bytes tell nearly all keys apart; those they do not are compared whole.
    begun = np.frombuffer(digests, ">u8")[::4].astype(np.uint64)
    last = np.partition(begun, count - 1)[count - 1]
    sure = np.flatnonzero(begun < last)
    alike = np.flatnonzero(begun == last).tolist()
    alike.sort(key=lambda position: digests[32 * position : 32 * position + 32])
    return np.concatenate([sure, np.array(alike[: count - len(sure)], np.intp)])
