"""The finder's page as bytes, kept for whoever asks the same again: equal in every byte to the page made anew.

A page with groups depends on the groups, on the present minute, on places and topics, and on its address and
language; nothing else. So it is kept with the finder's snapshot (``finder_cache``), which an edit replaces as a whole,
and only until a meeting has begun. A page that found nothing also shows who can be asked: it is kept with that, and
given only if reading it again answers the same. A page for one clearing house's groups is never kept.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import request

from app.groups.catalogue import get_catalogue
from app.groups.finder import Found
from app.groups.finder_cache import KeptAnswer, get_finder_cache
from app.groups.forms import FinderRequest
from app.places.gazetteer import get_gazetteer
from app.shared.languages import current_language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_KEPT = 1_000
"""About 40 kB each, so 40 MB a process at worst."""
_FOREVER = datetime.max.replace(tzinfo=UTC)


def find_answer(session: Session, *, now: datetime) -> KeptAnswer | None:
    """Answer the page of this very address, if it was made before and what it says of groups is true now."""
    kept = _kept(session, now).get(_key(session))
    return kept if kept is not None and now <= kept.until and not request.cookies else None


def keep_answer(
    session: Session, page: str, asked: FinderRequest, found: Found, *, to_ask: object, now: datetime
) -> None:
    """Afterwards the page is kept, with those it says can be asked; if it shows nothing else of clearing houses."""
    # Whoever has a cookie may be shown more than everybody.
    if asked.errors or asked.houses or request.cookies:
        return
    kept = _kept(session, now)
    if len(kept) >= MOST_KEPT:
        kept.clear()
    dates = (meeting for card in found.cards for meeting in (card.missed, card.next_meeting) if meeting)
    until = min((meeting.starts_at for meeting in dates), default=_FOREVER)
    kept[_key(session)] = KeptAnswer(page.encode(), until, asked, to_ask)


def _kept(session: Session, now: datetime) -> dict[Hashable, KeptAnswer]:
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
