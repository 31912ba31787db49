"""Which numbers are accepted as money: whole cents, not negative, not more than a ledger can hold."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)

MOST_CENTS = 2**63 - 1
"""What a column of whole cents (bigint) can hold; more is a slip of the keyboard, not a sum."""


def whole(value: object, what: str, *, least: int = 0, most: int = MOST_CENTS) -> int:
    """Answer the value when it is a whole number within the limits.

    Raises:
        ValueError: a sentence that begins with ``what`` and says what is wrong. A fraction is never rounded, and
            neither True nor a text of digits is a number.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{what} is not a whole number: {value!r}.")  # noqa: TRY004 - one kind of refusal
    if value < 0 <= least:
        raise ValueError(f"{what} is negative: {value}.")
    if value < least:
        raise ValueError(f"{what} is {value}; at least {least} is needed.")
    if value > most:
        raise ValueError(f"{what} is {value}; at most {most} is possible.")
    return value


def whole_each(values: Mapping[Key, int], what: str, *, least: int = 0) -> None:
    """Do nothing when every value is a whole number of at least ``least``.

    Raises:
        ValueError: a sentence that names the first key whose value is refused; ``what`` holds ``{}`` for the key.
    """
    for key, value in values.items():
        whole(value, what.format(key), least=least)


def whole_array(values: Mapping[int, int], what: str, *, least: int = 0) -> NDArray[np.int64]:
    """Answer the values as an array, in the order of the mapping.

    Raises:
        ValueError: as `whole_each`.
    """
    try:
        if set(map(type, values.values())) <= {int}:
            array = np.fromiter(values.values(), np.int64, len(values))
            if not len(array) or array.min() >= least:
                return array
    except OverflowError:
        pass  # the slow way below says which one it is
    whole_each(values, what, least=least)
    return np.fromiter(values.values(), np.int64, len(values))


def read_number(
    row: Mapping[str, str | None], column: str, line: int, *, least: int = 0, most: int = 10**9
) -> int:
    """Answer the whole number in a column of a file's line.

    Raises:
        ValueError: the sentence names the line and the column.
    """
    text = (row.get(column) or "").strip()
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20):
        raise ValueError(f"Line {line}, {column}: {text!r} is not a whole number.")
    return whole(int(text), f"Line {line}, {column}", least=least, most=most)
