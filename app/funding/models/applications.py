"""What groups write to apply for a flat grant; who signed that or a project, what came with it; regions' rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model

_BASIS = "Art. 6(1)(e) and 9(2)(h) GDPR, § 20h SGB V, § 67a SGB X"
_KEPT = "six years after the end of funding"


class RegionSettings(Model):
    """The rules of a region as its funding office has set them (``rules/region_rules.py``); else its Land's hold."""

    __tablename__ = "region_settings"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    region_id: Mapped[int] = mapped_column(
        sa.ForeignKey("funding_region.id"), primary_key=True, autoincrement=False
    )
    rules: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class GrantApplication(Model):
    """What a group writes in a round. Once it is submitted it has a number, and a ``GrantRequest`` that is divided by.

    ``answers`` hold for each page what was typed and, when it is right, what it means (``typed``, ``values``).
    ``assessment`` is what spoke for and against it on the day it came. ``account_mark`` tells the same account in
    another application without telling it. ``copy`` is what the copy says that the group can keep.
    """

    __tablename__ = "grant_application"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "group_id"),
        sa.CheckConstraint("state IN ('draft', 'submitted', 'withdrawn')", name="state"),
        sa.CheckConstraint("state <> 'submitted' OR number IS NOT NULL", name="has_number"),
        {
            "info": {
                "processing": Processing(
                    purpose="to decide about a flat grant for a group and to pay it",
                    people="the holder of the group's account",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("answers", "copy"),
                    groups=("group_id",),
                    withheld=("account_mark",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_round.id"))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    copied_from_year: Mapped[int | None]
    account_mark: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="draft")
    number: Mapped[str | None] = mapped_column(unique=True)
    received_on: Mapped[date | None]
    posted_on: Mapped[date | None]
    assessment: Mapped[dict[str, Any] | None]
    copy: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]


class ApplicationSignature(Model):
    """Somebody who is asked to sign what a request said at that moment (``mark``), and when they did.

    The request is an application for a flat grant or a project; one of the two is named.

    They are written to again when the office asks for a change. The address is empty for a signature on paper.
    """

    __tablename__ = "application_signature"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "position"),
        sa.UniqueConstraint("project_id", "position"),
        sa.CheckConstraint("(application_id IS NULL) <> (project_id IS NULL)", name="one_owner"),
        sa.CheckConstraint("position IN (1, 2)", name="position"),
        {
            "info": {
                "processing": Processing(
                    purpose="to show that two people of a group signed its request, and to ask them again",
                    people="who signs for a group",
                    basis=_BASIS,
                    kept=f"{_KEPT}; the address one year",
                    columns=("name", "email", "user_id"),
                    accounts=("user_id",),
                    addresses=("email",),
                    groups=("group_id",),
                    withheld=("mark",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    application_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("grant_application.id", ondelete="CASCADE"), index=True
    )
    project_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("project_request.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    email: Mapped[str]
    user_id: Mapped[
        int | None
    ]  # the account with this address, if there was one: they do not decide about the group
    language: Mapped[str]
    mark: Mapped[str]
    is_on_paper: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]


class ApplicationPaper(Model):
    """A paper that came with an application or a project, such as a cost estimate; checked by what it holds."""

    __tablename__ = "application_paper"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('founding_minutes', 'statutes', 'signed_form', 'cost_estimate', 'programme')",
            name="kind",
        ),
        sa.CheckConstraint("(application_id IS NULL) <> (project_id IS NULL)", name="one_owner"),
        {
            "info": {
                "processing": Processing(
                    purpose="to check that a new group was founded, and what a project costs",
                    people="whoever is named in the paper",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("name", "body"),
                    groups=("group_id",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    application_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("grant_application.id", ondelete="CASCADE"), index=True
    )
    project_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("project_request.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    content_type: Mapped[str]
    mark: Mapped[str]
    body: Mapped[bytes]
    added_at: Mapped[datetime]
