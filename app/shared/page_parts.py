"""The parts of a page that are alike for everybody: made once for each language and view, then kept."""

from __future__ import annotations

from flask import current_app, render_template, request
from markupsafe import Markup

from app.shared.languages import current_language

GAP = Markup("<!--gap-->")
"""Stands in a kept piece of a page for the one value that changes; no escaped text can hold it."""


def page_part(name: str) -> Markup:
    """Answer ``templates/parts/<name>.html``, rendered at its first use in this language and view.

    Such a part may depend on the language and on the endpoint, on nothing else: it is shown to everybody.
    """
    kept: dict[tuple[str, ...], Markup] = current_app.extensions.setdefault("page_parts", {})
    key = (name, current_language(), request.script_root, request.endpoint or "")
    if key not in kept:
        kept[key] = Markup(render_template(f"parts/{name}.html"))  # noqa: S704 - a template's own, escaped output
    return kept[key]


def around_gap(html: str) -> tuple[str, str]:
    """Answer what stands before and after ``GAP`` in a piece of HTML made with it; texts in it are escaped."""
    before, _gap, after = html.partition(GAP)
    return before, after
