"""Read a PDF as a program for blind people would: title, language, and the tree of what is what."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@dataclass
class ReadPdf:
    """What stands in a document."""

    title: str
    language: str
    shows_title: bool
    made_at: datetime | None
    standards: tuple[str, ...]
    """Part and level of PDF/A, part of PDF/UA, as the file says it keeps them."""
    text: str
    headings: list[tuple[int, str]]
    elements: Counter[str]
    """How many of each kind there are: ``Table``, ``TH`` that are headers of their column, ``TD``, ``P`` …"""


def read_pdf(body: bytes) -> ReadPdf:
    """Answer what a document says of itself; it fails when the document is not tagged."""
    reader = PdfReader(io.BytesIO(body))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    packet = root["/Metadata"].get_object().get_data().decode()
    elements = list(_elements(root["/StructTreeRoot"]))
    return ReadPdf(
        title=str(reader.metadata.title),
        language=str(root["/Lang"]),
        shows_title=bool(root["/ViewerPreferences"]["/DisplayDocTitle"]),
        made_at=reader.metadata.creation_date,
        standards=tuple(re.findall(r"<pdf(?:aid|uaid):(?:part|conformance)>(\w+)<", packet)),
        text="\n".join(page.extract_text() for page in reader.pages),
        headings=[
            (int(element["/S"][2]), str(element["/T"]))
            for element in elements
            if re.fullmatch(r"/H\d", element.get("/S", ""))
        ],
        elements=Counter(element["/S"].removeprefix("/") for element in elements if _counts(element)),
    )


def _counts(element: DictionaryObject) -> bool:
    """Answer whether it is an element, and if it is a header, one that says what for."""
    kind = element.get("/S")
    return kind is not None and (
        kind != "/TH" or any(part.get_object().get("/Scope") == "/Column" for part in element["/A"])
    )


def _elements(node: Any) -> Iterator[DictionaryObject]:
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, DictionaryObject):
        yield node
        if "/K" in node:
            yield from _elements(node["/K"])
