"""Every sentence of the site exists in every language: nothing missing, nothing guessed, every gap filled alike."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.support.tree import ROOT

GAP = re.compile(r"%\((\w+)\)[sd]|%[sd]")
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "lazy_ngettext": (1, 2),
}  # fmt: skip


@cache
def extracted():
    """Answer every message in code and templates, with one place where it stands."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        mapping, options = parse_mapping_cfg(file)
    found = {}
    for name, line, message, _comments, context in extract_from_dir(
        ROOT, mapping, options, keywords=KEYWORDS
    ):
        found.setdefault((context, message), f"{name}:{line}")
    return found


@cache
def catalogue(language):
    path = ROOT / "app" / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def forms(message):
    return [message] if isinstance(message, str) else list(message)


@pytest.mark.parametrize("language", ["de", "nl"])
def test_every_message_is_translated_and_none_is_fuzzy(language):
    problems = []
    for (context, message), place in extracted().items():
        entry = catalogue(language).get(forms(message)[0], context)
        if entry is None or not all(forms(entry.string)):
            problems.append(f"{place} missing: {forms(message)[0]!r}")
        elif entry.fuzzy:
            problems.append(f"{place} fuzzy: {forms(message)[0]!r}")
    assert not problems, f"{len(problems)} of {len(extracted())} messages:\n" + "\n".join(problems)


@pytest.mark.parametrize("language", ["de", "nl"])
def test_a_translation_has_the_same_gaps_as_its_message(language):
    problems = []
    for entry in catalogue(language):
        if not entry.id or not all(forms(entry.string)):
            continue
        expected = Counter(match.group() for match in GAP.finditer(forms(entry.id)[-1]))
        for translation in forms(entry.string):
            gaps = Counter(match.group() for match in GAP.finditer(translation))
            # One may be said in words ("a group"), so a plural form may leave the number out.
            allowed = set(expected) if isinstance(entry.id, str) else set(expected) - {"%(num)s", "%(num)d"}
            if set(gaps) - set(expected) or allowed - set(gaps):
                problems.append(f"{forms(entry.id)[0]!r}: {dict(expected)} became {dict(gaps)}")
    assert problems == []


@pytest.mark.parametrize("language", ["de", "nl"])
def test_no_translation_is_left_of_a_message_that_is_gone(language):
    known = {(context, forms(message)[0]) for context, message in extracted()}
    gone = [
        entry.id
        for entry in catalogue(language)
        if entry.id and (entry.context, forms(entry.id)[0]) not in known
    ]
    assert gone == []
