"""The table of what can go wrong names tests that exist, for every number."""

from __future__ import annotations

import re

from tests.support.tree import ROOT

TABLE = ROOT / "docs" / "reliability.md"
FOLDER = "tests/services/funding/"


def test_every_scenario_is_there_and_shown_by_tests_that_exist_or_says_why_not():
    rows = re.findall(r"^\| (\d+) \|(.*)\|(.*)\|(.*)\|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(number) for number, *_cells in rows] == list(range(1, 55))
    missing = []
    for number, _what, how, shown in rows:
        named = re.findall(r"`([\w/.]+\.py)::(\w+)`", shown)
        if not named and "Cannot happen here:" not in how:
            missing.append(number)
        for name, test in named:
            file = ROOT / (name if "/" in name else FOLDER + name)
            if not file.exists() or f"def {test}(" not in file.read_text(encoding="utf-8"):
                missing.append(f"{name}::{test}")
    assert missing == []
