"""Two people sign a request, each by a link of their own; with the second signature it is submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from flask_babel import gettext as _

from app.accounts.queries import find_user
from app.accounts.rules.email_address import fold_address
from app.funding.mails.applications import sign_mail
from app.funding.models import ApplicationSignature
from app.funding.rules.application import SIGNED_FORM, are_two_people
from app.funding.rules.deadlines import Arrival
from app.funding.services.papers import add_paper
from app.funding.services.signable import (
    Request,
    hold,
    hold_open,
    note_of_signing,
    obstacles,
    read_again,
    read_signed,
    submit_signed,
)
from app.funding.services.signatures import forget_signatures
from app.funding.words.applications import request_name
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


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who is to sign; on paper without an address."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link stands for: the signature, and the request as it is now."""

    signature: ApplicationSignature
    found: Request


def ask_to_sign(session: Session, request: Request, signers: Sequence[Signer], *, now: datetime) -> None:
    """Afterwards both are asked by mail to sign what the request says now; earlier signatures are gone.

    Raises:
        RuleBroken: it is not complete, is submitted, or they are not two people.
        BadInput: an address cannot be written to; ``field`` says whose.
    """
    found = hold_open(session, request)
    _check_complete(session, found, now)
    _check_people(signers)
    for position, signer in enumerate(signers, start=1):
        _check_address(signer.email, position)
    forget_signatures(session, found)
    rows = [_signature(found, position, signer, now=now) for position, signer in enumerate(signers, start=1)]
    for row in rows:
        account = find_user(session, row.email)
        row.user_id = account.id if account else None
    session.add_all(rows)
    session.flush()
    amount = euro_words(found.asked_cents)
    for row in rows:
        url = whole_url(f"/funding/sign/{token_of(row)}")
        write_to(
            session,
            [Reader(f"signer:{row.id}", row.email, row.language)],
            lambda _reader, row=row, url=url: sign_mail(  # type: ignore[misc]
                request_name(found), row.name, amount, url
            ),
            purpose="application-sign",
            now=now,
        )
    note_of_signing(session, found, is_signed=False, now=now)


def submit_on_paper(
    session: Session,
    request: Request,
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
    found = hold_open(session, request)
    _check_complete(session, found, now)
    _check_people([Signer(name) for name in names])
    if received_on > day_of(now) or (posted_on is not None and posted_on > received_on):
        raise RuleBroken(
            _("Paper is posted first, then received, and not in the future."), field="received_on"
        )
    forget_signatures(session, found)
    if form is not None:
        add_paper(session, found, kind=SIGNED_FORM, name=form[0], content=form[1], now=now)
        found = read_again(session, found)
    for position, name in enumerate(names, start=1):
        row = _signature(found, position, Signer(name), now=now)
        row.is_on_paper, row.signed_at = True, now
        session.add(row)
    session.flush()
    return submit_signed(session, found, Arrival(received_on, posted_on), now=now)


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
    found = read_signed(session, signature)
    if found is None or found.is_withdrawn:
        raise LinkOver(_("Your group has withdrawn this request, so there is nothing to sign."))
    if not found.is_open:
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
    hold(session, find_linked(session, token).found)
    linked = find_linked(session, token)
    if linked.signature.signed_at is not None or not linked.found.is_open:
        return
    linked.signature.signed_at = now
    session.flush()
    note_of_signing(session, linked.found, is_signed=True, now=now)
    if linked.found.signed == 2:
        submit_signed(session, linked.found, Arrival(day_of(now)), now=now)


def _check_complete(session: Session, found: Request, now: datetime) -> None:
    sentences = [sentence for sentence, _page in obstacles(session, found, now=now)]
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


def _signature(found: Request, position: int, signer: Signer, *, now: datetime) -> ApplicationSignature:
    return ApplicationSignature(
        **found.owner,
        group_id=found.group.id,
        position=position,
        name=" ".join(signer.name.split()),
        email=fold_address(signer.email),
        language=current_language(),
        mark=found.mark,
        asked_at=now,
    )
