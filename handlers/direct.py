"""A customer's direct message arrives: heard, with what it may be besides words: a wish not to be written to, or a code."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.audit import SYSTEM, Action
from domain.handoffs import Handoff
from domain.messages import Message
from domain.opting import OptOutWords, Wish
from domain.policy import Policy
from domain.ports import Account, UnitOfWork
from domain.private import Heard, HeardPage
from handlers.changes import record, tell
from handlers.handoffs import verify_by_code
from handlers.hearing import hear, private_stream
from handlers.reading import Reader
from handlers.streams import DIRECT, note_reading

CASES_LOOKED_AT = 5
#: Six digits by themselves, grouped or not.
_LIKE_A_CODE = re.compile(r"(?<![\w-])\d{3}[\s-]?\d{3}(?![\w-])")


def unheard(uow: UnitOfWork, heard: Sequence[Heard]) -> list[Heard]:
    """Those of these messages, all of one stream, that are not stored yet."""
    if not heard:
        return []
    ids = [one.external_id for one in heard]
    known = uow.messages.known(private_stream(heard[0]), heard[0].account_id, ids)
    return [one for one in heard if one.external_id not in known]


def take_direct(
    uow: UnitOfWork, heard: Heard, *, reader: Reader, account: Account, words: OptOutWords, now: datetime
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
    message = hear(uow, heard, reader=reader, account=account, now=now)
    if message is not None and meant is not None and shown is None:
        _tell_wrong_code(uow, meant, message, now)
    if message is not None and not heard.files:
        _mind_wish(uow, heard, message, words.wish(heard.text), now)
    return message


def note_directs_read(
    uow: UnitOfWork, *, account: Account, page: HeardPage, added: int, policy: Policy, now: datetime
) -> None:
    """Everything that the reading brought is stored: move the cursor, and say what there is to say of the reading."""
    note_reading(uow, account=account, stream=DIRECT, page=page, policy=policy, now=now)
    cursor = uow.cursors.get(account.network, account.id, DIRECT)
    uow.cursors.save(
        replace(
            cursor,
            since_id=page.newest_id or cursor.since_id,
            read_at=now,
            arrived_at=now if added else cursor.arrived_at,
        )
    )


def _waiting_for_code(uow: UnitOfWork, heard: Heard) -> list[Handoff]:
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
    saved = record(
        uow, case, actor=SYSTEM, action=Action.CODE_WRONG, now=now, message_id=message.id, detail=detail
    )
    tell(uow, saved, saved.claimed_by, Action.CODE_WRONG, actor=SYSTEM, now=now)


def _holds(text: str, code: str) -> bool:
    """Whether the code stands in the text by itself, however its signs are grouped."""
    if not code:
        return False
    signs = r"[\s-]?".join(re.escape(sign) for sign in code)
    return re.search(rf"(?<!\w){signs}(?!\w)", text, re.IGNORECASE) is not None


def _mind_wish(uow: UnitOfWork, heard: Heard, message: Message, wish: Wish | None, now: datetime) -> None:
    who = heard.network, heard.account_id, heard.author.id
    if wish is None or uow.opt_outs.has(*who) is (wish is Wish.STOP):
        return
    if wish is Wish.STOP:
        uow.opt_outs.add(*who, said=heard.text, now=now)
    else:
        uow.opt_outs.remove(*who)
    record(
        uow,
        uow.cases.get(message.case_id),
        actor=SYSTEM,
        action=Action.OPTED_OUT,
        now=now,
        message_id=message.id,
        detail={"said": heard.text, "back": wish is Wish.START},
    )
