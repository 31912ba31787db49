"""A page as a person meets it: parsed strictly, checked for what every page must have, then read."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.support.strict_html import parse_strictly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from werkzeug.test import TestResponse

_CONTROLS = {"input", "select", "textarea"}
_NOT_READ = {"script", "style", "template", "head"}
_NO_LABEL_NEEDED = {"hidden", "submit", "reset", "button", "image"}
_DATA_BLOCKS = {"application/json", "application/ld+json"}
_RESOURCES = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
    "form": ("action",),
    "base": ("href",),
}
_LOADED_LINKS = {
    "stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "modulepreload", "prefetch",
    "preconnect", "dns-prefetch", "prerender",
}  # fmt: skip


def words(text: str) -> str:
    """Answer the text with every run of white space as one space, none at the ends."""
    return re.sub(r"\s+", " ", text).strip()


def read(element: Element) -> str:
    """Answer the text a person can read in an element."""
    return words("".join(_pieces(element)))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _NOT_READ:
            # Blocks stand apart on the screen; without the space two list items would read as one word.
            yield "" if child.tag in {"a", "b", "em", "span", "strong", "abbr", "mark", "time"} else " "
            yield from _pieces(child)
            yield "" if child.tag in {"a", "b", "em", "span", "strong", "abbr", "mark", "time"} else " "
        yield child.tail or ""


class Page:
    """An answer, as HTML. Making one checks it; ``AssertionError`` names what is wrong with the page."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.url = response.request.url
        self.html = response.get_data(as_text=True)
        assert response.mimetype == "text/html", f"{self.url} is {response.mimetype}, not a page"
        self.root = parse_strictly(self.html, called=self.url)
        problems = list(self._problems())
        assert not problems, f"{self.url}: " + "; ".join(problems)

    # What a person reads

    @property
    def title(self) -> str:
        """The text of the title element."""
        return read(self.get("title"))

    @property
    def heading(self) -> str:
        """The text of the only h1."""
        return read(self.get("h1"))

    @property
    def text(self) -> str:
        """Everything that can be read on the page."""
        return read(self.get("body"))

    @property
    def language(self) -> str:
        """What the page says of its language."""
        return self.root.get("lang", "")

    def find_all(
        self, tag: str = "*", /, *, text: str = "", within: Element | None = None, **attributes: str
    ) -> list[Element]:
        """Answer the elements with that tag, that readable text inside, and those attributes.

        ``class_`` and ``for_`` stand for ``class`` (one of its words) and ``for``; ``_`` for ``-``.
        """
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        start = self.root if within is None else within
        return [
            element
            for element in start.iter(None if tag == "*" else tag)
            if isinstance(element.tag, str)
            and all(_has(element, name, value) for name, value in wanted.items())
            and (not text or text in read(element))
        ]

    def find(
        self, tag: str = "*", /, *, text: str = "", within: Element | None = None, **attributes: str
    ) -> Element | None:
        """Answer the first such element, or None."""
        return next(iter(self.find_all(tag, text=text, within=within, **attributes)), None)

    def get(
        self, tag: str = "*", /, *, text: str = "", within: Element | None = None, **attributes: str
    ) -> Element:
        """Answer the first such element; ``AssertionError`` when there is none."""
        element = self.find(tag, text=text, within=within, **attributes)
        assert element is not None, f"{self.url} has no <{tag}> with {attributes} and the text {text!r}"
        return element

    def texts(self, tag: str, /, **attributes: str) -> list[str]:
        """Answer what can be read in each such element."""
        return [read(element) for element in self.find_all(tag, **attributes)]

    @property
    def links(self) -> dict[str, str]:
        """The name of every link and where it leads; the first of a name counts."""
        found: dict[str, str] = {}
        for link in self.find_all("a"):
            if link.get("href") is not None:
                found.setdefault(link.get("aria-label") or read(link), link.get("href", ""))
        return found

    def labels(self, control: Element) -> list[str]:
        """Answer the names a control is announced by."""
        named = [control.get("aria-label", ""), control.get("title", "")]
        ids = control.get("aria-labelledby", "").split()
        named += [read(self._by_id[id_]) for id_ in ids if id_ in self._by_id]
        named += [read(label) for label, labelled in self._labels if labelled is control]
        return [name for name in named if name]

    @cached_property
    def _by_id(self) -> dict[str, Element]:
        return {element.get("id", ""): element for element in self.root.iter() if element.get("id")}

    @cached_property
    def _labels(self) -> list[tuple[Element, Element | None]]:
        """Each label and what it is for: named by ``for``, else the first control inside."""
        found = []
        for label in self.find_all("label"):
            inside = (child for child in label.iter() if child.tag in _CONTROLS)
            named = label.get("for")
            found.append((label, self._by_id.get(named) if named else next(inside, None)))
        return found

    @property
    def controls(self) -> list[Element]:
        """Every field of every form."""
        return [element for element in self.root.iter() if element.tag in _CONTROLS]

    # What every page must have

    def _problems(self) -> Iterator[str]:
        yield from self._problems_of_headings()
        yield from self._problems_of_controls()
        yield from self._problems_of_policy()
        ids = Counter(element.get("id") for element in self.root.iter() if element.get("id") is not None)
        yield from (
            f"the id {id_!r} occurs {count} times" for id_, count in ids.items() if count > 1 or not id_
        )
        if not self.language:
            yield "the html element has no lang attribute"
        if self.find("main") is None:
            yield "there is no main element"
        for image in self.find_all("img"):
            if image.get("alt") is None:
                yield f"the image {image.get('src')!r} has no alt attribute"

    def _problems_of_headings(self) -> Iterator[str]:
        headings = self.texts("h1")
        if len(headings) != 1 or not headings[0]:
            yield f"there must be exactly one h1 with text, found {headings}"
            return
        titles = self.texts("title")
        if not titles or headings[0] not in titles[0]:
            yield f"the title {titles} does not hold the h1 {headings[0]!r}"

    def _problems_of_controls(self) -> Iterator[str]:
        for control in self.controls:
            needs_label = control.tag != "input" or control.get("type", "text") not in _NO_LABEL_NEEDED
            if needs_label and not self.labels(control):
                yield f"the field {control.get('name') or control.get('id')!r} has no label"
        for button in [*self.find_all("button"), *self.find_all("a", href="")]:
            if not (read(button) or button.get("aria-label") or button.get("aria-labelledby")):
                yield "a button or link has no name"

    def _problems_of_policy(self) -> Iterator[str]:
        for element in self.root.iter():
            if not isinstance(element.tag, str):
                continue
            if element.get("style") is not None or element.tag == "style":
                yield f"inline style on <{element.tag}>"
            if element.tag == "script" and not element.get("src") and element.get("type") not in _DATA_BLOCKS:
                yield "inline script"
            for name, value in element.attrib.items():
                if name.startswith("on") or value.strip().lower().startswith("javascript:"):
                    yield f"inline script in {name}"
            yield from self._foreign_resources(element)

    def _foreign_resources(self, element: Element) -> Iterator[str]:
        names: tuple[str, ...] = _RESOURCES.get(str(element.tag), ())
        if element.tag == "link" and _LOADED_LINKS & set(element.get("rel", "").lower().split()):
            names = ("href",)
        own = urlsplit(self.url).netloc
        for name in names:
            for address in re.findall(r"(?:https?:)?//[^\s,]+", element.get(name, "")):
                if urlsplit(address).netloc != own:
                    yield f"<{element.tag}> loads {address} from somebody else"


def _has(element: Element, name: str, value: str) -> bool:
    actual = element.get(name)
    if actual is None:
        return False
    return value in actual.split() if name == "class" else actual == value
