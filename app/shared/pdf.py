"""Documents as PDF that everybody can read: a Typst template of a package, filled with data.

Typst keeps threads once it has compiled, and a child forked from such a process hangs: no process that compiles may
fork afterwards (gunicorn does not preload, pools are spawned).
"""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import typst
from flask import Response
from flask_babel import gettext as _
from pypdf import PdfWriter

from app.shared.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

APP = Path(__file__).resolve().parent.parent
FONTS = APP.parent / "static" / "vendor" / "letter-fonts"
STANDARDS: tuple[typst.PDFStandard, ...] = ("a-2a", "ua-1")
"""To be kept for decades, and to be read by a screen reader."""

_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_ODD_SPACE = re.compile("[\u2000-\u200a\u202f\u205f\u3000]")
"""Spaces drawn with the glyph of the plain one: copied from the document, all its spaces would be such."""
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class NotPrintable(DomainError):
    """A text holds characters that no font of ours has: ``signs``."""

    code = "not_printable"
    status = 409

    def __init__(self, signs: str) -> None:
        super().__init__(unprintable_words(signs))
        self.signs = signs


def make_pdf(
    template: str, facts: Mapping[str, Any], *, title: str, language: str, made_at: datetime
) -> bytes:
    """Answer a document as tagged PDF (PDF/A-2a and PDF/UA-1); the same arguments give the same bytes.

    Args:
        template: the place of a ``.typ`` file under ``app/``, such as ``funding/letters/transparency.typ``. It shows
            `letter` of ``/shared/letters/base.typ`` the facts that it reads from ``sys.inputs.facts``.
        facts: what orjson can write. Everything in it is text to the template, never markup.
        title: what a reader shows in the window's title.
        language: in which it is read aloud, such as ``de``.
        made_at: the moment that stands in the file.

    Raises:
        NotPrintable: no font has one of the characters; the sentence names it.
        typst.TypstError: the template is wrong.
    """
    known = {**facts, "title": title, "language": language}
    try:
        made = typst.compile(
            APP / template,
            root=APP,
            format="pdf",
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"facts": _ODD_SPACE.sub("\u00a0", orjson.dumps(known).decode())},
            pdf_standards=list(STANDARDS),
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        if missing := _NO_GLYPH.search(error.message):
            raise NotPrintable(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), missing[1])) from error
        raise
    if not isinstance(made, bytes):
        raise TypeError("Typst answers a PDF as one piece.")
    return made


def join_for_printer(bodies: Iterable[bytes]) -> bytes:
    """Answer documents one after the other, for paper only; on both sides of it, each begins on a sheet of its own."""
    made = PdfWriter()
    for body in bodies:
        made.append(BytesIO(body), import_outline=False)
        if len(made.pages) % 2:
            made.add_blank_page()
    written = BytesIO()
    made.write(written)
    return written.getvalue()


def pdf_response(body: bytes, name: str) -> Response:
    """Answer a document to be shown, and to be kept under a name."""
    response = Response(body, content_type="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{name}.pdf")
    return response


@cache
def _fonts() -> typst.Fonts:
    """Answer the fonts of letters and no others, so that a letter looks the same on every machine.

    Raises:
        FileNotFoundError: they are not there; the sentence says how they come.
    """
    if not any(FONTS.glob("*.ttf")):
        raise FileNotFoundError(f"There is no font in {FONTS}; `make setup` puts them there.")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def unprintable_words(signs: str) -> str:
    """Answer the sentence about characters that cannot be printed."""
    shown = ", ".join(f"“{sign}” (U+{ord(sign):04X})" if sign.isprintable() else f"U+{ord(sign):04X}"
                      for sign in dict.fromkeys(signs))  # fmt: skip
    return _("Letters cannot be printed with %(signs)s. Please write it in Latin letters.", signs=shown)
