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
from handlers.changes import record
from handlers.handoffs import verify_by_code
from handlers.hearing import hear, private_stream
from handlers.reading import Reader
from handlers.streams import DIRECT, note_reading

CASES_LOOKED_AT = 5


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

    One that holds the code of the author's own hand-off verifies that one, and does not move the conversation away from it.
    """
    shown = _whose_code(uow, heard)
    if shown is not None:
        verify_by_code(uow, code=shown.code, network=heard.network, author_id=heard.author.id, now=now)
        heard = replace(heard, handoff_id=shown.id)
    message = hear(uow, heard, reader=reader, account=account, now=now)
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


def _whose_code(uow: UnitOfWork, heard: Heard) -> Handoff | None:
    """The hand-off, at another venue, of one of the author's own cases whose code the message holds."""
    for case in uow.cases.of_author(heard.network, heard.account_id, heard.author.id, limit=CASES_LOOKED_AT):
        for handoff in uow.handoffs.of_case(case.id):
            elsewhere = handoff.state.is_current and handoff.venue is not heard.venue
            if elsewhere and _holds(heard.text, handoff.code):
                return handoff
    return None


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
