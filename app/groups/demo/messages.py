"""Invented messages in the inbox of one clearing house, for a demonstration; nobody gets a mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.groups.contact.inbox import REPORT, Asked, take_message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_MESSAGES = (
    (
        timedelta(days=3, hours=5),
        Asked(
            "Guten Tag, ich suche eine Gruppe für Angehörige. Mein Mann ist seit dem Frühjahr krank, und abends "
            "kann ich nicht weg. Gibt es etwas am Vormittag?",
            "de",
            email="maren.vogt@brief.example",
            name="Maren",
        ),
    ),
    (
        timedelta(hours=20),
        Asked(
            "Bitte rufen Sie mich zurück, am besten nach 17 Uhr. Es geht um Trauer.",
            "de",
            phone="0221 4710 664",
        ),
    ),
    (
        timedelta(hours=2),
        Asked(
            "Hello, is there a group in English? I moved here last year.",
            "en",
            email="sam.okafor@post.example",
            name="Sam",
        ),
    ),
)


def make_demo_messages(session: Session, house_id: int, *, group_id: int, now: datetime) -> None:
    """Afterwards some questions and a hint about a group wait in the inbox of the house."""
    for ago, asked in _MESSAGES:
        take_message(session, house_id, asked, now=now - ago)
    hint = Asked("Sie fangen jetzt erst um acht an.", "de", kind=REPORT, reason="time", group_id=group_id)
    take_message(session, house_id, hint, now=now - timedelta(days=1))
