"""What comes next of a project that a group asks insurers to fund, and who does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.funding.rules.project import CHANGING, DECIDED, DRAFT, GAP, WITHDRAWN
from app.funding.rules.project_proof import QUESTIONED as PROOF_QUESTIONED
from app.funding.rules.project_proof import SUBMITTED as PROOF_SUBMITTED

FILL, SUBMIT, ANSWER, CHANGE, DECIDE, PAY, PROVE, CHECK, PROVEN, OVER = (
    "fill", "submit", "answer", "change", "decide", "pay", "prove", "check", "proven", "over",
)  # fmt: skip
GROUP, INSURERS, NOBODY = "group", "insurers", "nobody"
WHO = {
    **dict.fromkeys((FILL, SUBMIT, ANSWER, CHANGE, PROVE), GROUP),
    **dict.fromkeys((DECIDE, PAY, CHECK), INSURERS),
    **dict.fromkeys((PROVEN, OVER), NOBODY),
}


@dataclass(frozen=True, slots=True)
class ProjectNext:
    """What comes next, and by when if there is a day.

    ``count`` is how many pages are open, or how many insurers have not decided, or not paid.
    """

    code: str
    count: int = 0
    by: date | None = None

    @property
    def who(self) -> str:
        """Who does it."""
        return WHO[self.code]


def project_next(
    state: str,
    *,
    pages_left: int,
    questions: int,
    undecided: int,
    granted: int,
    unpaid: int,
    proof: str | None = None,
    submit_by: date | None = None,
    prove_by: date | None = None,
) -> ProjectNext:
    """Answer the one thing that comes next of a project.

    ``questions`` wait for the group; ``granted`` insurers have agreed to something, ``unpaid`` of them have not paid;
    ``proof`` is the state of the proof of use, None while there is none.
    """
    if state in (DRAFT, CHANGING):
        return ProjectNext(FILL if pages_left else SUBMIT, pages_left, submit_by)
    if state == WITHDRAWN:
        return ProjectNext(OVER)
    if state == DECIDED:
        if not granted:
            return ProjectNext(OVER)
        return ProjectNext(PAY, unpaid) if unpaid else _next_of_proof(proof, prove_by)
    if questions:
        return ProjectNext(ANSWER)
    return ProjectNext(CHANGE) if state == GAP else ProjectNext(DECIDE, undecided)


def _next_of_proof(state: str | None, prove_by: date | None) -> ProjectNext:
    if state == PROOF_QUESTIONED:
        return ProjectNext(ANSWER)
    if state == PROOF_SUBMITTED:
        return ProjectNext(CHECK)
    return ProjectNext(PROVEN) if state else ProjectNext(PROVE, by=prove_by)
