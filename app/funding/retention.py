"""What the funding package forgets, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    ApplicationSignature,
    DeadlineExtension,
    DirectNotice,
    FundingRegion,
    GrantApplication,
    GrantRound,
    InstitutionRequest,
    Notice,
    NoticeWay,
    PayeeAccount,
    Payment,
    PaymentBatch,
    ProjectRequest,
    Reclaim,
    ReclaimLetter,
    Sitting,
    UseProof,
)
from app.funding.queries.gone import IS_GONE
from app.funding.queries.regions import rules_in
from app.groups.models import Group
from app.shared.retention import Retention

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def forget_applications(session: Session, before: datetime) -> int:
    """Afterwards applications of funding years that had ended by then are gone; answer how many they were."""
    gone: Any = sa.delete(GrantApplication).where(
        GrantApplication.number.is_not(None),
        GrantApplication.round_id.in_(_kept_long_enough(session, before)),
    )
    return len(session.scalars(gone.returning(GrantApplication.id)).all())


def forget_unsent(session: Session, before: datetime) -> int:
    """Afterwards what was begun for years that had ended by then and never submitted is gone."""
    ended = sa.select(GrantRound.id).where(GrantRound.year < before.astimezone(UTC).year)
    gone: Any = sa.delete(GrantApplication).where(
        GrantApplication.number.is_(None), GrantApplication.round_id.in_(ended)
    )
    return len(session.scalars(gone.returning(GrantApplication.id)).all())


def forget_notices(session: Session, before: datetime) -> int:
    """Afterwards notices of funding years that had ended by then are gone; answer how many they were."""
    gone: Any = sa.delete(Notice).where(Notice.round_id.in_(_kept_long_enough(session, before)))
    return len(session.scalars(gone.returning(Notice.id)).all())


def forget_reclaim_letters(session: Session, before: datetime) -> int:
    """Afterwards letters about claims of funding years that had ended by then are gone; the claim itself stays."""
    ended = sa.select(GrantRound.id).where(GrantRound.year < before.astimezone(UTC).year)
    old = sa.select(Reclaim.id).where(Reclaim.round_id.in_(ended))
    gone: Any = sa.delete(ReclaimLetter).where(ReclaimLetter.reclaim_id.in_(old))
    return len(session.scalars(gone.returning(ReclaimLetter.reclaim_id)).all())


def forget_direct_notices(session: Session, before: datetime) -> int:
    """Afterwards notices about projects, houses and organisations of years that had ended by then are gone."""
    gone: Any = sa.delete(DirectNotice).where(DirectNotice.year < before.astimezone(UTC).year)
    return len(session.scalars(gone.returning(DirectNotice.id)).all())


def forget_ways(session: Session, before: datetime) -> int:
    """Afterwards what was said about notices before then is gone where something newer holds, or the group is gone."""
    later = sa.orm.aliased(NoticeWay)
    columns = (NoticeWay.group_id, NoticeWay.clearinghouse_id, NoticeWay.organisation_id)
    is_same = sa.or_(*(getattr(later, column.key) == column for column in columns))
    is_over = sa.exists().where(is_same, later.id > NoticeWay.id, later.said_at < before)
    is_gone = NoticeWay.group_id.in_(sa.select(Group.id).where(IS_GONE))
    gone: Any = sa.delete(NoticeWay).where(NoticeWay.said_at < before, sa.or_(is_over, is_gone))
    return len(session.scalars(gone.returning(NoticeWay.id)).all())


def forget_projects(session: Session, before: datetime) -> int:
    """Afterwards projects that had ended by then are gone, with all that was said and decided; answer how many."""
    ended = ProjectRequest.ends_on < before.astimezone(UTC).date()
    gone: Any = sa.delete(ProjectRequest).where(ProjectRequest.number.is_not(None), ended)
    return len(session.scalars(gone.returning(ProjectRequest.id)).all())


def forget_project_drafts(session: Session, before: datetime) -> int:
    """Afterwards what was last written before then and never submitted is gone; answer how many projects it were."""
    gone: Any = sa.delete(ProjectRequest).where(
        ProjectRequest.number.is_(None), ProjectRequest.saved_at < before
    )
    return len(session.scalars(gone.returning(ProjectRequest.id)).all())


def forget_sittings(session: Session, before: datetime) -> int:
    """Afterwards sittings of funding years that had ended by then are gone, with all that was decided and said."""
    ended = sa.select(GrantRound.id).where(GrantRound.year < before.astimezone(UTC).year)
    gone: Any = sa.delete(Sitting).where(Sitting.round_id.in_(ended))
    return len(session.scalars(gone.returning(Sitting.id)).all())


def forget_proofs(session: Session, before: datetime) -> int:
    """Afterwards proofs of use of funding years that had ended by then are gone; answer how many they were."""
    ended = sa.select(GrantRound.id).where(GrantRound.year < before.astimezone(UTC).year)
    gone: Any = sa.delete(UseProof).where(UseProof.round_id.in_(ended))
    return len(session.scalars(gone.returning(UseProof.id)).all())


def forget_accounts(session: Session, before: datetime) -> int:
    """Afterwards payments of batches made before then no longer say to which account; answer how many these are."""
    old = sa.select(PaymentBatch.id).where(PaymentBatch.made_at < before)
    gone: Any = sa.update(Payment).where(Payment.batch_id.in_(old), Payment.iban != "")
    return len(session.scalars(gone.values(iban="", holder="").returning(Payment.id)).all())


def forget_entered_accounts(session: Session, before: datetime) -> int:
    """Afterwards accounts of groups that were entered before then are gone; answer how many they were."""
    gone: Any = sa.delete(PayeeAccount).where(PayeeAccount.entered_at < before)
    return len(session.scalars(gone.returning(PayeeAccount.id)).all())


def forget_signers(session: Session, before: datetime) -> int:
    """Afterwards signatures that were asked for before then no longer say by which address; answer how many."""
    gone: Any = sa.update(ApplicationSignature).where(
        ApplicationSignature.asked_at < before, ApplicationSignature.email != ""
    )
    return len(session.scalars(gone.values(email="").returning(ApplicationSignature.id)).all())


def forget_extensions(session: Session, before: datetime) -> int:
    """Afterwards later last days of funding years that had ended by then are gone; answer how many they were."""
    ended = sa.select(GrantRound.id).where(GrantRound.year < before.astimezone(UTC).year)
    gone: Any = sa.delete(DeadlineExtension).where(DeadlineExtension.round_id.in_(ended))
    return len(session.scalars(gone.returning(DeadlineExtension.id)).all())


def forget_institutions(session: Session, before: datetime) -> int:
    """Afterwards requests of houses and organisations for years that had ended by then are gone, with their proofs."""
    gone: Any = sa.delete(InstitutionRequest).where(InstitutionRequest.year < before.astimezone(UTC).year)
    return len(session.scalars(gone.returning(InstitutionRequest.id)).all())


def _kept_long_enough(session: Session, before: datetime) -> list[int]:
    """Answer the rounds whose files are old enough, given the years for which their region keeps them."""
    year = before.astimezone(UTC).year + KEEP_YEARS
    regions = session.scalars(sa.select(FundingRegion)).all()
    oldest = {region.id: year - rules_in(session, region).keep_years for region in regions}
    rounds = session.execute(sa.select(GrantRound.id, GrantRound.region_id, GrantRound.year))
    return [number for number, region_id, of_year in rounds if of_year < oldest[region_id]]


KEEP_YEARS = 6
"""So long files are kept where a region does not say otherwise; the job below counts from it."""
RULES = (
    Retention(
        "institution-requests",
        "institution_request",
        "requests and proofs of clearing houses and organisations, counted from the end of the funding year",
        6 * 365 + 2,
        forget_institutions,
    ),
    Retention(
        "grant-notices",
        "notice",
        "notices with their letters, counted from the end of the funding year; regions may set 5 to 12 years",
        KEEP_YEARS * 365 + 2,
        forget_notices,
    ),
    Retention(
        "direct-notices",
        "direct_notice",
        "notices about projects, houses and organisations, counted from the end of the year",
        6 * 365 + 2,
        forget_direct_notices,
    ),
    Retention(
        "notice-ways",
        "notice_way",
        "how notices reach whoever they are for, with the consent, counted from when something else was said",
        6 * 365 + 2,
        forget_ways,
    ),
    Retention(
        "grant-sittings",
        "sitting",
        "joint sittings with decisions, advice and minutes, counted from the end of the funding year",
        6 * 365 + 2,
        forget_sittings,
    ),
    Retention(
        "grant-applications",
        "grant_application",
        "submitted applications, with signatures and papers, counted from the end of the funding year; "
        "regions may set 5 to 12 years",
        KEEP_YEARS * 365 + 2,
        forget_applications,
    ),
    Retention(
        "projects",
        "project_request",
        "submitted projects with the shares of insurers and what was said, counted from the end of the project",
        6 * 365 + 2,
        forget_projects,
    ),
    Retention(
        "unsent-projects",
        "project_request",
        "projects that were never submitted, counted from the day they were last written to",
        365,
        forget_project_drafts,
    ),
    Retention(
        "unsent-applications",
        "grant_application",
        "applications that were never submitted, counted from the end of the funding year",
        90,
        forget_unsent,
    ),
    Retention(
        "signer-addresses",
        "application_signature",
        "addresses of those who signed, counted from the day on which they were asked; names stay with the application",
        365,
        forget_signers,
    ),
    Retention(
        "deadline-extensions",
        "deadline_extension",
        "later last days for single groups with their reasons, counted from the end of the funding year",
        6 * 365 + 2,
        forget_extensions,
    ),
    Retention(
        "reclaim-letters",
        "reclaim_letter",
        "letters by which money is claimed back, counted from the end of the funding year",
        6 * 365 + 2,
        forget_reclaim_letters,
    ),
    Retention(
        "use-proofs",
        "use_proof",
        "proofs of use with expenses and receipts, counted from the end of the funding year",
        6 * 365 + 2,
        forget_proofs,
    ),
    Retention(
        "payment-accounts",
        "payment",
        "holder and number of the account of payments, counted from the day of the batch; the sum stays",
        10 * 365 + 3,
        forget_accounts,
    ),
    Retention(
        "payee-accounts",
        "payee_account",
        "accounts of groups that the office entered or confirmed, counted from that day",
        10 * 365 + 3,
        forget_entered_accounts,
    ),
)
