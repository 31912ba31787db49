"""The tables of funding."""

from __future__ import annotations

from app.funding.models.applications import (
    ApplicationPaper,
    ApplicationSignature,
    GrantApplication,
    RegionSettings,
)
from app.funding.models.checks import (
    ApplicationCheck,
    ChangeExtension,
    ChangeRequest,
    DeadlineExtension,
)
from app.funding.models.conflicts import ConflictOfInterest
from app.funding.models.direct_notices import DirectNotice, DirectNoticeAct
from app.funding.models.institutions import InstitutionAct, InstitutionProof, InstitutionRequest
from app.funding.models.ledger import Budget, Insurer, LedgerAccount, LedgerEntry, LedgerLine
from app.funding.models.levy import (
    ContributionCall,
    FlatShare,
    FundingYear,
    InsuredCount,
    LevelShares,
    LevyRate,
)
from app.funding.models.limits import ReleaseLimit
from app.funding.models.notice_ways import NoticeWay
from app.funding.models.notices import (
    HeldNotice,
    Notice,
    NoticeAct,
    NoticeObjection,
    NoticeOffice,
    NoticeOrder,
)
from app.funding.models.overview import DeadlineFeed, ReminderStop
from app.funding.models.payments import BankLine, PayeeAccount, Payment, PaymentBatch, RegionAccount
from app.funding.models.projects import (
    InsurerProjectTerms,
    ProjectAct,
    ProjectProof,
    ProjectRequest,
    ProjectShare,
)
from app.funding.models.proofs import UseProof, UseProofAct, UseProofItem, UseProofReceipt
from app.funding.models.reclaims import (
    Reclaim,
    ReclaimInstalment,
    ReclaimInterest,
    ReclaimLetter,
    ReclaimPlan,
    ReclaimWaiver,
)
from app.funding.models.regions import FundingRegion, FundingRegionDistrict, Organisation
from app.funding.models.rounds import (
    AllocationAct,
    AllocationInput,
    AllocationLine,
    AllocationRun,
    GrantRequest,
    GrantRound,
)
from app.funding.models.sittings import (
    Sitting,
    SittingComment,
    SittingDecision,
    SittingItem,
    SittingMinutes,
    SittingPresence,
    SittingRun,
)

__all__ = [
    "AllocationAct",
    "AllocationInput",
    "AllocationLine",
    "AllocationRun",
    "ApplicationCheck",
    "ApplicationPaper",
    "ApplicationSignature",
    "BankLine",
    "Budget",
    "ChangeExtension",
    "ChangeRequest",
    "ConflictOfInterest",
    "ContributionCall",
    "DeadlineExtension",
    "DeadlineFeed",
    "DirectNotice",
    "DirectNoticeAct",
    "FlatShare",
    "FundingRegion",
    "FundingRegionDistrict",
    "FundingYear",
    "GrantApplication",
    "GrantRequest",
    "GrantRound",
    "HeldNotice",
    "InstitutionAct",
    "InstitutionProof",
    "InstitutionRequest",
    "InsuredCount",
    "Insurer",
    "InsurerProjectTerms",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerLine",
    "LevelShares",
    "LevyRate",
    "Notice",
    "NoticeAct",
    "NoticeObjection",
    "NoticeOffice",
    "NoticeOrder",
    "NoticeWay",
    "Organisation",
    "PayeeAccount",
    "Payment",
    "PaymentBatch",
    "ProjectAct",
    "ProjectProof",
    "ProjectRequest",
    "ProjectShare",
    "Reclaim",
    "ReclaimInstalment",
    "ReclaimInterest",
    "ReclaimLetter",
    "ReclaimPlan",
    "ReclaimWaiver",
    "RegionAccount",
    "RegionSettings",
    "ReleaseLimit",
    "ReminderStop",
    "Sitting",
    "SittingComment",
    "SittingDecision",
    "SittingItem",
    "SittingMinutes",
    "SittingPresence",
    "SittingRun",
    "UseProof",
    "UseProofAct",
    "UseProofItem",
    "UseProofReceipt",
]
