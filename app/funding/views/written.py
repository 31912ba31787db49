"""What pages that are written by several people have in common: where what two of them typed differs, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.funding.forms.pages import PageForm


def difference(mine: Mapping[str, list[str]], theirs: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Answer the fields in which somebody else stored something different, and what."""
    names = {**mine, **theirs}
    return [
        (name, ", ".join(text for text in theirs.get(name, []) if text) or _("(empty)"))
        for name in names
        if mine.get(name, []) != theirs.get(name, [])
    ]


def field_words(form: PageForm, name: str) -> str:
    """Answer how a page calls one of its fields."""
    lines = {"cost_kind": _("What for?"), "other_kind": _("Who gives?"), "asked_kind": _("Who is asked?")}
    lines |= dict.fromkeys(("cost_euros", "other_euros", "asked_euros"), _("Euros"))
    lines |= {"cost_pieces": _("times")}
    return str(form[name].label.text) if name in form else lines.get(name, name)
