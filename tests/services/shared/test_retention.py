"""What is old enough goes every night, as the settings say, and it is written how much went."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import create_app
from app.shared.extensions import db
from app.shared.history import HistoryEntry
from app.shared.jobs import JobOutcome, run_job_once
from app.shared.outbox import OutboxMail
from app.shared.retention import Retention, init_retention, list_retention
from config import Config, ConfigError
from tests.services.shared.mail_rows import NOW, left_of, put
from tests.support.databases import config_for


def test_every_night_each_rule_is_applied_and_what_went_is_written_as_a_number(database_url):
    app = create_app(replace(config_for(database_url), retention_days={"undelivered-mails": 3}))
    with app.app_context():
        session = db.session()
        mail_id = put(session)
        session.execute(sa.update(OutboxMail).values(next_try_at=None, last_error="x", tries=6))
        session.commit()
        for days, is_left in ((3, True), (4, False)):
            assert run_job_once(app, "apply-retention", NOW + timedelta(days=days)) is JobOutcome.DONE
            session.rollback()
            assert ("to_address" in left_of(session.get_one(OutboxMail, mail_id))) == is_left
        done = session.execute(
            sa.select(HistoryEntry.actor_kind, HistoryEntry.action, HistoryEntry.facts)
        ).all()
        assert [tuple(each) for each in done] == [
            ("job", "retention.applied", {"rule": "undelivered-mails", "rows": 1})
        ]
        db.session.remove()
        db.engine.dispose()


def test_a_rule_that_fails_keeps_no_other_from_forgetting(app, session):
    def fail(_session, _before):
        raise OSError("no")

    gone = []
    rules = [
        Retention("a", "t", "x", 1, fail),
        Retention("b", "t", "x", 2, lambda _session, before: len(gone.append(before) or gone)),
    ]
    init_retention(app, rules, {})
    assert run_job_once(app, "apply-retention", NOW) is JobOutcome.FAILED
    assert gone == [NOW - timedelta(days=2)]


def test_every_rule_names_a_table_and_reads_as_a_sentence_would(app, session):
    tables = set(db.metadata.tables)
    for rule in list_retention():
        assert rule.table in tables
        assert rule.what == rule.what.strip().rstrip(".")


def test_a_period_is_a_setting_and_a_rule_that_there_is_not_is_refused_at_the_start(app):
    config = Config.from_environment(
        {"APP_ENV": "test", "SECRET_KEY": "x", "RETENTION_DAYS": "listing-reports=90, invitations=0"}
    )
    assert config.retention_days == {"listing-reports": 90, "invitations": 0}
    for text in ("listing-reports", "=3", "invitations=soon", "invitations=-1"):
        with pytest.raises(ConfigError, match="RETENTION"):
            Config.from_environment({"APP_ENV": "test", "SECRET_KEY": "x", "RETENTION_DAYS": text})
    with pytest.raises(ConfigError, match="listing-report'"):
        create_app(replace(app.config["WIRKREIS"], retention_days={"listing-report": 90}))


def test_the_command_shows_every_rule_and_what_last_went(app, session, runner):
    put(session)
    session.execute(sa.update(OutboxMail).values(next_try_at=None, last_error="x", tries=6))
    session.commit()
    run_job_once(app, "apply-retention", NOW + timedelta(days=29))
    shown = runner.invoke(args=["retention", "list"])
    lines = [line.split() for line in shown.output.splitlines()]
    assert {line[0] for line in lines} >= {"NAME", *(rule.name for rule in list_retention())}
    at = f"{NOW + timedelta(days=29):%Y-%m-%d}:"
    assert [line[-2:] for line in lines if line[0] == "undelivered-mails"] == [[at, "1"]]
