"""The terms on which an insurer funds projects, as its officers set them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.models import Insurer, InsurerProjectTerms
from app.funding.queries.project_terms import EVERY_LAND, terms_in
from app.funding.rules.project_terms import ProjectTerms, changed_terms, terms_row
from app.places.models import State
from app.shared.database import insert_into
from app.shared.errors import BadInput
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def set_terms(session: Session, insurer: Insurer, state: str, terms: ProjectTerms, *, now: datetime) -> bool:
    """Afterwards these terms hold in a Land, or everywhere; answer whether they are others than before.

    Raises:
        BadInput: there is no such Land.
    """
    if state != EVERY_LAND and session.get(State, state) is None:
        raise BadInput(_("Please choose a Land."), field="state")
    changed = changed_terms(terms_in(session, [insurer], state)[insurer.slug], terms)
    if not changed:
        return False
    values = {"terms": terms_row(terms), "changed_at": now}
    stored = insert_into(session, InsurerProjectTerms).values(
        insurer_id=insurer.id, state_ags=state, **values
    )
    session.execute(stored.on_conflict_do_update(index_elements=["insurer_id", "state_ags"], set_=values))
    note(session, "project_terms.changed", now=now, record_id=insurer.id, terms=changed)
    session.flush()
    return True
