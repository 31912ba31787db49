"""A document is a PDF that a screen reader can read, an archive can keep, and everybody gets byte by byte."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from app.shared.pdf import NotPrintable, make_pdf
from tests.support.pdf import read_pdf
from tests.support.tree import ROOT

TEMPLATE = "funding/letters/transparency.typ"
MADE_AT = datetime(2027, 1, 31, 8, tzinfo=UTC)
NAMES = ("Rheuma-Liga *Köln* #1", "Đorđević, Nguyễn & Şahin", "Αθήνα Київ")


def document(*names, made_at=MADE_AT):
    part = {
        "heading": "Nordrhein-Westfalen",
        "texts": 1,
        "columns": ["Wer", "Summe"],
        "rows": [[name, "1.551.347,58\u00a0€"] for name in names],
        "total": ["Zusammen", "4.654.042,74\u00a0€"],
    }
    facts = {
        "lead": ["Alle\u202fSummen"],
        "parts": [part],
        "page_of": "Seite {page} von {pages}",
        "sender": "Wirkreis",
    }
    return make_pdf(TEMPLATE, facts, title="Förderung 2026", language="de", made_at=made_at)


def test_a_document_says_its_title_and_language_and_is_tagged_down_to_the_header_of_its_table():
    read = read_pdf(document(*NAMES))
    assert (read.title, read.language, read.shows_title) == ("Förderung 2026", "de", True)
    assert read.headings == [(1, "Förderung 2026"), (2, "Nordrhein-Westfalen")]
    assert (read.elements["Table"], read.elements["TH"], read.elements["TD"]) == (1, 2, 8)
    assert read.standards == ("2", "A", "1")
    assert read.made_at == MADE_AT
    for words in (*NAMES, "1.551.347,58\u00a0€", "Alle\u00a0Summen", "Seite 1 von 1"):
        assert words in read.text


def test_the_same_facts_give_the_same_bytes_in_another_process_and_another_moment_gives_others():
    program = (
        "import sys; from tests.services.shared.test_pdf import *; sys.stdout.buffer.write(document(*NAMES))"
    )
    there = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True).stdout
    assert document(*NAMES) == document(*NAMES) == there
    assert document(*NAMES, made_at=MADE_AT + timedelta(hours=1)) != there


@pytest.mark.parametrize(("name", "named"), [("漢 Wang", "“漢” (U+6F22)"), ("a\x07b", "U+0007")])
def test_a_character_that_no_font_has_is_named(name, named, app):
    with app.test_request_context(), pytest.raises(NotPrintable) as refused:
        document(name)
    assert named in refused.value.message
