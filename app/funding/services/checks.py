"""Checking applications: content and arithmetic by two people, each for the version that they saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import ApplicationCheck, GrantApplication
from app.funding.queries.checks import UnderCheck, read_under_check
from app.funding.queries.conflicts import name_of
from app.funding.queries.outcomes import award_of
from app.funding.rules import checks as rules
from app.funding.rules.application import SUBMITTED
from app.funding.services.conflicts import refuse_conflicted
from app.funding.services.submitting import note_of_application
from app.funding.words.checks import KINDS, RESULTS
from app.groups.listings.labels import when_words
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody found who checked: of which kind, in which words, and what their page said.

    ``seen`` is the version, ``number`` how many checks of the kind there were of it.
    """

    kind: str
    is_ok: bool
    words: str
    seen: str
    number: int


def store_check(session: Session, application_id: int, finding: Finding, *, by: int, now: datetime) -> None:
    """Afterwards it is written that somebody has checked what they saw, and what they found.

    Raises:
        RuleBroken: it was changed, or checked by somebody else, since then; they did the other check; they are too
            close to the group; or an objection has no words.
    """
    kind, words = finding.kind, _checked_words(finding)
    under = hold_for_check(session, application_id, seen=finding.seen, by=by, now=now)
    if under.number(kind) != finding.number:
        raise _done_by_others(session, under, kind)
    _check_second_person(under, kind, by)
    row = ApplicationCheck(
        application_id=application_id,
        group_id=under.application.group_id,
        seen=finding.seen,
        kind=kind,
        number=finding.number + 1,
        is_ok=finding.is_ok,
        words=words,
        checked_by=by,
        checked_at=now,
    )
    session.add(row)
    session.flush()
    result = "ok" if finding.is_ok else "objection"
    note_of_application(session, "application.checked", under.found, now=now, check=kind, result=result)


def hold_for_check(session: Session, application_id: int, *, seen: str, by: int, now: datetime) -> UnderCheck:
    """Answer a submitted application as it is, kept from others until the transaction ends.

    Raises:
        RuleBroken: it is not what was ``seen``, is not submitted, money was granted, or they are too close to it.
    """
    session.scalar(
        sa.select(GrantApplication.id).where(GrantApplication.id == application_id).with_for_update()
    )
    under = read_under_check(session, application_id)
    if under is None:
        raise RuleBroken(_("This request is gone. Nothing has changed."), code="is_gone")
    refuse_conflicted(session, by, [under.application.group_id], now=now)
    if under.application.state != SUBMITTED:
        raise RuleBroken(
            _("The group has withdrawn this request or is changing it. Nothing was stored."),
            code="is_not_submitted",
        )
    if award_of(session, under.application.group_id, under.application.round_id) is not None:
        raise RuleBroken(_("Money has been divided already. Nothing was stored."), code="granted_already")
    if under.seen != seen:
        raise RuleBroken(
            _(
                "This request was changed on %(moment)s, after you had opened it. Please look at it once more; nothing "
                "was stored.",
                moment=when_words(_changed_at(under)),
            ),
            code="outdated",
        )
    return under


def _done_by_others(session: Session, under: UnderCheck, kind: str) -> RuleBroken:
    """Answer what somebody is told who was not the first: who did it, when, and how it ended."""
    latest = under.latest.get(kind)
    if latest is None:
        return RuleBroken(_("Somebody else did something here in the same moment. Please look again."))
    return RuleBroken(
        _(
            "%(name)s checked this on %(moment)s: %(result)s. Nothing of yours was stored.",
            name=name_of(session, latest.checked_by) or _("Somebody else"),
            moment=when_words(latest.checked_at),
            result=str(RESULTS[latest.is_ok]),
        ),
        code="checked_already",
    )


def _changed_at(under: UnderCheck) -> datetime:
    moments = [under.application.saved_at, under.application.submitted_at]
    moments += [under.request.updated_at] if under.request else []
    return max(each for each in moments if each is not None)


def _checked_words(finding: Finding) -> str:
    if finding.kind not in rules.KINDS:
        raise ValueError(f"There is no check {finding.kind!r}.")
    words = finding.words.strip()
    if not finding.is_ok and not words:
        raise RuleBroken(_("Please say what is wrong."), code="no_words", field="words")
    if len(words) > rules.MOST_WORDS:
        raise RuleBroken(_("This is too much text. Please shorten it."), code="no_words", field="words")
    return words


def _check_second_person(under: UnderCheck, kind: str, by: int) -> None:
    other = next(
        (each for each in under.latest.values() if each.kind != kind and each.checked_by == by), None
    )
    if other is not None:
        raise RuleBroken(
            _(
                "You did the other check (%(kind)s) of this version on %(moment)s. Two people check a request.",
                kind=str(KINDS[other.kind]),
                moment=when_words(other.checked_at),
            ),
            code="same_person",
        )
