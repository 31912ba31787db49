"""The time line of a group's funding in words: its steps, and one sentence about what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.funding.rules import project_timeline as project
from app.funding.rules import timeline as rules
from app.groups.presentation import date_words
from app.shared.money import euro_words

if TYPE_CHECKING:
    from app.funding.rules.project_timeline import ProjectNext
    from app.funding.rules.timeline import Next, Step

STEP_NAMES = {
    rules.BEGUN: _l("Begun"),
    rules.SUBMITTED: _l("Submitted, with two signatures"),
    rules.CHECKED: _l("Checked by the office"),
    rules.DECIDED: _l("Decided"),
    rules.TOLD: _l("Notice sent"),
    rules.PAID: _l("Paid"),
    rules.FILED: _l("Proof sent"),
    rules.PROVEN: _l("Proof accepted"),
    rules.AGAIN: _l("Apply again"),
}
WHO_NAMES = {
    rules.GROUP: _l("Your turn"),
    rules.OFFICE: _l("The funding office’s turn"),
    rules.BANK: _l("The bank’s turn"),
}


def step_words(step: Step) -> str:
    """Answer the day of a step: when it was, or by when it is expected."""
    if step.on is None:
        return _("no day is set yet") if step.state == rules.NOW else ""
    day = date_words(step.on)
    if step.state == rules.DONE:
        return day
    if step.basis == rules.AS_LAST_YEAR:
        return _("about %(day)s, as last year", day=day)
    if step.code == rules.AGAIN:
        return _("from %(day)s", day=day)
    return _("by %(day)s", day=day)


def next_words(ahead: Next) -> str:
    """Answer what happens next, who does it, and by when, as one sentence."""
    how = _NO_DAY if ahead.on is None else ahead.basis
    sentence = _SENTENCES.get((ahead.code, how)) or _SENTENCES[ahead.code, _ANY]
    day = date_words(ahead.on) if ahead.on else ""
    return str(sentence) % {"day": day, "count": ahead.count, "sum": euro_words(ahead.count)}


_NO_DAY, _ANY = "no_day", "any"
_SENTENCES = {
    (rules.BEGIN, _ANY): _l("Begin your request; with two signatures it has to be there by %(day)s."),
    (rules.FILL, _ANY): _l("Fill in what is still open (pages: %(count)s) and have it signed by %(day)s."),
    (rules.ASK, _ANY): _l("Everything is filled in: now name the two people who sign, by %(day)s."),
    (rules.SIGN, _ANY): _l(
        "Two people of your group sign by the link in their mail, by %(day)s; %(count)s of 2 have."
    ),
    (rules.LATE, _ANY): _l(
        "The last day was %(day)s. You can still send your request; the funding office decides whether it counts."
    ),
    (rules.CHANGE, _ANY): _l("Change or explain what the office has asked for, by %(day)s."),
    (rules.CHECK, _ANY): _l(
        "The office checks your request. If something is not clear, you get a mail; there is nothing to do until then."
    ),
    (rules.DECIDE, _NO_DAY): _l(
        "The funding office decides; no day is set yet. You get a mail, there is nothing to do."
    ),
    (rules.DECIDE, rules.AS_LAST_YEAR): _l(
        "The funding office decides, about %(day)s if it is as last year. There is nothing to do."
    ),
    (rules.DECIDE, rules.BY_RULE): _l(
        "The funding office decides on %(day)s. There is nothing to do for you."
    ),
    (rules.TELL, _ANY): _l("It is decided. The funding office sends you the notice in the next days."),
    (rules.READ, _NO_DAY): _l("Read the notice of the funding office."),
    (rules.READ, _ANY): _l("Read the notice; until %(day)s you can object to it."),
    (rules.PAY, _NO_DAY): _l("The funding office pays the money to your account; no day is set yet."),
    (rules.PAY, _ANY): _l(
        "The funding office pays the money to your account, about %(day)s if it is as last year."
    ),
    (rules.ARRIVE, _ANY): _l("The bank has the order: the money comes to your account about %(day)s."),
    (rules.RETURNED, _ANY): _l(
        "The money came back from the bank. Please ask the funding office and check your account."
    ),
    (rules.PROVE, _ANY): _l("Show what the money was used for, by %(day)s. Keep the receipts until then."),
    (rules.EXPLAIN, _ANY): _l("Answer the office’s question about your proof of use, by %(day)s."),
    (rules.ACCEPT, _ANY): _l(
        "The office looks at your proof of use. There is nothing to do; keep the receipts."
    ),
    (rules.GIVE_BACK, _NO_DAY): _l(
        "Of the money, %(sum)s has to be given back; the office writes to you how."
    ),
    (rules.GIVE_BACK, _ANY): _l("Give %(sum)s back, by %(day)s."),
    (rules.APPLY, _NO_DAY): _l("You can apply again as soon as the next round begins; we write to you then."),
    (rules.APPLY, rules.AS_LAST_YEAR): _l(
        "You can apply again from about %(day)s; we write to you when it begins."
    ),
    (rules.APPLY, rules.BY_RULE): _l("You can apply again from %(day)s; we write to you when it begins."),
}
"""What comes next, and whether its day is set, is that of last year, or is not known → the sentence."""

PROJECT_WHO = {
    project.GROUP: WHO_NAMES[rules.GROUP],
    project.INSURERS: _l("The insurers’ turn"),
    project.NOBODY: _l("done"),
}
_PROJECT_SENTENCES = {
    project.FILL: _l("Write what is still open (pages: %(count)s), then have it signed."),
    project.SUBMIT: _l("Everything is written: now two people sign it."),
    project.ANSWER: _l("Answer what an insurer has asked you."),
    project.CHANGE: _l("Money is missing: change the plan, then those who agreed confirm it."),
    project.DECIDE: _l(
        "The insurers decide (still open: %(count)s). You get a mail; there is nothing to do until then."
    ),
    project.PAY: _l("The insurers pay what they agreed to (still open: %(count)s)."),
    project.PROVE: _l("Keep the receipts. When the project is over, show what its money was used for."),
    project.CHECK: _l("The insurers check your proof of use. There is nothing to do until then."),
    project.PROVEN: _l("Your proof of use is accepted. What is left of the money goes back."),
    project.OVER: _l("Nothing more happens with this project."),
}


def project_words(ahead: ProjectNext) -> str:
    """Answer what comes next of a project, as one sentence, and by when."""
    said = str(_PROJECT_SENTENCES[ahead.code]) % {"count": ahead.count}
    if ahead.by is None:
        return said
    last_day = _("The last day is %(day)s.", day=date_words(ahead.by))
    return f"{said} {last_day}"
