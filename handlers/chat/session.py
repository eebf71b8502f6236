"""Serve a live chat session: read, post, record what was seen, rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Account
from domain.cases.case import Case, CaseEvent
from domain.cases.case_lifecycle import asked_by_press
from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.cases.waits import EndReason
from domain.chat.rating import Rating, current_rating
from domain.chat.session import (
    FILE_LIMIT_WINDOW,
    MAX_CHAT_BYTES,
    MAX_CHAT_FILES,
    ChatView,
    OtherChat,
    author_of,
    is_session_valid,
    may_show,
)
from domain.chat.topics import chat_topic
from domain.errors import Refused
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.posts import ReplyBlock
from domain.intake.private_messages import IncomingFile, IncomingMessage
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.transitions import apply_event, notify, save_change
from handlers.cases.waits import end_wait, follow_press
from handlers.handoffs.current_handoff import arrived_handoff
from handlers.intake.private_messages import ingest_private_message, private_stream
from handlers.replies.private import record_delivered
from handlers.triage.classify import Classifier
from storage.conversations import Conversation
from storage.unit_of_work import UnitOfWork

MAX_HISTORY = 200
MAX_NEW_MESSAGES = 100
#: The network and account id of chat messages, which come from no network. Their ids are unique within it.
CHAT = Venue.CHAT.value


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """A message that a customer posted in a chat. `key` is the browser's idempotency key."""

    key: str
    text: str
    files: Sequence[IncomingFile] = ()


class NoChat(Exception):
    """The cookie opens no chat session, or one that has expired."""


class ChatEnded(Refused):
    """The conversation continues elsewhere, so nothing can be posted in this chat."""

    def __init__(self) -> None:
        super().__init__("This chat has ended, so nothing was sent. It goes on elsewhere.")


class TooManyFiles(Exception):
    """The chat's upload quota within `FILE_LIMIT_WINDOW` is used up."""


def view_chat(uow: UnitOfWork, *, secret_hash: str, now: datetime, after: int | None = None) -> ChatView:
    """Read the chat for the browser with this cookie: its newest messages, or those `after` a message id.

    A read without `after` extends the session. One with `after` also returns messages with lower ids that
    were sent late: the browser deduplicates them by id. Raises `NoChat`.
    """
    session, handoff, case, has_ratings, has_transcripts = load_session(uow, secret_hash, now)
    if after is None:
        uow.chat_sessions.touch(session.id, now=now, message_id=session.last_read_message_id)
        read = sorted(uow.messages.of_case(case.id, limit=MAX_HISTORY), key=lambda message: message.id)
        late = list[Message]()
    else:
        late, read = uow.conversations.messages_since(case.id, handoff.id, after, limit=MAX_NEW_MESSAGES)
    shown = [message for message in (*late, *read) if may_show(message, handoff)]
    rating = uow.ratings.of_handoff(handoff.id) if has_ratings else None
    transcripts = uow.transcripts.of_handoff(handoff.id) if has_transcripts else []
    return ChatView(
        session=session,
        handoff=handoff,
        case=case,
        messages=shown,
        cursor=read[-1].id if read else after or 0,
        has_more=after is not None and len(read) == MAX_NEW_MESSAGES,
        is_complete=after is None and len(read) < MAX_HISTORY,
        files=uow.files.of_messages(message.id for message in shown) if shown else {},
        next_venue=_next_venue(uow, handoff, case),
        rating=current_rating(rating, case.closed_at),
        transcript=next(iter(transcripts[::-1]), None),
    )


def authorize(uow: UnitOfWork, *, secret_hash: str, now: datetime, chat_id: int | None = None) -> Handoff:
    """Authorize a request by its cookie; returns the hand-off of its chat. Raises `NoChat`.

    Raises `OtherChat` where `chat_id`, the hand-off id that the page shows, is that of another chat.
    """
    _, handoff, *_ = load_session(uow, secret_hash, now)
    if chat_id not in (None, handoff.id):
        raise OtherChat
    return handoff


def post_message(
    uow: UnitOfWork, posted: PostedMessage, *, secret_hash: str, classifier: Classifier, now: datetime
) -> Message:
    """Ingest a posted message, idempotent by its `key`. Raises `NoChat`, `ChatEnded`, `TooManyFiles`."""
    session, handoff, case, *_ = load_session(uow, secret_hash, now)
    incoming = IncomingMessage(
        venue=Venue.CHAT,
        network=CHAT,
        account_id=CHAT,
        external_id=f"{handoff.id}.{posted.key}",
        author=author_of(case, handoff),
        text=posted.text,
        at=now,
        handoff_id=handoff.id,
        files=posted.files,
    )
    has_ended = handoff.state is not HandoffState.ARRIVED
    # Where neither refuses it, `ingest_private_message` looks whether it is stored already.
    message = _stored_message(uow, incoming) if has_ended or posted.files else None
    if message is None:
        if has_ended:
            raise ChatEnded
        if posted.files:
            _require_file_quota(uow, handoff, case, posted.files, now)
        account = Account(network=case.network, id=case.account_id, handle="", name="")
        known = None if posted.files else (case, handoff)  # counting the files has written the case
        message = ingest_private_message(
            uow, incoming, classifier=classifier, account=account, now=now, known=known
        ) or _stored_message(uow, incoming)
    if message is None:
        raise AssertionError("a message that is neither new nor stored")
    # After the case: whoever tries again has locked that first, and would wait for the session, held here.
    uow.chat_sessions.touch(session.id, now=now, message_id=session.last_read_message_id)
    return message


