"""An answer as one who looks for something would read it: headers and body, unpacked, unfolded and unescaped."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from pypdf import PdfReader

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

_TOLD_BY_THE_SERVER = {"Content-Length", "X-Request-Id", "Date", "ETag"}
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PDF, _ARCHIVE = "application/pdf", "application/zip"
_TEXTS = ("text/", "application/json", "application/xml", "application/geo+json", "application/manifest+json")
_PICTURES = ("image/", "font/")


def whole_answer(answer: TestResponse) -> str:
    """Answer everything that somebody can read of a response.

    Raises:
        AssertionError: it is of a kind that nobody has said here how to read.
    """
    headers = "\n".join(
        f"{name}: {value}" for name, value in answer.headers if name not in _TOLD_BY_THE_SERVER
    )
    return plain(f"{headers}\n{_body(answer)}")


def _body(answer: TestResponse) -> str:
    kind = answer.mimetype or ""
    if kind == _SPREADSHEET:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if kind == _PDF:
        return _pdf_words(answer.data)
    if kind == _ARCHIVE:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            return "\n".join(f"{name}\n{_pdf_words(parts.read(name))}" for name in parts.namelist())
    if kind.startswith(_TEXTS):
        return answer.get_data(as_text=True)
    assert not answer.data or kind.startswith(_PICTURES), f"tests/support/reading.py cannot read {kind} yet."
    return answer.data.decode("latin-1")


def _pdf_words(body: bytes) -> str:
    reader = PdfReader(io.BytesIO(body))
    return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])


def plain(text: str) -> str:
    """Answer a text without what hides words: folded lines, entities, percent signs, soft breaks, base64."""
    text = re.sub(r"\r?\n[ \t](?=\S)", "", text) if "BEGIN:VCALENDAR" in text else text
    text = unquote_plus(html.unescape(text))
    text = re.sub("<wbr ?/?>|[\u00ad\u200b\u2060]", "", text)
    return "\n".join([text, *map(_decoded, set(re.findall(r"[A-Za-z0-9_-]{24,}", text)))])


def _decoded(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""
