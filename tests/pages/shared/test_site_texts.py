"""The texts an operator may replace."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shared.site_texts import KEYS, get_site_text, parse


def words(blocks):
    return " ".join(piece.text for block in blocks for line in block.lines for piece in line)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["de", "en", "nl"])
def test_every_text_has_a_default_in_every_language(key, language, tmp_path):
    assert len(get_site_text(key, language=language, folder=tmp_path)) > 5


@pytest.mark.parametrize("key", KEYS)
def test_the_languages_of_a_text_have_the_same_blocks(key, tmp_path):
    shapes = {
        language: [
            (block.kind, len(block.lines)) for block in get_site_text(key, language=language, folder=tmp_path)
        ]
        for language in ("de", "en", "nl")
    }
    assert shapes["en"] == shapes["nl"]
    assert [kind for kind, _ in shapes["de"]] == [kind for kind, _ in shapes["en"]]


def test_the_operators_file_goes_before_the_default_and_is_read_again_when_it_changes(tmp_path):
    file = tmp_path / "imprint.de.txt"
    file.write_text("Erster Text", encoding="utf-8")
    assert words(get_site_text("imprint", language="de", folder=tmp_path)) == "Erster Text"
    file.write_text("Zweiter Text", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert words(get_site_text("imprint", language="de", folder=tmp_path)) == "Zweiter Text"
    assert words(get_site_text("imprint", language="en", folder=tmp_path)) != "Zweiter Text"


@pytest.mark.parametrize("key", ["", "../imprint", "imprint/..", "unknown", "IMPRINT"])
def test_there_are_no_other_texts(key, tmp_path):
    with pytest.raises(KeyError):
        get_site_text(key, language="de", folder=tmp_path)


def test_headings_lists_lines_and_open_places_are_told_apart():
    blocks = parse("## Wer\n\nName: [Träger]\nOrt\n\n- eins\n- zwei")
    assert [block.kind for block in blocks] == ["heading", "paragraph", "list"]
    assert [(piece.text, piece.is_open) for piece in blocks[1].lines[0]] == [
        ("Name: ", False),
        ("Träger", True),
    ]
    assert [len(block.lines) for block in blocks] == [1, 2, 2]


@given(st.text())
def test_any_text_can_be_read_and_every_block_says_something(text):
    for block in parse(text):
        assert block.lines
        assert all(piece.text for line in block.lines for piece in line)
