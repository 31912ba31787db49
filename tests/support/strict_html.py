"""Parses HTML as html5lib does, strictly; a tag that has been read before is not taken apart again.

Pages share most of their tags with others, and to take tags apart letter by letter is half of the work.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import html5lib
from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import tagTokenTypes

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PLAIN_TAG = re.compile(r'</?[a-z][a-z0-9-]*(?:[ \n]+[a-z][a-z0-9:-]*(?:="[^"\0]*")?)*[ \n]*/?>')


class _LetterByLetter(HTMLTokenizer):
    dataState = HTMLTokenizer.dataState  # noqa: N815 - the name in html5lib


def _tag_by_tag(tokenizer: Any) -> bool:
    stream = tokenizer.stream
    found = _PLAIN_TAG.match(stream.chunk, stream.chunkOffset)
    known = _taken_apart(found[0]) if found else None
    if found is None or known is None:
        return bool(_LetterByLetter.dataState(tokenizer))
    stream.chunkOffset = found.end()
    tokenizer.currentToken = {**known, "data": known["data"].copy()}
    tokenizer.tokenQueue.append(tokenizer.currentToken)
    return True


@lru_cache(maxsize=20_000)
def _taken_apart(tag: str) -> dict[str, Any] | None:
    """Answer what html5lib makes of a tag; None when that is more than the tag, such as an error."""
    tokens = list(_LetterByLetter(tag))
    return tokens[0] if len(tokens) == 1 and tokens[0]["type"] in tagTokenTypes else None


HTMLTokenizer.dataState = _tag_by_tag


def parse_strictly(text: str, *, called: str) -> Element:
    """Answer the root of a page.

    Raises:
        AssertionError: it is no HTML as the standard wants it; says where.
    """
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        root: Element = parser.parse(text)
    except html5lib.html5parser.ParseError as error:
        line, column = parser.tokenizer.stream.position()
        near = text.splitlines()[max(line - 2, 0) : line + 1]
        raise AssertionError(f"{called}, line {line}, column {column}: {error}\n" + "\n".join(near)) from None
    return root
