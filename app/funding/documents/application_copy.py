"""A request on paper: a copy of what was submitted, frozen with it, and a form to be signed by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.funding.queries.projects import Project
from app.funding.rules import application as rules
from app.funding.rules import project as project_rules
from app.funding.words import applications as words
from app.funding.words import projects as project_words
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.money import euro_words
from app.shared.pdf import make_pdf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.funding.queries.applications import OpenRound
    from app.funding.rules.counted_costs import Cost

    Request = OpenRound | Project

TEMPLATE = "funding/letters/application.typ"
_NO_TABLE: dict[str, Any] = {"columns": [], "rows": []}
LANGUAGE = DEFAULT_LANGUAGE
"""What funding offices file is German, whatever language a group reads the pages in."""


def copy_facts(found: Request, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Answer what the copy of a request says that is being submitted; ``names`` are those of insurers it asks."""
    application = found.written
    with speaking(LANGUAGE):
        lead = [
            _(
                "Request %(number)s of “%(group)s” in %(region)s, received on %(day)s. It asks for %(sum)s.",
                number=application.number or "",
                group=found.group.name,
                region=found.region.name,
                day=date_words(application.received_on) if application.received_on else "",
                sum=euro_words(found.asked_cents),
            )
        ]
        signed = [
            _("%(name)s, on paper", name=each.name)
            if each.is_on_paper
            else _(
                "%(name)s, by a link of their own, on %(day)s", name=each.name, day=_signed_on(each.signed_at)
            )
            for each in found.signatures
        ]
        return _facts(found, names or {}, lead, signing=_("Signed by"), signed=signed)


def print_copy(found: Request) -> bytes | None:
    """Answer the copy of a request that was submitted, the same bytes each time; None where there is none.

    Raises:
        NotPrintable: no font has one of the characters.
    """
    row = found.row
    if row is None or row.copy is None or row.submitted_at is None:
        return None
    return make_pdf(TEMPLATE, row.copy, title=row.copy["title"], language=LANGUAGE, made_at=row.submitted_at)


def print_form(found: Request, names: Mapping[str, str] | None = None) -> bytes:
    """Answer what the request says now, with places for two signatures; the same bytes until it is changed.

    Raises:
        NotPrintable: no font has one of the characters.
    """
    with speaking(LANGUAGE):
        lead = [
            _(
                "“%(group)s” in %(region)s asks for %(sum)s. Please sign this form, both of you, and send it to your "
                "clearing house.",
                group=found.group.name,
                region=found.region.name,
                sum=euro_words(found.asked_cents),
            )
        ]
        places = [_("Place and day"), _("Signature"), _("First name and surname in capitals")]
        facts = _facts(found, names or {}, lead, signing=_("Two people sign"), to_sign=places)
    return make_pdf(TEMPLATE, facts, title=facts["title"], language=LANGUAGE, made_at=found.written.saved_at)


def print_text(text: str) -> None:
    """Afterwards it is known that a text can stand in a letter.

    Raises:
        NotPrintable: no font has one of the characters.
    """
    facts = {"page_of": "", "lead": [text], "parts": [], "signing": "–", "signed": [], "to_sign": []}
    make_pdf(TEMPLATE, facts, title="–", language=LANGUAGE, made_at=datetime(2027, 1, 1, tzinfo=UTC))


def _facts(
    found: Request,
    names: Mapping[str, str],
    lead: list[str],
    *,
    signing: str,
    signed: list[str] | None = None,
    to_sign: list[str] | None = None,
) -> dict[str, Any]:
    if isinstance(found, Project):
        title = _("Request for a project: %(title)s", title=found.title)
        parts = [_project_part(found, names, page) for page in found.PAGES]
    else:
        title = _("Request for a flat grant %(year)s", year=found.round.year)
        parts = [_part(found, page) for page in found.PAGES]
    return {
        "title": title,
        "sender": found.group.name,
        "page_of": _("Page {page} of {pages}"),
        "lead": lead,
        "parts": parts,
        "signing": signing,
        "signed": signed or [],
        "to_sign": to_sign or [],
    }


def _part(found: OpenRound, page: str) -> dict[str, Any]:
    said = (found.values(page) or {}).get("statements", ())
    return {
        "heading": str(words.PAGE_NAMES[page]),
        "rows": [list(pair) for pair in words.summary(found, page)],
        "table": _table(found) if page == rules.MONEY else _NO_TABLE,
        "items": [str(words.STATEMENTS[each]) for each in said],
    }


def _project_part(found: Project, names: Mapping[str, str], page: str) -> dict[str, Any]:
    said = (found.values(page) or {}).get("statements", ())
    return {
        "heading": str(project_words.PAGE_NAMES[page]),
        "rows": [list(pair) for pair in project_words.summary(found, page, names)],
        "table": _costs(found) if page == project_rules.MONEY else _NO_TABLE,
        "items": [str(project_words.STATEMENTS[each]) for each in said],
    }


def _costs(found: Project) -> dict[str, Any]:
    rows = [[_cost_words(each), euro_words(each.cents_each * each.pieces)] for each in found.plan.costs]
    given = (found.values(project_rules.MONEY) or {}).get("others", ())
    rows += [[str(words.OTHERS[each["kind"]]), euro_words(each["cents"])] for each in given]
    return {"columns": [_("What for, who gives"), _("Euros")], "rows": rows}


def _cost_words(cost: Cost) -> str:
    return str(words.COSTS[cost.kind]) + (f" ({cost.pieces} ×)" if cost.pieces > 1 else "")


def _table(found: OpenRound) -> dict[str, Any]:
    given = (found.values(rules.MONEY) or {}).get("others", ())
    costs = [
        [
            _cost_words(each.cost),
            euro_words(each.cost.cents_each * each.cost.pieces),
            words.counted_words(each),
        ]
        for each in found.plan.items
    ]
    others = [
        [str(words.OTHERS[each["kind"]]), euro_words(each["cents"]), _("pays a part")] for each in given
    ]
    return {"columns": [_("What for, who gives"), _("Euros"), _("Note")], "rows": costs + others}


def _signed_on(moment: datetime | None) -> str:
    return date_words(day_of(moment)) if moment else ""
