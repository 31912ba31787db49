"""The words of a mail that may go on to somebody who is not to learn who wrote it: no quotes, signatures, addresses.

What a mail program adds by itself is cut; what a person types is left to them, but for the address they write from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from html.parser import HTMLParser

LONGEST = 10_000
"""Characters that are passed on of one mail."""
_SIGNATURE = re.compile(r"--[ \t]*")
_BEGIN_OF_QUOTE = re.compile(
    r"""\s*(?:
        -{2,}\s*(?:original|ursprüngliche|forwarded|weitergeleitete|doorgestuurd|oorspronkelijk)\b.*
      | _{20,}
      | (?:on|am|op|le|el|il)\b.{0,250}\b(?:wrote|schrieb|schreef|a\ écrit|escribió|ha\ scritto)\b.{0,200}:
      | .{0,200}\b(?:wrote|schrieb|schreef)\b.{0,120}:
    )\s*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_HEADER_OF_QUOTE = re.compile(
    r"\s*[*>]*\s*(?:von|from|van|de|gesendet|sent|verzonden|an|to|aan|betreff|subject|onderwerp|datum|date|cc)\s*:.*",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLOCKS = {
    "p",
    "div",
    "br",
    "li",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "table",
    "blockquote",
    "pre",
    "hr",
}
_UNSEEN = {"script", "style", "head", "title", "template", "blockquote"}


def words_to_pass_on(text: str, *, hidden: Iterable[str], secrets: Iterable[str], instead: str) -> str:
    """Answer what somebody wrote anew in a mail.

    Args:
        text: the plain text of the mail.
        hidden: addresses that must not go on, such as the one the mail is from.
        secrets: marks by which the writer is known to us; a line that holds one, as a quoted link does, is left out.
        instead: what stands in place of an address.
    """
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    marks = [mark for mark in secrets if mark]
    lines = [
        line.rstrip()
        for line in _without_quotes(plain.split("\n"))
        if not any(mark in line for mark in marks)
    ]
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    for address in hidden:
        if address:
            kept = re.sub(re.escape(address), lambda _found: instead, kept, flags=re.IGNORECASE)
    return kept if len(kept) <= LONGEST else kept[:LONGEST].rstrip() + " …"


def text_of_html(html: str) -> str:
    """Answer the words of HTML as plain text, without what is quoted; nothing in it is followed or run."""
    reader = _Words()
    with suppress(AssertionError):  # what the parser says of "<![": what came before it counts
        reader.feed(html[: LONGEST * 20])
        reader.close()
    return re.sub(r"[ \xa0]+", " ", "".join(reader.pieces)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_quote = any(name == "class" and "gmail_quote" in (value or "") for name, value in attrs)
        if tag in _UNSEEN or is_quote or (self._unseen and tag == self._unseen[-1]):
            self._unseen.append(tag)  # the same tag inside has an end of its own
        if tag in _BLOCKS and not self._unseen:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        elif tag in _BLOCKS and tag != "br" and not self._unseen:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))


def _without_quotes(lines: list[str]) -> list[str]:
    """Answer the lines up to the signature or to what a mail program has quoted, without single quoted lines."""
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _SIGNATURE.fullmatch(line) or _begins_quote(lines, number):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return kept


def _begins_quote(lines: list[str], number: int) -> bool:
    """Whether a line tells that what follows is the mail that is answered; such a sentence may be broken once."""
    line = lines[number]
    follows = " ".join(lines[number : number + 2])
    next_quoted = next((each for each in lines[number + 1 :] if each.strip()), "").lstrip().startswith(">")
    starts = re.match(r"\s*(?:on|am|op)\b", line, re.IGNORECASE)
    if _BEGIN_OF_QUOTE.fullmatch(line):
        # A person may write "Gestern schrieb Petra:" too: only with a date, an address or a quote after it.
        return bool(not line.strip().endswith(":") or re.search(r"[0-9@]", line) or next_quoted)
    if starts and re.search(r"[0-9]", line) and _BEGIN_OF_QUOTE.fullmatch(follows):
        return True
    headers = [_HEADER_OF_QUOTE.fullmatch(each) is not None for each in lines[number : number + 4]]
    return len(headers) >= 3 and headers[0] and sum(headers) >= 3
