"""Reading a case for show: its card, its thread, its customer's history."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.messages import Direction, Message
from domain.cases.views import CaseView, ThreadView
from domain.handoffs.handoff import Handoff, HandoffState
from domain.records.audit import NOT_IN_THREAD, Action, Entry, ThreadPost, for_thread
from storage.unit_of_work import UnitOfWork

HISTORY_AT_MOST = 20
CONTACTS_WITHIN = timedelta(days=30)
TRANSCRIPT_AT_MOST = 50
MAX_CASE_MESSAGES = 1000


def view_case(uow: UnitOfWork, *, case_id: int, now: datetime) -> CaseView:
    """The case as its card shows it."""
    case = uow.cases.get(case_id)
    handoff, current = latest_handoff(uow, case_id), uow.handoffs.current(case_id)
    messages = uow.messages.of_case(case_id, limit=TRANSCRIPT_AT_MOST)
    return CaseView(
        case=case,
        messages=messages,
        suggestion=uow.suggestions.latest(case_id),
        contacts=uow.cases.count_of_author(
            case.network, case.account_id, case.author.id, since=now - CONTACTS_WITHIN
        ),
        answer=uow.messages.newest_answer(case_id),
        handoff=handoff,
        offered=current if current != handoff else None,
        opted_out=uow.opt_outs.has(case.network, case.account_id, case.author.id),
    )


def latest_handoff(uow: UnitOfWork, case_id: int) -> Handoff | None:
    """Where the conversation is, or is expected; else the newest hand-off that expired or came back."""
    newest_first = uow.handoffs.of_case(case_id)[::-1]
    ways = (HandoffState.ARRIVED, HandoffState.OFFERED)
    found = (one for state in ways for one in newest_first if one.state is state)
    return next(found, newest_first[0] if newest_first else None)


def newest_inbound_id(messages: list[Message]) -> int:
    """The id of the customer's last message; 0 where there is none."""
    return max((message.id for message in messages if message.direction is Direction.IN), default=0)


def get_case(uow: UnitOfWork, *, case_id: int) -> Case:
    """The case; raises `CaseNotFound`."""
    return uow.cases.get(case_id)


def view_thread(uow: UnitOfWork, *, case_id: int) -> ThreadView:
    """What the thread has yet to tell."""
    case = uow.cases.get(case_id)
    return _thread(uow, case, for_thread(uow.audit.of_case(case_id, after=case.thread_seen)))


def view_thread_post(uow: UnitOfWork, *, case_id: int, ts: str) -> tuple[ThreadPost, ThreadView]:
    """What a message that stands in the thread tells; raises `LookupError` where we have posted none there."""
    post = uow.thread_posts.get(case_id, ts)
    if post is None:
        raise LookupError(f"the thread of case {case_id} has no message {ts} of ours")
    entries = uow.audit.of_case(case_id, after=post.first - 1)
    told = [entry for entry in entries if entry.id <= post.last and entry.action not in NOT_IN_THREAD]
    return post, _thread(uow, uow.cases.get(case_id), told)


def _thread(uow: UnitOfWork, case: Case, entries: Sequence[Entry]) -> ThreadView:
    ids = {entry.message_id for entry in entries if entry.message_id is not None}
    messages = {message_id: uow.messages.get(message_id) for message_id in ids}
    return ThreadView(
        case=case,
        entries=entries,
        messages=messages,
        files=uow.files.of_messages(ids),
        handoff=latest_handoff(uow, case.id),
    )


def view_history(uow: UnitOfWork, *, case_id: int) -> tuple[Case, list[Case]]:
    """The case, and its customer's other cases, newest first."""
    case = uow.cases.get(case_id)
    of_author = uow.cases.of_author(case.network, case.account_id, case.author.id, limit=HISTORY_AT_MOST)
    return case, [other for other in of_author if other.id != case.id]


def outbox_counts(uow: UnitOfWork) -> dict[str, int]:
    """How many outward acts stand in each state."""
    return dict(uow.outbox.counts())


_CHANGES_A_POST = frozenset({Action.CUSTOMER_EDITED, Action.POST_GONE})


def messages_since(uow: UnitOfWork, case_id: int, *, seen: int, version: int) -> list[Message]:
    """What the customer wrote, wrote otherwise, or took back since a form was drawn at `version` that showed all up to `seen`."""
    since = uow.audit.since_version(case_id, version)
    changed = {entry.message_id for entry in since if entry.action in _CHANGES_A_POST}
    messages = uow.messages.of_case(case_id)
    return [m for m in messages if m.direction is Direction.IN and (m.id > seen or m.id in changed)]
