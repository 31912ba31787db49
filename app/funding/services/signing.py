"""Two people sign an application, each by a link of their own; with the second signature it is submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.queries import find_user
from app.accounts.rules.email_address import fold_address
from app.funding.mails.applications import sign_mail
from app.funding.models import ApplicationSignature, GrantApplication, GrantRound
from app.funding.queries.applications import OpenRound, read_round_of
from app.funding.queries.assessing import assess_application
from app.funding.rules.application import SIGNED_FORM, SUBMITTED, are_two_people, page_of_reason
from app.funding.rules.deadlines import Arrival
from app.funding.rules.eligibility import MISSING
from app.funding.services.applications import forget_signatures, lock_open
from app.funding.services.papers import add_paper
from app.funding.services.submitting import note_of_application, submit
from app.funding.words.applications import PAGE_NAMES, reason_words
from app.groups.meetings.links import LinkOver, LinkUnreadable
from app.groups.meetings.schedules import day_of
from app.groups.readers import Reader, write_to
from app.shared.errors import BadInput, RuleBroken
from app.shared.languages import current_language
from app.shared.money import euro_words
from app.shared.outbox import sendable_address
from app.shared.signed_links import fingerprint, read_link, sign_link, whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PURPOSE = "application-signature"
TWO_SIGNATURES = "not_two_signatures"


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who is to sign; on paper without an address."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link stands for: the signature, and the application as it is now."""

    signature: ApplicationSignature
    found: OpenRound


def ask_to_sign(
    session: Session, group_id: int, round_: GrantRound, signers: Sequence[Signer], *, now: datetime
) -> None:
    """Afterwards both are asked by mail to sign what the application says now; earlier signatures are gone.

    Raises:
        RuleBroken: it is not complete, is submitted, or they are not two people.
        BadInput: an address cannot be written to; ``field`` says whose.
    """
    found = lock_open(session, group_id, round_)
    _check_complete(session, found)
    _check_people(signers)
    for position, signer in enumerate(signers, start=1):
        _check_address(signer.email, position)
    forget_signatures(session, found.written.id)
    rows = [_signature(found, position, signer, now=now) for position, signer in enumerate(signers, start=1)]
    for row in rows:
        account = find_user(session, row.email)
        row.user_id = account.id if account else None
    session.add_all(rows)
    session.flush()
    amount = euro_words(found.plan.requested_cents)
    for row in rows:
        url = whole_url(f"/funding/sign/{token_of(row)}")
        write_to(
            session,
            [Reader(f"signer:{row.id}", row.email, row.language)],
            lambda _reader, row=row, url=url: sign_mail(  # type: ignore[misc]
                found.group.name, round_.year, row.name, amount, url
            ),
            purpose="application-sign",
            now=now,
        )
    note_of_application(session, "application.signing_asked", found, now=now)


def submit_on_paper(
    session: Session,
    group_id: int,
    round_: GrantRound,
    names: Sequence[str],
    *,
    received_on: date,
    posted_on: date | None,
    now: datetime,
    form: tuple[str, bytes] | None = None,
) -> str:
    """Afterwards a request that two people signed on paper is submitted; answers its number. Nobody gets a mail.

    ``form`` is what they signed, the name and content of a file.

    Raises:
        RuleBroken: it is not complete, they are not two people, the days cannot be, or the file is none of a form.
    """
    found = lock_open(session, group_id, round_)
    _check_complete(session, found)
    _check_people([Signer(name) for name in names])
    if received_on > day_of(now) or (posted_on is not None and posted_on > received_on):
        raise RuleBroken(
            _("Paper is posted first, then received, and not in the future."), field="received_on"
        )
    forget_signatures(session, found.written.id)
    if form is not None:
        add_paper(session, group_id, round_, kind=SIGNED_FORM, name=form[0], content=form[1], now=now)
        found = read_round_of(session, group_id, round_)
    for position, name in enumerate(names, start=1):
        row = _signature(found, position, Signer(name), now=now)
        row.is_on_paper, row.signed_at = True, now
        session.add(row)
    session.flush()
    return submit(session, group_id, round_, Arrival(received_on, posted_on), now=now)


