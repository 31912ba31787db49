"""The commands for jobs: what an operator types and reads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.shared import clock
from app.shared.jobs import Job, init_jobs
from app.shared.mail_delivery import LEASE, deliver_due_mails
from app.shared.mail_text import Mail
from app.shared.outbox import OutboxMail, queue_mail
from config import Config
from tests.services.shared.smtp_servers import Mailbox, mailbox

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from flask.testing import FlaskCliRunner
    from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parents[3]


def _fail(now: datetime) -> None:
    raise RuntimeError("the printer is out of paper")


def test_an_unknown_job_is_named_with_those_there_are_and_exit_status_2(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["jobs", "once", "deliver-mial"])
    assert result.exit_code == 2
    assert "There is no job named deliver-mial" in result.output
    assert "deliver-mails" in result.output


def test_a_job_can_be_run_by_hand_again_and_again(app: Flask, runner: FlaskCliRunner) -> None:
    done: list[datetime] = []
    init_jobs(app, [Job("count", 86_400, done.append)])
    for _ in range(2):
        result = runner.invoke(args=["jobs", "once", "count"])
        assert (result.exit_code, result.output) == (0, "count is done.\n")
    assert len(done) == 2


def test_a_job_in_other_hands_is_left_to_them(app: Flask, runner: FlaskCliRunner) -> None:
    outputs: list[str] = []

    def run(now: datetime) -> None:
        outputs.append(app.test_cli_runner().invoke(args=["jobs", "once", "count"]).output)

    init_jobs(app, [Job("count", 86_400, run)])
    assert runner.invoke(args=["jobs", "once", "count"]).exit_code == 0
    assert "being run by another process" in outputs[0]


def test_a_job_that_fails_says_so_and_the_list_says_why(app: Flask, runner: FlaskCliRunner) -> None:
    init_jobs(app, [Job("print", 3600, _fail), Job("rest", 90, lambda now: None)])
    result = runner.invoke(args=["jobs", "once", "print"])
    assert result.exit_code == 1
    assert "print failed" in result.output
    assert runner.invoke(args=["jobs", "once", "rest"]).exit_code == 0
    heading, printing, rest = runner.invoke(args=["jobs", "list"]).output.splitlines()
    assert heading.split("  ")[0] == "NAME"
    assert printing.startswith("print  1 h")
    assert "never" in printing
    assert printing.endswith("RuntimeError: the printer is out of paper")
    assert rest.startswith("rest   90 s")
    assert rest.endswith("-")


def test_the_list_names_every_job_of_the_application(app: Flask, runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["jobs", "list"])
    assert result.exit_code == 0
    assert {line.split()[0] for line in result.output.splitlines()[1:]} == set(app.extensions["jobs"])


def test_the_scheduler_sends_what_waits_and_stops_when_told(session: Session, database_url: str) -> None:
    mail_id = queue_mail(session, to="a@example.org", mail=Mail("s", ()), purpose="p", now=clock.now())
    session.commit()
    with mailbox() as box:
        environment = {**os.environ, "DATABASE_URL": database_url, "MAIL_URL": box.url}
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            deadline = time.monotonic() + 30
            while not _is_sent(session, mail_id) and time.monotonic() < deadline:
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=20)
        finally:
            process.kill()
            process.wait()
    assert box.recipients == ["a@example.org"]
    assert _is_sent(session, mail_id)
    assert process.returncode == 0
    assert "deliver-mails" in output


@pytest.mark.long
def test_when_the_sender_is_killed_no_mail_is_lost_and_at_most_one_comes_twice(
    session: Session, database_url: str
) -> None:
    now = clock.now()
    people = [f"person{number}@example.org" for number in range(60)]
    for person in people:
        queue_mail(session, to=person, mail=Mail("s", ()), purpose="p", now=now)
    session.commit()
    session.rollback()
    with mailbox() as box:
        environment = {**os.environ, "DATABASE_URL": database_url, "MAIL_URL": box.url}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "once", "deliver-mails"]
        with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
            try:
                deadline = time.monotonic() + 30
                while len(box.recipients) < 10 and time.monotonic() < deadline:
                    time.sleep(0.005)
            finally:
                process.kill()
        before = len(box.recipients)
        config = Config(app_env="test", mail_url=box.url)
        deliver_due_mails(session, config=config, now=now + timedelta(hours=1))
    assert 10 <= before < 60
    assert set(box.recipients) == set(people)
    assert len(box.recipients) <= 61


def test_a_sender_killed_between_the_servers_yes_and_its_own_note_makes_one_double_that_is_known_as_one(
    session: Session, database_url: str
) -> None:
    now = clock.now()
    mail_id = queue_mail(session, to="a@example.org", mail=Mail("s", ()), purpose="p", now=now)
    session.commit()

    class KillingMailbox(Mailbox):
        """Takes the first mail and kills its sender before it can hear so."""

        process: subprocess.Popen[bytes] | None = None

        async def handle_DATA(self, *received: Any) -> str:  # noqa: N802 - aiosmtpd's name
            answer = await super().handle_DATA(*received)
            if self.process is not None:
                self.process.kill()
                self.process = None
            return answer

    with mailbox(KillingMailbox()) as box:
        environment = {**os.environ, "DATABASE_URL": database_url, "MAIL_URL": box.url}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "once", "deliver-mails"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        box.process = process
        assert process.wait(timeout=60) == -signal.SIGKILL
        config = Config(app_env="test", mail_url=box.url)
        assert not _is_sent(session, mail_id)
        assert deliver_due_mails(session, config=config, now=now + LEASE / 2) == 0
        assert deliver_due_mails(session, config=config, now=now + 2 * LEASE) == 1
        assert deliver_due_mails(session, config=config, now=now + timedelta(days=9)) == 0
    first, second = (message["Message-ID"] for message in box.messages)
    assert first.partition("@")[0] == second.partition("@")[0]
    assert _is_sent(session, mail_id)


def _is_sent(session: Session, mail_id: int | None) -> bool:
    session.rollback()
    return session.get_one(OutboxMail, mail_id, populate_existing=True).sent_at is not None
