"""A request that only reads needs no transaction; what is stored after it is still stored together or not at all."""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa

from app.groups.models import Group
from app.shared.extensions import db
from app.shared.transactions import reading, transaction
from tests.builders.groups import make_group

NAMES = sa.select(Group.name)


def test_what_is_stored_after_reading_is_stored_together_or_not_at_all(app):
    with app.app_context():
        assert reading().scalars(NAMES).all() == []
        with suppress(KeyError), transaction() as session:
            make_group(session)
            raise KeyError
        assert reading().scalars(NAMES).all() == []
        db.session.remove()
        assert reading().scalars(NAMES).all() == []
        with transaction() as session:
            make_group(session)
        db.session.remove()
        assert reading().scalars(NAMES).all() == ["Lichtblick"]


def test_the_next_user_of_the_connection_has_transactions_again(app):
    with app.app_context():
        reading().scalars(NAMES).all()
        db.session.remove()
        make_group(db.session())
        db.session.rollback()
        assert db.session.scalars(NAMES).all() == []
