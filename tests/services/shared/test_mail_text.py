"""A mail is put into words once; its plain text and its HTML say the same, in the language that is spoken."""

from __future__ import annotations

import re
import string
from datetime import date
from typing import TYPE_CHECKING

import pytest
from flask_babel import format_date, gettext
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.shared.languages import LANGUAGES, current_language, current_locale, speaking
from app.shared.mail_text import Button, Facts, Mail, Paragraph, Quote, SmallPrint, write_mail
from tests.services.shared.mail_rows import parse
from tests.support.databases import config_for
from tests.support.page import read, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

MAIL = Mail(
    "Treffen am Mittwoch",
    (
        Paragraph("Guten Tag Anna,\nübermorgen ist es so weit."),
        Facts((("Wann", "Mittwoch, 4. März, 19 Uhr"), ("Wo", "Haus 2\nMarsilstein 4, Köln"))),
        Quote("Bitte klingeln.\nBis dann!"),
        Button("Zum Treffen", "https://wirkreis.example/m?a=1&b=2"),
        SmallPrint("Sie brauchen nichts zu tun."),
    ),
)
TEXT = """\
Guten Tag Anna,
übermorgen ist es so weit.

Wann: Mittwoch, 4. März, 19 Uhr
Wo: Haus 2
  Marsilstein 4, Köln

  Bitte klingeln.
  Bis dann!

Zum Treffen:
https://wirkreis.example/m?a=1&b=2

Sie brauchen nichts zu tun.

--\x20
Wirkreis, http://localhost/
Solche E-Mails abbestellen: https://wirkreis.example/stop?x=1&y=2
"""


@pytest.fixture(scope="module")
def plain_app() -> Iterator[Flask]:
    """An application whose database nobody asks."""
    app = create_app(config_for("sqlite://"))
    with app.app_context():
        yield app


def test_the_plain_text_reads_like_a_letter(plain_app: Flask) -> None:
    text, _html = write_mail(MAIL, unsubscribe_url="https://wirkreis.example/stop?x=1&y=2")
    assert text == TEXT


def test_the_html_says_the_same_and_loads_nothing(plain_app: Flask) -> None:
    _text, html = write_mail(MAIL, unsubscribe_url="https://wirkreis.example/stop?x=1&y=2")
    root = parse(html)
    assert {
        "title": [read(each) for each in root.iter("title")],
        "h1": [read(each) for each in root.iter("h1")],
        "dt": [read(each) for each in root.iter("dt")],
        "dd": [read(each) for each in root.iter("dd")],
        "blockquote": [read(each) for each in root.iter("blockquote")],
        "a": [each.get("href") for each in root.iter("a")],
    } == {
        "title": ["Treffen am Mittwoch"],
        "h1": ["Treffen am Mittwoch"],
        "dt": ["Wann", "Wo"],
        "dd": ["Mittwoch, 4. März, 19 Uhr", "Haus 2 Marsilstein 4, Köln"],
        "blockquote": ["Bitte klingeln. Bis dann!"],
        "a": [
            "https://wirkreis.example/m?a=1&b=2",
            "http://localhost/",
            "https://wirkreis.example/stop?x=1&y=2",
        ],
    }
    tags = {each.tag for each in root.iter() if isinstance(each.tag, str)}
    assert tags.isdisjoint({"img", "link", "script", "iframe", "form", "table", "svg", "object"})
    assert not re.search(r"url\(|@import|\bsrc=|background=", html)


def test_who_reads_a_mail_by_ear_hears_its_language_even_without_its_html_element(plain_app: Flask) -> None:
    with speaking("nl"):
        root = parse(write_mail(MAIL)[1])
    assert root.get("lang") == "nl"
    assert [each.get("lang") for each in root.iter("div") if each.get("role") == "article"] == ["nl"]


def test_without_an_address_to_unsubscribe_nothing_is_said_of_it(plain_app: Flask) -> None:
    assert not any("abbestellen" in part for part in write_mail(MAIL))


@given(
    text=st.text(st.sampled_from(string.printable + "äß„“‘\u2028<>&'\"{}%"), max_size=60),
    url=st.from_regex(r"https://x\.example/[a-z0-9&?=%#'_.-]{0,30}", fullmatch=True),
)
def test_whatever_is_written_is_words_in_both(plain_app: Flask, text: str, url: str) -> None:
    blocks = (Paragraph(text), Quote(text), Facts(((text, text),)), Button(f"x{text}", url), SmallPrint(text))
    plain, html = write_mail(Mail("s", blocks))
    assert words(plain).count(words(text)) >= 6 or not words(text)
    assert f"\n{url}\n" in plain
    # HTML knows no control characters; what cannot be written there at all is another matter.
    root = parse(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", html))
    shown = re.sub(r"[\x0b\x0c]", "", words(text))
    assert read(next(root.iter("blockquote"))) == words(shown)
    assert next(root.iter("a")).get("href") == url
    assert len(list(root.iter("a"))) == 2


@pytest.mark.parametrize(
    "url", ["/groups/x", "javascript:alert(1)", "https://x y", 'https://x"', "https://x\n", ""]
)
def test_a_button_leads_to_a_whole_address_of_the_web(url: str) -> None:
    with pytest.raises(ValueError, match="whole address"):
        Button("Los", url)


def test_speaking_holds_for_texts_dates_and_templates_and_ends(plain_app: Flask) -> None:
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = (gettext("Topics"), format_date(date(2026, 3, 4), "EEEE"), current_locale())
            with speaking("de"):
                assert gettext("Topics") == "Themen"
            assert current_language() == language
            assert gettext("Topics") == said[language][0]
    assert said == {
        "de": ("Themen", "Mittwoch", "de_DE"),
        "en": ("Topics", "Wednesday", "en_GB"),
        "nl": ("Thema’s", "woensdag", "nl_NL"),
    }
    assert current_language() == "de"


def test_inside_a_page_of_another_language_a_mail_speaks_its_own(plain_app: Flask) -> None:
    with plain_app.test_request_context("/", environ_overrides={"wirkreis.language": "nl"}):
        assert gettext("Topics") == "Thema’s"
        with speaking("en"):
            assert gettext("Topics") == "Topics"
            assert "No more mails" in write_mail(MAIL, unsubscribe_url="https://x.example/")[0]
        assert gettext("Topics") == "Thema’s"


def test_a_language_that_nobody_speaks_here_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"), speaking("fr"):
        pass
