"""Keep of KERN's style sheet what this site uses: ten times smaller, the look unchanged.

A rule stays when every KERN class in its selector belongs to a kept component. Custom properties that
nothing refers to any more go, and so do the switches for a forced theme: the site follows the system's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT_COMPONENTS = frozenset(
    {
        "alert", "badge", "body", "btn", "error", "fieldset", "form-check", "form-input", "hint", "icon", "label",
        "link", "number", "sr-only", "table", "table-responsive", "title",
    }
)  # fmt: skip
"""Block names, without the ``kern-`` prefix; a template that uses another one adds it here."""

KEPT_ICONS = frozenset({"info", "success", "warning", "danger", "small", "default", "large"})
"""Icons and icon sizes that templates or kept rules name."""

_CLASS = re.compile(r"\.kern-((?:form-check|form-input|table-responsive|sr-only|[a-z0-9]+)+(?:-[a-z0-9]+)*)"
                    r"((?:__|--)[a-z0-9-]+)?")  # fmt: skip
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARED = re.compile(r"(--kern-[a-z0-9-]+)\s*:")
_USED = re.compile(r"var\(\s*(--kern-[a-z0-9-]+)")


def subset(css: str, *, own_css: str = "") -> str:
    """Answer the kept rules of a style sheet; properties that only ``own_css`` refers to are kept too."""
    kept = "".join(_kept_rules(_COMMENT.sub("", css)))
    return _without_unused_properties(kept, also_used=set(_USED.findall(own_css)))


def _kept_rules(css: str) -> Iterator[str]:
    for prelude, body in _blocks(css):
        if prelude.startswith(("@media", "@supports", "@layer")):
            inner = "".join(_kept_rules(body))
            if inner:
                yield f"{prelude}{{{inner}}}\n"
        elif prelude.startswith("@keyframes"):
            yield f"{prelude}{{{body}}}\n"
        elif not prelude.startswith("@"):
            selectors = [part for part in _split(prelude, ",") if _is_kept(part)]
            if selectors and body.strip():
                yield f"{','.join(selectors)}{{{body.strip()}}}\n"


def _is_kept(selector: str) -> bool:
    """Answer whether the selector names nothing that is left out."""
    if "data-kern-theme" in selector and ":is(" not in selector:
        return False
    if ":is(" in selector and "data-kern-theme" in selector:
        return True
    for block, rest in _CLASS.findall(selector):
        if block not in KEPT_COMPONENTS:
            return False
        if block == "icon" and rest.startswith("--") and rest[2:] not in KEPT_ICONS:
            return False
    return True


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Answer each top-level ``prelude { body }``; statements without a block are left out."""
    position = start = 0
    while position < len(css):
        letter = css[position]
        if letter in "\"'":
            position = css.index(letter, position + 1)
        elif letter == ";":
            start = position + 1
        elif letter == "{":
            end = _closing(css, position)
            yield css[start:position].strip(), css[position + 1 : end]
            start = position = end
            start += 1
        position += 1


def _closing(css: str, opening: int) -> int:
    """Answer where the block that opens here closes."""
    depth, position = 0, opening
    while True:
        letter = css[position]
        if letter in "\"'":
            position = css.index(letter, position + 1)
        elif letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                return position
        position += 1


def _split(text: str, separator: str) -> list[str]:
    """Split at separators that stand outside brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for index, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == separator and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
    return [*parts, text[start:].strip()]


def _without_unused_properties(css: str, *, also_used: set[str]) -> str:
    """Drop declarations of custom properties nobody reads, until none is left to drop."""
    while True:
        used = also_used | set(_USED.findall(css))
        declared = set(_DECLARED.findall(css))
        if declared <= used:
            return re.sub(r"[^{}]+\{\s*\}\n?", "", css)
        css = "".join(_only_used(prelude, body, used) for prelude, body in _blocks(css))


def _only_used(prelude: str, body: str, used: set[str]) -> str:
    if prelude.startswith("@"):
        if prelude.startswith("@keyframes"):
            return f"{prelude}{{{body}}}\n"
        inner = "".join(_only_used(p, b, used) for p, b in _blocks(body))
        return f"{prelude}{{{inner}}}\n" if inner else ""
    lines = []
    for declaration in _split(body, ";"):
        name = declaration.split(":", 1)[0].strip()
        if declaration and not (name.startswith("--kern-") and name not in used):
            lines.append(declaration)
    return f"{prelude}{{{';'.join(lines)}}}\n" if lines else ""
