"""What comes next of a project that a group asks insurers to fund, and who does it."""

from __future__ import annotations

from dataclasses import dataclass

from app.funding.rules.project import CHANGING, DECIDED, DRAFT, GAP, WITHDRAWN

FILL, SUBMIT, ANSWER, CHANGE, DECIDE, PAY, PAID, OVER = (
    "fill", "submit", "answer", "change", "decide", "pay", "paid", "over",
)  # fmt: skip
GROUP, INSURERS, NOBODY = "group", "insurers", "nobody"
WHO = {
    **dict.fromkeys((FILL, SUBMIT, ANSWER, CHANGE), GROUP),
    **dict.fromkeys((DECIDE, PAY), INSURERS),
    **dict.fromkeys((PAID, OVER), NOBODY),
}


@dataclass(frozen=True, slots=True)
class ProjectNext:
    """What comes next; ``count`` is how many pages are open, or how many insurers have not decided, or not paid."""

    code: str
    count: int = 0

    @property
    def who(self) -> str:
        """Who does it."""
        return WHO[self.code]


def project_next(
    state: str, *, pages_left: int, questions: int, undecided: int, granted: int, unpaid: int
) -> ProjectNext:
    """Answer the one thing that comes next of a project.

    ``questions`` wait for the group; ``granted`` insurers have agreed to something, ``unpaid`` of them have not paid.
    """
    if state in (DRAFT, CHANGING):
        return ProjectNext(FILL, pages_left) if pages_left else ProjectNext(SUBMIT)
    if state == WITHDRAWN:
        return ProjectNext(OVER)
    if state == DECIDED:
        if not granted:
            return ProjectNext(OVER)
        return ProjectNext(PAY, unpaid) if unpaid else ProjectNext(PAID)
    if questions:
        return ProjectNext(ANSWER)
    return ProjectNext(CHANGE) if state == GAP else ProjectNext(DECIDE, undecided)
