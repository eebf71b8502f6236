"""A customer's direct message arrives: heard, with what it may be besides words: a wish not to be written to, or a code."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.cases.messages import Message
from domain.handoffs.handoff import Handoff
from domain.handoffs.opt_out import OptOutRequest, OptOutWords
from domain.intake.private_messages import IncomingMessage, IncomingPage
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action
from handlers.cases.transitions import notify, save_change
from handlers.handoffs.verification import verify_by_code
from handlers.intake.case_matching import CASES_LOOKED_AT
from handlers.intake.private_messages import ingest_private_message, private_stream
from handlers.intake.stream_health import DIRECT, record_reading
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

#: Six digits by themselves, grouped or not.
_LIKE_A_CODE = re.compile(r"(?<![\w-])\d{3}[\s-]?\d{3}(?![\w-])")


def not_stored(uow: UnitOfWork, heard: Sequence[IncomingMessage]) -> list[IncomingMessage]:
    """Those of these messages, all of one stream, that are not stored yet."""
    if not heard:
        return []
    ids = [one.external_id for one in heard]
    known = uow.messages.known(private_stream(heard[0]), heard[0].account_id, ids)
    return [one for one in heard if one.external_id not in known]


def ingest_direct_message(
    uow: UnitOfWork,
    heard: IncomingMessage,
    *,
    classifier: Classifier,
    account: Account,
    words: OptOutWords,
    now: datetime,
) -> Message | None:
    """Hear a direct message; `None` where it was heard before.

    One that holds the code of the author's own hand-off verifies that one, and does not move the conversation away from it; neither does
    one that holds another code, which was meant for it.
    """
    waiting = _waiting_for_code(uow, heard)
    shown = next((one for one in waiting if _holds(heard.text, one.code)), None)
    meant = shown or (waiting[0] if waiting and _LIKE_A_CODE.search(heard.text) else None)
    if shown is not None:
        verify_by_code(uow, handoff_id=shown.id, network=heard.network, author_id=heard.author.id, now=now)
    if meant is not None:
        heard = replace(heard, handoff_id=meant.id)
    message = ingest_private_message(uow, heard, classifier=classifier, account=account, now=now)
    if message is not None and meant is not None and shown is None:
        _tell_wrong_code(uow, meant, message, now)
    if message is not None and not heard.files:
        _apply_opt_out(uow, heard, message, words.wish(heard.text), now)
    return message


def record_direct_messages_read(
    uow: UnitOfWork, *, account: Account, page: IncomingPage, added: int, policy: Policy, now: datetime
) -> None:
    """Everything that the reading brought is stored: move the cursor, and say what there is to say of the reading."""
    record_reading(uow, account=account, stream=DIRECT, page=page, policy=policy, now=now)
    cursor = uow.cursors.get(account.network, account.id, DIRECT)
    uow.cursors.save(
        replace(
            cursor,
            since_id=page.newest_id or cursor.since_id,
            read_at=now,
            arrived_at=now if added else cursor.arrived_at,
        )
    )


def _waiting_for_code(uow: UnitOfWork, heard: IncomingMessage) -> list[Handoff]:
    """The hand-offs, at other venues, of the author's own cases that show a code and do not know yet who is there; the newest case's first."""
    own = uow.cases.of_author(heard.network, heard.account_id, heard.author.id, limit=CASES_LOOKED_AT)
    there = [handoff for case in own for handoff in uow.handoffs.of_case(case.id)]
    return [
        one
        for one in there
        if one.state.is_current and one.venue is not heard.venue and one.code and not one.is_verified
    ]


def _tell_wrong_code(uow: UnitOfWork, meant: Handoff, message: Message, now: datetime) -> None:
    case = uow.cases.get(message.case_id)
    detail = {"handoff": meant.id, "venue": meant.venue.value}
    saved = save_change(
        uow, case, actor=SYSTEM, action=Action.CODE_WRONG, now=now, message_id=message.id, detail=detail
    )
    notify(uow, saved, saved.claimed_by, Action.CODE_WRONG, actor=SYSTEM, now=now)


def _holds(text: str, code: str) -> bool:
    """Whether the code stands in the text by itself, however its signs are grouped."""
    if not code:
        return False
    signs = r"[\s-]?".join(re.escape(sign) for sign in code)
    return re.search(rf"(?<!\w){signs}(?!\w)", text, re.IGNORECASE) is not None


def _apply_opt_out(
    uow: UnitOfWork, heard: IncomingMessage, message: Message, wish: OptOutRequest | None, now: datetime
) -> None:
    who = heard.network, heard.account_id, heard.author.id
    if wish is None or uow.opt_outs.has(*who) is (wish is OptOutRequest.STOP):
        return
    if wish is OptOutRequest.STOP:
        uow.opt_outs.add(*who, said=heard.text, now=now)
    else:
        uow.opt_outs.remove(*who)
    save_change(
        uow,
        uow.cases.get(message.case_id),
        actor=SYSTEM,
        action=Action.OPTED_OUT,
        now=now,
        message_id=message.id,
        detail={"said": heard.text, "back": wish is OptOutRequest.START},
    )
