"""The log never holds what somebody searched or wrote, not even when something breaks."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from app import create_app
from app.shared.extensions import db
from app.shared.responses import JsonFormatter
from app.shared.revision import PROGRAM
from tests.support.databases import config_for


def logged(error):
    record = logging.LogRecord(
        "wirkreis.error", logging.ERROR, "", 0, "fault", (), (type(error), error, None)
    )
    return JsonFormatter().format(record)


def test_a_broken_search_is_logged_without_its_words(empty_database_url):
    app = create_app(config_for(empty_database_url))
    client = app.test_client()
    with app.app_context():  # nothing but the mark of the newest migration: every question breaks
        db.session.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        db.session.execute(sa.text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": PROGRAM})
        db.session.commit()
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(JsonFormatter().format(record))
    logger = logging.getLogger("wirkreis.error")
    logger.addHandler(handler)
    try:
        assert client.get("/groups?q=Schwermut").status_code == 500
    finally:
        logger.removeHandler(handler)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    assert records
    assert "chwermut" not in "".join(records)


def test_the_message_of_a_fault_and_of_its_cause_stay_out(session):
    secret = "".join(("Ge", "heim"))  # the line of code itself is in the trace
    with pytest.raises(sa.exc.DBAPIError) as caught:
        db.session.execute(sa.text("SELECT :secret FROM nowhere"), {"secret": secret})
    line = logged(caught.value)
    assert secret not in line
    assert type(caught.value).__qualname__ in line