def record_seen(uow: UnitOfWork, *, secret_hash: str, message_id: int, now: datetime) -> None:
    """Record a read receipt: the browser has shown our messages up to this one. Raises `NoChat`."""
    session, handoff, case, *_ = load_session(uow, secret_hash, now)
    uow.chat_sessions.touch(session.id, now=now, message_id=message_id)
    for message in uow.messages.unseen(case.id, handoff_id=handoff.id, up_to=message_id):
        if may_show(message, handoff):
            record_delivered(uow, message_id=message.id, now=now)


def load_file(uow: UnitOfWork, *, secret_hash: str, file_id: int, now: datetime) -> File:
    """Load a file with its content. Raises `NoChat`; `LookupError` where the chat shows no such file."""
    _, handoff, case, *_ = load_session(uow, secret_hash, now)
    file = uow.files.get(file_id)
    if file.case_id != case.id or not may_show(uow.messages.get(file.message_id), handoff):
        raise LookupError(f"there is no file {file_id} in this chat")
    return file


def rate(uow: UnitOfWork, *, secret_hash: str, solved: bool, comment: str, now: datetime) -> None:
    """Record the customer's rating: `solved` resolves the case, else it returns to the queue. Idempotent.

    Only a verified customer, or one who was answered in this chat, can resolve the case: the link is public,
    so anybody may have opened it. Notifies the assignee of the case. Raises `NoChat`, `ChatEnded`.
    """
    _, handoff, case, *_ = load_session(uow, secret_hash, now)
    if handoff.state is not HandoffState.ARRIVED:
        raise ChatEnded
    before = current_rating(uow.ratings.of_handoff(handoff.id), case.closed_at)
    if before is not None and (before.solved, before.comment) == (solved, comment):
        return
    uow.ratings.put(Rating(handoff_id=handoff.id, case_id=case.id, solved=solved, comment=comment, at=now))
    detail = {"handoff": handoff.id, "solved": solved, "comment": comment}
    uow.signals.send(chat_topic(handoff.id))
    if case.state.is_active and solved and (handoff.is_verified or _was_answered(uow, handoff)):
        saved = apply_event(
            uow,
            case,
            CaseEvent.RESOLVE,
            actor=SYSTEM,
            action=Action.RATED,
            now=now,
            detail=detail,
            closed_at=now,
            snoozed_until=None,
        )
        end_wait(uow, saved, EndReason.RESOLVED, now=now)
    elif not solved:
        saved = apply_event(
            uow,
            asked_by_press(case, now, uow.service_levels),
            CaseEvent.CUSTOMER_WROTE,
            actor=SYSTEM,
            action=Action.RATED,
            now=now,
            detail=detail,
        )
        follow_press(uow, saved, now=now)
    else:
        saved = save_change(uow, case, actor=SYSTEM, action=Action.RATED, now=now, detail=detail)
    notify(uow, saved, case.claimed_by, Action.RATED, actor=SYSTEM, now=now)


def _was_answered(uow: UnitOfWork, handoff: Handoff) -> bool:
    """Whether an agent has written in this chat."""
    messages = uow.messages.of_case(handoff.case_id, limit=MAX_HISTORY)
    there = (m for m in messages if m.handoff_id == handoff.id and m.venue is handoff.venue)
    return any(m.direction is Direction.OUT for m in there)


def load_session(uow: UnitOfWork, secret_hash: str, now: datetime) -> Conversation:
    """Load the session of this cookie, its hand-off and its case. Raises `NoChat`."""
    conversation = uow.conversations.by_secret(secret_hash)
    if conversation is None or not is_session_valid(conversation.session, now):
        raise NoChat
    return conversation


def _next_venue(uow: UnitOfWork, handoff: Handoff, case: Case) -> Venue | None:
    if handoff.state is HandoffState.ARRIVED:
        return None
    if (arrived := arrived_handoff(uow, case.id)) is not None:
        return arrived.venue
    return None if case.reply_block is ReplyBlock.NO_POST else Venue.PUBLIC


def _require_file_quota(
    uow: UnitOfWork, handoff: Handoff, case: Case, files: Sequence[IncomingFile], now: datetime
) -> None:
    # Save the case before counting: of two uploads at once, the second fails here, is rerun and counts the
    # first.
    uow.cases.save(case)
    count, size = uow.files.count_received(case.id, handoff_id=handoff.id, since=now - FILE_LIMIT_WINDOW)
    if (
        count + len(files) > MAX_CHAT_FILES
        or size + sum(len(file.content) for file in files) > MAX_CHAT_BYTES
    ):
        raise TooManyFiles


def _stored_message(uow: UnitOfWork, incoming: IncomingMessage) -> Message | None:
    stream, external_id = private_stream(incoming), incoming.external_id
    return uow.messages.known(stream, incoming.account_id, [external_id]).get(external_id)
