"""The mail with the way to the papers of a sitting: to its insurers, the funding office, the representatives."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import RoleGrant, User
from app.accounts.rules.permissions import FUNDING_OFFICE, INSURER_OFFICER, REPRESENTATIVE
from app.funding.queries.sittings import insurers_of, round_of
from app.groups.presentation import date_words
from app.groups.readers import Reader, write_to
from app.shared.mail_text import Button, Facts, Mail, Paragraph
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.models import FundingRegion, Sitting


def send_papers_mails(session: Session, sitting: Sitting, requests: int, *, now: datetime) -> int:
    """Queue the mail for everybody who reads the papers; answer how many there are."""
    found, region = round_of(session, sitting)
    readers = _readers(session, region, found.year)
    write_to(
        session,
        readers,
        lambda _reader: _mail(sitting, region.name, found.year, requests),
        purpose="sitting-papers",
        now=now,
        once=f"sitting:{sitting.id}:{int(now.timestamp())}",
    )
    return len(readers)


def _readers(session: Session, region: FundingRegion, year: int) -> list[Reader]:
    mine = sa.or_(
        (RoleGrant.role == INSURER_OFFICER) & RoleGrant.insurer_id.in_(insurers_of(session, region, year)),
        (RoleGrant.role == FUNDING_OFFICE) & (RoleGrant.region_id == region.id),
        RoleGrant.role == REPRESENTATIVE,
    )
    rows = session.execute(
        sa.select(User.id, User.email, User.language)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(mine, User.is_active)
        .distinct()
        .order_by(User.id)
    )
    return [Reader(f"user:{user_id}", email, language) for user_id, email, language in rows]


def _mail(sitting: Sitting, region: str, year: int, requests: int) -> Mail:
    day = date_words(sitting.held_on)
    where = ", ".join(each for each in (sitting.place, sitting.link) if each)
    rows = (
        (_("Day"), f"{day}, {sitting.begins}" if sitting.begins else day),
        (_("Where"), where),
        (_("On the agenda"), ngettext("%(num)s request", "%(num)s requests", requests)),
    )
    return Mail(
        _("Papers for the sitting of %(day)s: %(region)s %(year)s", day=day, region=region, year=year),
        (
            Paragraph(
                _(
                    "Hello, here is the way to the papers of the sitting: what groups ask for, and what speaks for and "
                    "against it. You sign in with your account. Representatives of self-help can comment until the "
                    "sitting is closed."
                )
            ),
            Facts(tuple((name, value) for name, value in rows if value)),
            Button(_("Read the papers"), whole_url(f"/funding/sittings/{sitting.id}")),
        ),
    )
