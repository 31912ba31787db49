"""Texts the operator may replace: imprint, privacy notice, accessibility statement, easy language.

A text is a plain file. ``instance/texts/<key>.<language>.txt`` is the operator's; without it the default beside
this module is shown. Blank lines part blocks; a block that begins with ``## `` is a heading, one whose lines all
begin with ``- `` a list, anything else a paragraph. Words in ``[square brackets]`` still have to be filled in and
are marked on the page. Nothing else has a meaning, so no text can bring markup into a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from app.shared.languages import DEFAULT_LANGUAGE
from config import INSTANCE

DEFAULTS = Path(__file__).parent / "texts"
OPERATOR_TEXTS = INSTANCE / "texts"
KEYS = ("imprint", "privacy", "rights", "accessibility", "easy")
_PLACEHOLDER = re.compile(r"\[([^\]\n]+)\]")
_KEY = re.compile(r"[a-z][a-z_]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words; ``is_open`` when the operator still has to fill it in."""

    text: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or paragraph (one line of pieces each line) or a list (one line each item)."""

    kind: Literal["heading", "paragraph", "list"]
    lines: tuple[tuple[Piece, ...], ...]


def get_site_text(key: str, *, language: str, folder: Path = OPERATOR_TEXTS) -> tuple[Block, ...]:
    """Answer the blocks of a text: the operator's in this language, else the default in it, else the German one.

    An edited file is seen at once; an unchanged one is not read again.

    Raises:
        KeyError: there is no such text.
    """
    if not _KEY.fullmatch(key):
        raise KeyError(key)
    for path in (
        folder / f"{key}.{language}.txt",
        DEFAULTS / f"{key}.{language}.txt",
        DEFAULTS / f"{key}.{DEFAULT_LANGUAGE}.txt",
    ):
        try:
            changed = path.stat().st_mtime_ns
        except FileNotFoundError:
            continue
        return _read(path, changed)
    raise KeyError(key)


@lru_cache(maxsize=64)
def _read(path: Path, _changed_ns: int) -> tuple[Block, ...]:
    return parse(path.read_text(encoding="utf-8-sig"))


def parse(text: str) -> tuple[Block, ...]:
    """Answer the blocks of a text; white space around lines and blocks does not count."""
    blocks = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if lines:
            blocks.append(_block(lines))
    return tuple(blocks)


def _block(lines: list[str]) -> Block:
    if lines[0].startswith("## "):
        return Block("heading", (_pieces(" ".join(lines)[3:]),))
    if all(line.startswith("- ") for line in lines):
        return Block("list", tuple(_pieces(line[2:]) for line in lines))
    return Block("paragraph", tuple(_pieces(line) for line in lines))


def _pieces(line: str) -> tuple[Piece, ...]:
    pieces, end = [], 0
    for found in _PLACEHOLDER.finditer(line):
        if found.start() > end:
            pieces.append(Piece(line[end : found.start()]))
        pieces.append(Piece(found.group(1), is_open=True))
        end = found.end()
    if end < len(line):
        pieces.append(Piece(line[end:]))
    return tuple(pieces)
