"""See to khal, the calendar program of the terminal that the tests read our files with: Debian's, where we are root.

Always ends well: without it those tests are skipped with the reason, and fail with ``CI=true``.
"""

from __future__ import annotations

import shutil
import sys

from environment import apt_install


def main() -> int:
    """Afterwards there is khal, or a message says that there is none; answer 0."""
    if shutil.which("khal") is None and not apt_install("khal"):
        print(
            "WARNING: no khal. A test of calendars will be skipped. Install the package khal.",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
