"""The minutes of a sitting in words: who was there, what was advised and decided, what the pot had."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from flask_babel import gettext as _

from app.funding.queries.round_pages import names_of
from app.funding.queries.sitting_runs import runs_of
from app.funding.queries.sittings import AgendaLine, comments_of, money_of, present_at, round_of
from app.funding.rules.sittings import DECIDES
from app.funding.words.sittings import OUTCOMES, PRESENT_AS, REASON_WORDS, RUN_OUTCOMES, STANCES, full_words
from app.groups.presentation import date_words
from app.shared.languages import DEFAULT_LANGUAGE
from app.shared.money import euro_words
from app.shared.pdf import NotPrintable, make_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.funding.models import Sitting

TEMPLATE = "funding/letters/minutes.typ"
_MOST_SIGNS = 200


def minutes_facts(session: Session, sitting: Sitting, agenda: Sequence[AgendaLine]) -> dict[str, Any]:
    """Answer everything that the minutes of a closed sitting say, in the language that is spoken."""
    found, region = round_of(session, sitting)
    day = date_words(sitting.held_on)
    head = (
        (_("Region and year"), f"{region.name} {found.year}"),
        (_("Day"), day),
        (_("Place"), ", ".join(each for each in (sitting.place, sitting.link) if each)),
        (_("Papers sent"), full_words(sitting.papers_sent_at) if sitting.papers_sent_at else ""),
        (_("Opened"), full_words(sitting.opened_at) if sitting.opened_at else ""),
        (_("Closed"), full_words(sitting.closed_at) if sitting.closed_at else ""),
    )
    return {
        "title": _("Minutes of the joint sitting of %(day)s", day=day),
        "sender": f"{region.name} {found.year}",
        "page_of": _("Page {page} of {pages}"),
        "head": [[name, value] for name, value in head if value],
        "sections": [
            _presence(session, sitting),
            _money(session, sitting),
            *_runs(session, sitting),
            _decisions(agenda),
            *_advice(session, sitting, agenda),
        ],
        "closing": _(
            "Agreement or disagreement that representatives put on record afterwards is kept with the sitting."
        ),
    }


def print_minutes(facts: dict[str, Any], made_at: datetime) -> tuple[dict[str, Any], bytes]:
    """Answer the minutes as a file, and what stands in it: a character that no font has is named by its number."""
    for _try in range(_MOST_SIGNS):
        try:
            return facts, make_pdf(
                TEMPLATE, facts, title=facts["title"], language=DEFAULT_LANGUAGE, made_at=made_at
            )
        except NotPrintable as error:
            text = orjson.dumps(facts).decode()
            for sign in error.signs:
                text = text.replace(sign, f"[U+{ord(sign):04X}]")
            facts = orjson.loads(text)
    raise NotPrintable("�")


def _presence(session: Session, sitting: Sitting) -> dict[str, Any]:
    present = present_at(session, sitting.id)
    deciding = sum(each.present_as == DECIDES for each in present)
    return _section(
        _("Who was there"),
        [
            _(
                "%(there)s who decide were there; at least %(quorum)s are needed.",
                there=deciding,
                quorum=sitting.quorum,
            )
        ],
        columns=[_("Name"), _("For whom"), _("As")],
        rows=[[each.name, each.body, str(PRESENT_AS[each.present_as])] for each in present],
    )


def _money(session: Session, sitting: Sitting) -> dict[str, Any]:
    money = money_of(session, sitting)
    return _section(
        _("The pot"),
        [
            _(
                "Free in the pot were %(free)s. Granted request by request: %(granted)s, by divisions as a whole: "
                "%(agreed)s. Left: %(left)s.",
                free=euro_words(money.free_cents),
                granted=euro_words(money.granted_cents),
                agreed=euro_words(money.agreed_cents),
                left=euro_words(money.left_cents),
            )
        ],
    )


def _runs(session: Session, sitting: Sitting) -> list[dict[str, Any]]:
    laid = [(each, run) for each, run in runs_of(session, sitting.id) if each.kind == "laid"]
    if not laid:
        return []
    rows = [
        [
            run.name,
            run.input_hash[:16],
            euro_words(run.awarded_cents),
            str(RUN_OUTCOMES.get(each.outcome or "", "")),
        ]
        for each, run in laid
    ]
    columns = [_("Division"), _("Mark of its input"), _("Awarded"), _("Decision")]
    return [_section(_("Divisions decided as a whole"), [], columns=columns, rows=rows)]


def _decisions(agenda: Sequence[AgendaLine]) -> dict[str, Any]:
    rows = [_decided_row(line) for line in agenda]
    return _section(
        _("Requests"),
        [] if rows else [_("There were no requests on the agenda.")],
        columns=[_("Group"), _("Requested"), _("Decision"), _("Granted"), _("Reason")],
        rows=rows,
    )


def _decided_row(line: AgendaLine) -> list[str]:
    asked = euro_words(line.request.requested_cents)
    if line.is_withdrawn:
        return [line.group.name, asked, _("withdrawn"), "–", ""]
    if line.decision is None:
        return [line.group.name, asked, _("adjourned"), "–", ""]
    why = str(REASON_WORDS[line.decision.reason])
    return [
        line.group.name,
        asked,
        str(OUTCOMES[line.decision.outcome]),
        euro_words(line.decision.cents) if line.decision.cents else "–",
        f"{why}. {line.decision.words}" if line.decision.words else why,
    ]


def _advice(session: Session, sitting: Sitting, agenda: Sequence[AgendaLine]) -> list[dict[str, Any]]:
    said = comments_of(session, sitting.id)
    names = names_of(session, {each.written_by for each in said if each.written_by is not None})
    groups = {line.request.id: line.group.name for line in agenda}
    rows = [
        [
            names.get(each.written_by or 0, _("an erased account")),
            groups.get(each.request_id or 0, _("the whole sitting")),
            ". ".join(word for word in (str(STANCES.get(each.stance or "", "")), each.text) if word),
        ]
        for each in said
    ]
    words = [] if rows else [_("The representatives of self-help had the papers and left no comment here.")]
    columns = [_("Name"), _("About"), _("Advice")]
    return [_section(_("Advice of the representatives of self-help"), words, columns=columns, rows=rows)]


def _section(
    heading: str, text: list[str], *, columns: list[str] | None = None, rows: list[list[str]] | None = None
) -> dict[str, Any]:
    return {"heading": heading, "text": text, "columns": columns or [], "rows": rows or []}
