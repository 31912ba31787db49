"""Which applications may be of the same people: they name the same account, contact, phone number or signer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

ACCOUNT, ADDRESS, PHONE, SIGNER = "account", "address", "phone", "signer"
Mark = tuple[str, str]
"""What it is, and what stands there."""
LEAST_DIGITS = 6
"""Fewer digits are no phone number."""


def phone_mark(text: str) -> str:
    """Answer the digits of a phone number without what stands for the country; empty when it is none."""
    digits = "".join(each for each in text if each.isascii() and each.isdigit())
    plain = digits.removeprefix("00").removeprefix("49").lstrip("0")
    return plain if len(plain) >= LEAST_DIGITS else ""


def alike(marks: Mapping[int, Collection[Mark]], wanted: Collection[int]) -> dict[int, dict[int, list[str]]]:
    """Answer for each that is wanted the others that share marks with it, and of which kinds these are."""
    having: defaultdict[Mark, set[int]] = defaultdict(set)
    for number, own in marks.items():
        for mark in own:
            if mark[1]:
                having[mark].add(number)
    found: defaultdict[int, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in wanted:
        for mark in sorted(marks.get(one, ())):
            for other in sorted(having[mark] - {one}):
                if mark[0] not in found[one][other]:
                    found[one][other].append(mark[0])
    return {one: dict(others) for one, others in found.items()}
