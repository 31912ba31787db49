"""Mails about projects: to the contacts of the group, and to the officers of the insurers it asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import RoleGrant, User
from app.accounts.rules.permissions import INSURER_OFFICER
from app.funding.queries.projects import Project, ShareOf
from app.funding.rules.proof import LATE, ON_DAY, SOON
from app.funding.words.projects import OUTCOMES, VERDICTS
from app.groups.presentation import date_words
from app.groups.readers import Reader, readers_who_sign_in, write_to
from app.shared.mail_text import Button, Facts, Mail, Paragraph, SmallPrint
from app.shared.money import euro_words
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.reminders import ProjectDue


def mail_waiting(session: Session, found: Project, *, now: datetime) -> None:
    """Afterwards the officers of those that are asked know of the project."""
    for share in found.shares:
        _to_officers(session, share, partial(_waiting, found, share), "project-waiting", now=now)


def mail_question(session: Session, found: Project, insurer_name: str, *, now: datetime) -> None:
    """Afterwards the group knows that an insurer has asked; what it asked stands on the group's page."""

    def asked(_reader: Reader) -> Mail:
        text = _(
            "Hello, %(insurer)s has a question about your project %(number)s. Please read and answer it on its page.",
            insurer=insurer_name,
            number=found.project.number,
        )
        title = _("A question about project %(number)s", number=found.project.number)
        return Mail(title, (Paragraph(text), _to_group(found)))

    _to_contacts(session, found, asked, purpose="project-asked", now=now)


def mail_answer(session: Session, found: Project, share: ShareOf, *, now: datetime) -> None:
    """Afterwards the officers of an insurer know that the group has answered."""

    def answered(_reader: Reader) -> Mail:
        text = _(
            "Hello, the group has answered your question about project %(number)s.",
            number=found.project.number,
        )
        title = _("Answered: project %(number)s", number=found.project.number)
        return Mail(title, (Paragraph(text), _to_share(share)))

    _to_officers(session, share, answered, "project-answered", now=now)


def mail_gap(session: Session, found: Project, *, now: datetime) -> None:
    """Afterwards the group knows that somebody has declined and that it has to say how the rest is paid."""
    missing = euro_words(found.plan.asked_cents - found.granted_cents)

    def gap(_reader: Reader) -> Mail:
        text = _(
            "Hello, all have decided about your project %(number)s, but %(missing)s are missing. "
            "Nothing is promised yet. You can change the plan, for instance ask for less or somebody else; those who "
            "agreed then confirm it. Or you withdraw it.",
            number=found.project.number,
            missing=missing,
        )
        title = _("Money is missing: project %(number)s", number=found.project.number)
        return Mail(title, (Paragraph(text), Facts(_verdicts(found)), _to_group(found)))

    _to_contacts(session, found, gap, purpose="project-gap", now=now)


def mail_decided(session: Session, found: Project, *, now: datetime) -> None:
    """Afterwards the group knows how its project was decided, share by share."""

    def decided(_reader: Reader) -> Mail:
        text = _(
            "Hello, your project %(number)s is decided: %(outcome)s, %(sum)s in all.",
            number=found.project.number,
            outcome=OUTCOMES[found.outcome],
            sum=euro_words(found.granted_cents),
        )
        title = _("Decided: project %(number)s", number=found.project.number)
        return Mail(title, (Paragraph(text), Facts(_verdicts(found)), _to_group(found)))

    _to_contacts(session, found, decided, purpose="project-decided", now=now)


def mail_proof_waiting(session: Session, found: Project, share: ShareOf, *, now: datetime) -> None:
    """Afterwards the officers of an insurer know that the group has handed in its proof of use."""

    def waiting(_reader: Reader) -> Mail:
        text = _(
            "Hello, “%(group)s” has handed in its proof of use for project %(number)s. You give the most, so please "
            "check it.",
            group=found.group.name,
            number=found.project.number,
        )
        title = _("Proof of use: project %(number)s", number=found.project.number)
        return Mail(title, (Paragraph(text), _to_share(share)))

    _to_officers(session, share, waiting, "project-proof-waiting", now=now)


