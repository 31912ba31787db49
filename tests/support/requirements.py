"""What a test needs of the machine: if it is not there, a loud skip, and with ``CI=true`` a failure."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str, *, instead: str) -> NoReturn:
    """Skip the running test and say why; where ``CI=true`` fail, for there nothing may be left out."""
    reason = f"NOT TESTED: {what}. {instead}"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