def token_of(signature: ApplicationSignature) -> str:
    """Answer the token of the link by which somebody signs."""
    return sign_link(_PURPOSE, signature.id, signature.mark, fingerprint(signature.email))


def find_linked(session: Session, token: str) -> Linked:
    """Answer what a token stands for.

    Raises:
        LinkUnreadable: it is none of ours.
        LinkOver: the application was changed since, or somebody else is asked now.
    """
    facts = read_link(_PURPOSE, token)
    if facts is None:
        raise LinkUnreadable
    number, mark, address = facts
    signature = session.get(ApplicationSignature, cast("int", number), populate_existing=True)
    changed = LinkOver(
        _(
            "The request was changed after this link was sent. You get a new one as soon as it is ready to sign."
        )
    )
    if signature is None or signature.mark != mark:
        raise changed
    application = session.get_one(GrantApplication, signature.application_id)
    found = read_round_of(session, signature.group_id, session.get_one(GrantRound, application.round_id))
    if application.state == SUBMITTED:
        return Linked(signature, found)
    if fingerprint(signature.email) != address or found.mark != mark:
        raise changed
    return Linked(signature, found)


def sign(session: Session, token: str, *, now: datetime) -> None:
    """Afterwards whoever holds the link has signed; with the second signature the request is submitted.

    Raises:
        LinkOver: as ``find_linked``.
        RuleBroken: what was complete is not any more.
    """
    linked = find_linked(session, token)
    round_, group_id = linked.found.round, linked.found.group.id
    session.scalar(
        sa.select(GrantApplication.id)
        .where(GrantApplication.id == linked.signature.application_id)
        .with_for_update()
    )
    linked = find_linked(session, token)
    if linked.signature.signed_at is not None or not linked.found.is_open:
        return
    linked.signature.signed_at = now
    session.flush()
    note_of_application(session, "application.signed", linked.found, now=now)
    if linked.found.signed == 2:
        submit(session, group_id, round_, Arrival(day_of(now)), now=now)


def obstacles(session: Session, found: OpenRound) -> list[tuple[str, str]]:
    """Answer what must come before anybody can sign: a sentence, and the page that it follows from (empty: none)."""
    said = [
        (_("Please fill in this page: %(page)s.", page=PAGE_NAMES[page]), page)
        for page in found.missing_pages()
    ]
    if said:
        return said
    missing = assess_application(session, found, None).having(MISSING)
    return [
        (reason_words(each), page_of_reason(each.code, found.plan))
        for each in missing
        if each.code != TWO_SIGNATURES
    ]


def _check_complete(session: Session, found: OpenRound) -> None:
    sentences = [sentence for sentence, _page in obstacles(session, found)]
    if sentences:
        raise RuleBroken(" ".join(sentences), code="incomplete")


def _check_people(signers: Sequence[Signer]) -> None:
    addresses = [fold_address(each.email) for each in signers if each.email]
    if not are_two_people([each.name for each in signers], addresses):
        raise RuleBroken(
            _("Two different people sign, each with a name and an address of their own."), field="name_2"
        )
    if any(len(each.name) > 120 for each in signers):
        raise RuleBroken(_("This name is too long. Please shorten it."), field="name_2")


def _check_address(address: str, position: int) -> None:
    try:
        sendable_address(address)
    except BadInput as error:
        error.field = f"email_{position}"
        raise


def _signature(found: OpenRound, position: int, signer: Signer, *, now: datetime) -> ApplicationSignature:
    return ApplicationSignature(
        application_id=found.written.id,
        group_id=found.group.id,
        position=position,
        name=" ".join(signer.name.split()),
        email=fold_address(signer.email),
        language=current_language(),
        mark=found.mark,
        asked_at=now,
    )