def mail_proof_question(session: Session, found: Project, insurer_name: str, *, now: datetime) -> None:
    """Afterwards the group knows that there is a question about its proof; it stands on the group's page."""

    def asked(_reader: Reader) -> Mail:
        text = _(
            "Hello, %(insurer)s has a question about your proof of use for project %(number)s. Please read it on the "
            "page of the project, and hand in the proof again.",
            insurer=insurer_name,
            number=found.project.number,
        )
        title = _("A question about the proof of project %(number)s", number=found.project.number)
        return Mail(title, (Paragraph(text), _to_group(found)))

    _to_contacts(session, found, asked, purpose="project-proof-asked", now=now)


def unfinished_mail(due: ProjectDue) -> Mail:
    """Answer the reminder that a project was begun and is not submitted."""
    text = _(
        "Hello, your group has begun a request for the project “%(title)s” and not finished it. It counts once two "
        "people have signed it; the last day is %(day)s.",
        title=due.called or _("New project"),
        day=date_words(due.last_day),
    )
    title = _("Not sent yet: a project of “%(group)s”", group=due.name)
    return Mail(title, (Paragraph(text), _to_project(due.slug, due.project_id, _("Go on"))))


def proof_due_mail(due: ProjectDue) -> Mail:
    """Answer the reminder that the proof of a project is due soon, today, or missing."""
    day = date_words(due.last_day)
    titles = {
        SOON: _("Until %(day)s: proof of use for project %(number)s", day=day, number=due.called),
        ON_DAY: _("Today is the last day: proof of use for project %(number)s", number=due.called),
        LATE: _("Missing: the proof of use for project %(number)s", number=due.called),
    }
    text = _(
        "Hello, insurers gave “%(group)s” money for project %(number)s. Please tell them what it was used for; the "
        "last day is %(day)s.",
        group=due.name,
        number=due.called,
        day=day,
    )
    small = SmallPrint(_("As long as it is missing, insurers see that when you ask for a new project."))
    way = _to_project(due.slug, due.project_id, _("Write the proof"))
    return Mail(titles[due.kind], (Paragraph(text), way, small))


def _to_project(slug: str, project_id: int, words: str) -> Button:
    return Button(words, whole_url(f"/accounts/groups/{slug}/projects/{project_id}"))


def _waiting(found: Project, share: ShareOf, _reader: Reader) -> Mail:
    number, version = found.project.number, found.project.version
    text = _(
        "Hello, “%(group)s” asks you for %(sum)s for a project. Please read it and decide about your share.",
        group=found.group.name,
        sum=euro_words(share.row.asked_cents),
    )
    if version > 1:
        text = _(
            "Hello, “%(group)s” has changed its project and asks you for %(sum)s now. What was decided before holds no "
            "more; please read the new version and decide again.",
            group=found.group.name,
            sum=euro_words(share.row.asked_cents),
        )
    title = _("Project %(number)s waits for you", number=number)
    return Mail(title, (Paragraph(text), _to_share(share)))


def _verdicts(found: Project) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.insurer.name, f"{VERDICTS[each.row.verdict]}: {euro_words(each.row.cents or 0)}")
        for each in found.shares
    )


def _to_group(found: Project) -> Button:
    return _to_project(found.group.slug, found.project.id, _("To the project"))


def _to_share(share: ShareOf) -> Button:
    return Button(_("To the project"), whole_url(f"/funding/projects/shares/{share.row.id}"))


def _to_contacts(
    session: Session, found: Project, write: Callable[[Reader], Mail], *, purpose: str, now: datetime
) -> None:
    write_to(session, readers_who_sign_in(session, found.group.id), write, purpose=purpose, now=now)


def _to_officers(
    session: Session, share: ShareOf, write: Callable[[Reader], Mail], purpose: str, *, now: datetime
) -> None:
    rows = session.execute(
        sa.select(User.id, User.email, User.language)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.insurer_id == share.insurer.id, RoleGrant.role == INSURER_OFFICER, User.is_active)
        .order_by(User.id)
    )
    readers = [Reader(f"user:{number}", email, language) for number, email, language in rows]
    write_to(session, readers, write, purpose=purpose, now=now)
