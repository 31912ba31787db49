"""The way to the database breaks, two stop each other, a backup is restored: nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import sqlite3
import subprocess

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app import create_app
from app.funding.bank_file import read_bank_file
from app.funding.models import GrantRound, LedgerEntry, Payment, PaymentBatch
from app.funding.queries.verifying import verify
from app.funding.services.bank_import import import_lines, list_open_lines
from app.funding.services.ledger import post
from app.funding.services.payment_batches import mark_sent
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.history_seals import verify as verify_history
from app.shared.transactions import transaction
from tests.builders.bank_files import booking, statement
from tests.builders.groups import NOW
from tests.builders.ledger import awards, make_pot
from tests.builders.payments import IBANS, make_awards, make_batch, release
from tests.builders.rounds import make_round
from tests.support.cut_connection import CutAtCommit
from tests.support.databases import config_for
from tests.support.meeting import meet
from tests.support.postgresql import find_binaries

on_postgresql = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


@on_postgresql
def test_who_never_heard_that_it_was_stored_sends_it_again_and_gets_the_first_answer(session, database_url):
    with transaction() as writing:
        acts = awards(make_pot(writing, 10_000), 5, 100)
    with CutAtCommit(database_url) as cut:
        other = create_app(config_for(cut.url))
        with other.app_context():
            with pytest.raises(OperationalError), transaction() as writing:
                assert post(writing, acts, now=NOW).is_new
            db.session.remove()
            db.engine.dispose()
    with transaction() as writing:
        again = post(writing, acts, now=NOW)
    assert not again.is_new
    assert len(session.scalars(sa.select(LedgerEntry).where(LedgerEntry.kind == "committed")).all()) == 5
    assert verify(session).faults == ()


@pytest.mark.long
@on_postgresql
def test_of_two_who_stop_each_other_one_is_undone_whole_and_done_again_by_itself(session, database_url):
    regions = (("a", "05315"), ("b", "05314"))
    rounds = [make_round(session, slug=slug, district=district).id for slug, district in regions]
    stopped = sa.text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    before = session.scalar(stopped)
    session.commit()
    crossed = [("hold_crossed", {"first": one, "second": other}) for one, other in (rounds, rounds[::-1])]
    assert meet(database_url, *crossed) == ["held", "held"]
    assert session.scalar(stopped) > before
    assert len(set(session.scalars(sa.select(GrantRound.extension_reason)))) == 1, "both rows of one"


@pytest.fixture
def restored(databases, database_url, tmp_path):
    """Answer how to keep a backup of the database and get an application that runs on it, made by the usual tools."""

    def keep():
        if databases.kind == "sqlite":
            source, target = sa.make_url(database_url).database, tmp_path / "backup.sqlite3"
            with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
                one.backup(other)
            return lambda: f"sqlite:///{target}"
        made, file = sa.make_url(database_url), tmp_path / "backup.dump"
        where = ["-h", made.query["host"], "-U", "app"]
        tools = find_binaries()
        clean = {"PATH": os.defpath}
        # The copies that the tests keep beside it are none of the application's.
        dump = [tools / "pg_dump", *where, "-Fc", "-n", "public", "-f", file, made.database]
        subprocess.run(dump, check=True, env=clean)

        def bring_back():
            url = databases.empty()
            database = sa.make_url(url).database
            restore = [tools / "pg_restore", *where, "-d", database, "--clean", "--if-exists", file]
            subprocess.run(restore, check=False, env=clean, capture_output=True)
            return url

        return bring_back

    return keep


@pytest.mark.long
def test_after_a_backup_is_restored_money_agrees_and_nothing_is_released_before_the_banks_word_is_read(
    session, restored
):
    awarded = make_awards(session, [50_000, 30_000])
    session.commit()
    bring_back = restored()
    batch = session.get_one(PaymentBatch, make_batch(session, awarded.made.id))
    release(session, batch.id)
    mark_sent(session, batch.id, now=NOW)
    names = session.scalars(sa.select(Payment.end_to_end_id).order_by(Payment.position)).all()
    on = NOW.date().isoformat()
    entries = [booking(50_000, on=on, end_to_end=names[0]), booking(30_000, on=on, end_to_end=names[1])]
    said, round_id = statement(IBANS[0], *entries), awarded.made.id
    session.commit()

    with create_app(config_for(bring_back())).app_context():
        with transaction() as writing:
            assert verify(writing).faults == ()
            assert verify_history(writing).faults == ()
            again = make_batch(writing, round_id)
        with transaction() as writing:
            assert dict(+import_lines(writing, read_bank_file(said), now=NOW)) == {"unmatched": 2}
            assert len(list_open_lines(writing)) == 2
        with pytest.raises(RuleBroken) as refused, transaction() as writing:
            release(writing, again)
        assert refused.value.code == "unknown_orders"
        db.session.remove()
        db.engine.dispose()
