"""Insurers decide about their shares of a project; with the last one everything agreed is promised, or nothing is.

A project is decided by one after the other: each holds its row. What is agreed is posted in one act, whose lines the
ledger locks in one order, so two projects that share insurers cannot wait for each other (docs/adr/0024).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.mails.projects import mail_decided, mail_gap
from app.funding.models import ProjectShare
from app.funding.queries.project_terms import free_for_projects, payers_in, project_pot
from app.funding.queries.projects import Project, ShareOf
from app.funding.rules import project as rules
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.postings import Because, commit
from app.funding.services.conflicts import refuse_conflicted
from app.funding.services.ledger import post
from app.funding.services.projects import add_act, hold_project, note_of_project
from app.funding.words.projects import VERDICTS
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared.errors import BadInput, RuleBroken
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_REASON = 2_000
_STATES = (rules.SUBMITTED, rules.GAP)


def decide(
    session: Session,
    share_id: int,
    verdict: str,
    *,
    cents: int | None = None,
    reason: str = "",
    seen: int,
    by: int,
    now: datetime,
) -> str:
    """Afterwards an insurer has decided; answers what follows: ``OPEN`` while others still have to decide.

    ``cents`` is what it gives when that is a part, ``seen`` the version that whoever decides has read.

    Raises:
        BadInput: no verdict, sum or reason that can be.
        RuleBroken: decided already, another version, not enough money, or whoever decides is too close to the group.
    """
    found, mine = hold_share(session, share_id)
    refuse_conflicted(session, by, [found.group.id], now=now)
    _check_state(found, seen)
    given = _given(mine.row, verdict, cents, reason)
    if mine.row.verdict != rules.OPEN:
        raise _decided_already(mine)
    _check_budget(session, found, {mine.key: given})
    changed: Any = session.execute(
        sa.update(ProjectShare)
        .where(ProjectShare.id == share_id, ProjectShare.verdict == rules.OPEN, ProjectShare.version == seen)
        .values(verdict=verdict, cents=given, reason=reason.strip(), decided_by=by, decided_at=now)
    )
    if changed.rowcount != 1:
        raise _decided_already(hold_share(session, share_id)[1])
    row, insurer = found.project, mine.insurer.id
    add_act(session, row, verdict, by=by, now=now, insurer_id=insurer, cents=given, text=reason.strip())
    note_of_project(session, "project.share_decided", row, now=now, insurer_id=insurer, verdict=verdict)
    session.flush()
    return _settle(session, share_id, now=now)


def take_back(session: Session, share_id: int, *, seen: int, by: int, now: datetime) -> None:
    """Afterwards an insurer has not decided about its share, as long as nothing is posted.

    Raises:
        RuleBroken: the project is decided, is being changed, or whoever does it is too close to the group.
    """
    found, mine = hold_share(session, share_id)
    refuse_conflicted(session, by, [found.group.id], now=now)
    _check_state(found, seen)
    if mine.row.verdict == rules.OPEN:
        return
    row, share = found.project, mine.row
    share.verdict, share.reason = rules.OPEN, ""
    share.cents = share.decided_by = share.decided_at = None
    row.state = rules.SUBMITTED
    add_act(session, row, "taken_back", by=by, now=now, insurer_id=mine.insurer.id)
    note_of_project(session, "project.share_taken_back", row, now=now, insurer_id=mine.insurer.id)
    session.flush()


def hold_share(session: Session, share_id: int) -> tuple[Project, ShareOf]:
    """Answer a share and its project, kept from others until the transaction ends.

    Raises:
        RuleBroken: it is there no more, as the group asks somebody else now.
    """
    project_id = session.scalar(sa.select(ProjectShare.project_id).where(ProjectShare.id == share_id))
    found = hold_project(session, project_id) if project_id is not None else None
    mine = next((each for each in found.shares if each.row.id == share_id), None) if found else None
    if found is None or mine is None:
        raise RuleBroken(_("The group has changed its project and no longer asks for this."), code="removed")
    return found, mine


def _settle(session: Session, share_id: int, *, now: datetime) -> str:
    """Promise what is agreed when everybody has decided; or let the group say how the rest is paid."""
    found, _mine = hold_share(session, share_id)
    row, ended = found.project, found.outcome
    if ended == rules.OPEN:
        return ended
    if ended == rules.GAP:
        row.state = rules.GAP
        add_act(session, row, "gap", by=None, now=now, cents=found.plan.asked_cents - found.granted_cents)
        note_of_project(session, "project.gap", row, now=now)
        mail_gap(session, found, now=now)
        session.flush()
        return ended
    if ended != rules.REJECTED:
        _promise(session, found, now=now)
    row.state, row.decided_at = rules.DECIDED, now
    add_act(session, row, "decided", by=None, now=now, cents=found.granted_cents)
    note_of_project(session, "project.decided", row, now=now, outcome=ended)
    session.flush()
    mail_decided(session, found, now=now)
    return ended


def _promise(session: Session, found: Project, *, now: datetime) -> None:
    """Post all shares as one act, each from its insurer's own pot; a pool's from those of its members."""
    row, state = found.project, found.region.state_ags
    year = row.year or day_of(now).year
    shares = [each for each in found.shares if each.row.cents]
    _check_budget(session, found, {each.key: each.row.cents or 0 for each in shares})
    postings = []
    for each in shares:
        each.row.parts = _parts(session, found, each, year)
        for insurer, cents in each.row.parts.items():
            because = Because(
                f"project/{row.id}/{row.version}/{each.row.id}/{insurer}", "project", {"project": row.id}
            )
            postings.append(commit(project_pot(insurer, state, year), a_group(row.group_id), cents, because))
    try:
        post(session, postings, now=now)
    except RuleBroken as error:
        if error.code != "not_enough":
            raise
        raise RuleBroken(_nothing_posted(error.message), code="over_budget") from error


def _parts(session: Session, found: Project, share: ShareOf, year: int) -> dict[str, int]:
    cents = share.row.cents or 0
    if not share.row.is_pool:
        return {share.insurer.slug: cents}
    members = _members(session, found)
    free = free_for_projects(session, year, found.region.state_ags, members)
    seed = f"project/{found.project.id}/{found.project.version}"
    parts = rules.draw_from_pool(cents, free, seed=seed)
    if parts is None:  # somebody else has taken it since it was looked at
        raise RuleBroken(
            _nothing_posted(_("The joint money for projects does not reach any more.")), code="over_budget"
        )
    return parts


def _members(session: Session, found: Project) -> tuple[str, ...]:
    pool = payers_in(session, found.region).get(rules.POOL)
    return pool.members if pool else ()


def _check_budget(session: Session, found: Project, wanted: dict[str, int]) -> None:
    """Say what is missing before the database does: it names one account, this the insurer and who has agreed.

    Raises:
        RuleBroken: somebody has less left for projects than it gives.
    """
    year = found.project.year or 0
    sentences = []
    for share in (each for each in found.shares if each.key in wanted):
        cents = wanted[share.key]
        insurers = _members(session, found) if share.row.is_pool else (share.insurer.slug,)
        free = sum(free_for_projects(session, year, found.region.state_ags, insurers).values())
        if cents > free:
            sentences.append(_short(share, cents, free, year))
    if sentences:
        raise RuleBroken(_nothing_posted(" ".join(sentences)), code="over_budget")


def _short(share: ShareOf, cents: int, free: int, year: int) -> str:
    said = {"insurer": share.insurer.name, "year": year, "free": euro_words(free), "cents": euro_words(cents)}
    if share.row.decided_at is None:
        return _(
            "%(insurer)s has %(free)s left for projects of %(year)s in this Land, %(cents)s are wanted.",
            **said,
        )
    return _(
        "%(insurer)s has %(free)s left for projects of %(year)s in this Land; %(cents)s were agreed by %(name)s on "
        "%(day)s.",
        name=share.decider or _("somebody who has left"),
        day=date_words(day_of(share.row.decided_at)),
        **said,
    )


def _nothing_posted(sentence: str) -> str:
    nothing = _("Nothing was promised, and your decision is not stored.")
    return f"{sentence} {nothing}"


def _given(row: ProjectShare, verdict: str, cents: int | None, reason: str) -> int:
    """Answer what an insurer gives by its verdict.

    Raises:
        BadInput: it cannot be.
    """
    if verdict not in (rules.AGREED, rules.PART, rules.DECLINED):
        raise BadInput(_("Please choose what you decide."), field="verdict")
    if verdict != rules.AGREED and not reason.strip():
        raise BadInput(_("Please say why; the group reads it."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise BadInput(_("Please use at most 2,000 characters."), field="reason")
    if verdict == rules.PART and not 0 < (cents or 0) < row.asked_cents:
        raise BadInput(
            _("A part is more than nothing and less than %(asked)s.", asked=euro_words(row.asked_cents)),
            field="cents",
        )
    return {rules.AGREED: row.asked_cents, rules.PART: cents or 0, rules.DECLINED: 0}[verdict]


def _check_state(found: Project, seen: int) -> None:
    row = found.project
    if row.state == rules.CHANGING:
        raise RuleBroken(
            _(
                "The group is changing its project since %(day)s. You get a mail when it is submitted again.",
                day=_day(found),
            ),
            code="changing",
        )
    if row.state == rules.DECIDED:
        given, day = euro_words(found.granted_cents), _day(found, rules.DECIDED)
        raise RuleBroken(
            _("This project was decided on %(day)s: %(given)s are promised.", day=day, given=given),
            code="decided_already",
        )
    if row.state not in _STATES:
        raise RuleBroken(
            _("The group has withdrawn its project on %(day)s.", day=_day(found)), code="withdrawn"
        )
    if row.version != seen:
        raise RuleBroken(
            _(
                "You have read version %(seen)s. On %(day)s the group has submitted version %(version)s; please read "
                "it before you decide.",
                seen=seen,
                version=row.version,
                day=_day(found, "submitted"),
            ),
            code="outdated",
        )


def _day(found: Project, act: str = "") -> str:
    """Answer when something was done last."""
    acts = [each.at for each in found.acts if act in ("", each.act)]
    return date_words(day_of(acts[-1])) if acts else ""


def _decided_already(mine: ShareOf) -> RuleBroken:
    row = mine.row
    return RuleBroken(
        _(
            "%(name)s has decided about this share on %(day)s: %(verdict)s, %(cents)s. Nothing has changed.",
            name=mine.decider or _("somebody who has left"),
            day=date_words(day_of(row.decided_at)) if row.decided_at else "",
            verdict=VERDICTS[row.verdict],
            cents=euro_words(row.cents or 0),
        ),
        code="decided_already",
    )
