"""A folder in memory where the machine can: thousands of small files come and go with the databases of the tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_IN_MEMORY = Path("/dev/shm")
_ENOUGH = 2**30


def make_fast_folder(purpose: str) -> Path:
    """Answer a new folder, which its maker takes away."""
    has_room = os.access(_IN_MEMORY, os.W_OK) and shutil.disk_usage(_IN_MEMORY).free > _ENOUGH
    return Path(tempfile.mkdtemp(prefix=f"wirkreis-{purpose}-", dir=_IN_MEMORY if has_room else None))
