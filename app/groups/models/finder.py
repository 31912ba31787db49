"""What the finder's index keeps of the groups; derived."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class FinderEntry(Model):
    """The disclosed facts of a group as the finder's arrays hold them; derived, rebuilt by ``flask groups reindex``.

    ``facts`` is one ENTRY record and ``meetings`` its PATTERN records (see ``rules/finder_columns.py``); without
    facts the group is not listed. ``version`` is that of the ``FinderState`` at the change. ``meetings_until`` is the
    day up to which the patterns are true; None when they are for ever.
    """

    __tablename__ = "finder_entry"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    group_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    facts: Mapped[bytes | None]
    meetings: Mapped[bytes]
    meetings_until: Mapped[date | None] = mapped_column(index=True)


class FinderState(Model):
    """One row: the version of the newest change. Taking the next locks it, so versions become visible in order."""

    __tablename__ = "finder_state"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(sa.BigInteger)
    epoch: Mapped[str]
