"""The finder's page as bytes, kept for whoever asks the same again: equal in every byte to the page made anew.

A page with groups depends on the groups, on the present minute, on places and topics, and on its address and
language; nothing else. So it is kept with the finder's snapshot (``finder_cache``), which an edit replaces as a whole,
and only until a meeting has begun. A page that names clearing houses depends on more, and is never kept.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import request

from app.groups.catalogue import get_catalogue
from app.groups.finder import Found
from app.groups.finder_cache import KeptAnswers, get_finder_cache
from app.groups.forms import FinderRequest
from app.places.gazetteer import get_gazetteer
from app.shared.languages import current_language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_KEPT = 1_000
"""About 40 kB each, so 40 MB a process at worst."""
_FOREVER = datetime.max.replace(tzinfo=UTC)


def find_answer(session: Session, *, now: datetime) -> bytes | None:
    """Answer the page of this very address as it is now, if it was made before and nothing in it has changed."""
    kept = _kept(session, now).get(_key(session))
    return kept[0] if kept is not None and now <= kept[1] and not request.cookies else None


def keep_answer(session: Session, page: str, asked: FinderRequest, found: Found, *, now: datetime) -> None:
    """Afterwards the page is kept, if it shows groups and no clearing house."""
    # Whoever has a cookie may be shown more than everybody.
    if asked.errors or asked.houses or not found.total or request.cookies:
        return
    kept = _kept(session, now)
    if len(kept) >= MOST_KEPT:
        kept.clear()
    until = min((card.next_meeting.starts_at for card in found.cards if card.next_meeting), default=_FOREVER)
    kept[_key(session)] = page.encode(), until


def _kept(session: Session, now: datetime) -> KeptAnswers:
    cache = get_finder_cache()
    return cache.answers(cache.columns(session, now=now))


def _key(session: Session) -> Hashable:
    """Answer everything beside groups and time that makes a page."""
    return (
        get_gazetteer(session),
        get_catalogue(session),
        current_language(),
        request.script_root,
        request.path,
        request.query_string,
    )
