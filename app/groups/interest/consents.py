"""What people agree to when they leave their interest: texts with a version, which are never changed.

Whoever needs another wording adds files with a new version and names it ``CURRENT``; the old files stay, as they say
what those who agreed before have agreed to. A test holds each text to its mark.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.shared.languages import current_language

FOLDER = Path(__file__).parent / "consent"
CURRENT = "1"
PURPOSE = "interest-list"
"""What the consent is for, as it is stored with it."""


def consent_paragraphs(version: str = CURRENT) -> list[str]:
    """Answer a text in the language that is spoken."""
    return _read(version, current_language()).split("\n")


@cache
def _read(version: str, language: str) -> str:
    return (FOLDER / f"{version}.{language}.txt").read_text(encoding="utf-8").strip()
