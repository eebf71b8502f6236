"""What a browser with a live chat may do: come in by its link, read, write, say what it has shown, and say whether it was solved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Account
from domain.cases.case import Case, CaseEvent
from domain.cases.case_lifecycle import reopened_at
from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.chat.rating import Rating, standing
from domain.chat.session import (
    FILES_WITHIN,
    MOST_BYTES,
    MOST_FILES,
    ChatSession,
    ChatView,
    LinkFault,
    LinkRefused,
    OtherChat,
    holds,
    may_show,
    own_session,
)
from domain.chat.topics import chat_topic
from domain.errors import Refused
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.posts import Author, ReplyBlock
from domain.intake.private_messages import IncomingFile, IncomingMessage
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.transitions import apply_event, notify, save_change
from handlers.handoffs.arrival import record_arrival
from handlers.handoffs.current import arrived_handoff
from handlers.intake.private_messages import ingest_private_message, private_stream
from handlers.replies.private import record_delivered
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

HISTORY_AT_MOST = 200
READ_AT_ONCE = 100
#: The stream that chat messages belong to: they come from no network, and ids are unique within it.
CHAT = Venue.CHAT.value
VISITOR = "Visitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """What a customer wrote in a chat. `key` is the browser's own, so that what is posted again is one message."""

    key: str
    text: str
    files: Sequence[IncomingFile] = ()


class NoChat(Exception):
    """This browser has no chat, or not any more."""


class ChatEnded(Refused):
    """The conversation goes on elsewhere, so nothing can be written here."""

    def __init__(self) -> None:
        super().__init__("This chat has ended, so nothing was sent. It goes on elsewhere.")


class TooManyFiles(Exception):
    """This chat has taken as many files as it does within its time."""


def check_link(
    uow: UnitOfWork, *, nonce: str, secret_hash: str, held: str | None, now: datetime
) -> ChatSession | None:
    """What the link of this nonce would do for the browser, without using it up: let it in where it has been, as `open_session` tells; `None` where it would be new.

    Raises `LinkRefused`.
    """
    handoff = _offered_by(uow, nonce)
    sessions = uow.chat_sessions.of_handoff(handoff.id)
    return own_session(sessions, handoff, {held, secret_hash}, now)


def open_session(
    uow: UnitOfWork, *, nonce: str, secret_hash: str, held: str | None, now: datetime
) -> ChatSession:
    """Let the browser in that came by the link of this nonce; `held` is the hash of the cookie that it has.

    The same browser may come again, as often as it likes; another one is refused. Raises `LinkRefused`.
    """
    handoff = _offered_by(uow, nonce)
    # The case is read before its sessions, and saved as it was read: of two browsers at the same moment one is run again, and sees the other's.
    case = uow.cases.get(handoff.case_id)
    sessions = uow.chat_sessions.of_handoff(handoff.id)
    own = own_session(sessions, uow.handoffs.get(handoff.id), {held, secret_hash}, now)
    if own is not None:
        return own
    uow.cases.save(case)
    record_arrival(uow, handoff.id, now=now, address=_address(handoff))
    return uow.chat_sessions.add(
        ChatSession(id=0, handoff_id=handoff.id, secret_hash=secret_hash, created_at=now, last_seen_at=now)
    )


def view_chat(uow: UnitOfWork, *, secret_hash: str, now: datetime, after: int | None = None) -> ChatView:
    """What the browser with this cookie is shown: the newest part of the story, or what came `after` a message. Raises `NoChat`.

    Who loads the story is there, and keeps their way in for as long again. What came after holds, too, what was written before that message
    and sent only since: a browser that has shown it already knows it by its id.
    """
    session, handoff, case = session_case(uow, secret_hash, now)
    if after is None:
        uow.chat_sessions.seen(session.id, now=now, message_id=session.seen_id)
        read = sorted(uow.messages.of_case(case.id, limit=HISTORY_AT_MOST), key=lambda message: message.id)
    else:
        read = uow.messages.after(case.id, message_id=after, limit=READ_AT_ONCE)
    late = [] if after is None else uow.messages.late(case.id, handoff_id=handoff.id)
    before = [message for message in late if message.id <= (after or 0)]
    lines = [message for message in (*before, *read) if may_show(message, handoff)]
    return ChatView(
        session=session,
        handoff=handoff,
        case=case,
        lines=lines,
        read_to=read[-1].id if read else after or 0,
        more=after is not None and len(read) == READ_AT_ONCE,
        whole=after is None and len(read) < HISTORY_AT_MOST,
        files=uow.files.of_messages(line.id for line in lines) if lines else {},
        goes_on=_goes_on(uow, handoff, case),
        rating=standing(uow.ratings.of_handoff(handoff.id), case.closed_at),
        transcript=next(iter(uow.transcripts.of_handoff(handoff.id)[::-1]), None),
    )


def enter(uow: UnitOfWork, *, secret_hash: str, now: datetime, chat: int | None = None) -> Handoff:
    """The hand-off whose chat this cookie opens. Raises `NoChat`, and `OtherChat` where it is not the one that the page says it shows."""
    _, handoff, _ = session_case(uow, secret_hash, now)
    if chat not in (None, handoff.id):
        raise OtherChat
    return handoff


def post_message(
    uow: UnitOfWork,
    written: PostedMessage,
    *,
    secret_hash: str,
    classifier: Classifier,
    now: datetime,
) -> Message:
    """What the customer wrote; posted again it is the same message. Raises `NoChat`, `ChatEnded`, `TooManyFiles`."""
    session, handoff, case = session_case(uow, secret_hash, now)
    uow.chat_sessions.seen(session.id, now=now, message_id=session.seen_id)
    heard = IncomingMessage(
        venue=Venue.CHAT,
        network=CHAT,
        account_id=CHAT,
        external_id=f"{handoff.id}.{written.key}",
        author=_author(case, handoff),
        text=written.text,
        at=now,
        handoff_id=handoff.id,
        files=written.files,
    )
    if (known := _known(uow, heard)) is not None:
        return known
    if handoff.state is not HandoffState.ARRIVED:
        raise ChatEnded
    if written.files:
        _require_room(uow, handoff, case, written.files, now)
    account = Account(network=case.network, id=case.account_id, handle="", name="")
    message = ingest_private_message(uow, heard, classifier=classifier, account=account, now=now) or _known(
        uow, heard
    )
    if message is None:
        raise AssertionError("what was heard before is stored")
    return message


def record_seen(uow: UnitOfWork, *, secret_hash: str, message_id: int, now: datetime) -> None:
    """The browser has shown our messages as far as this one. Raises `NoChat`."""
    session, handoff, case = session_case(uow, secret_hash, now)
    uow.chat_sessions.seen(session.id, now=now, message_id=message_id)
    for message in uow.messages.unseen(case.id, handoff_id=handoff.id, up_to=message_id):
        if may_show(message, handoff):
            record_delivered(uow, message_id=message.id, now=now)


def file_of(uow: UnitOfWork, *, secret_hash: str, file_id: int, now: datetime) -> File:
    """A file that this browser may see, with its content. Raises `NoChat`; `LookupError` where it may not, or there is none."""
    _, handoff, case = session_case(uow, secret_hash, now)
    file = uow.files.get(file_id)
    if file.case_id != case.id or not may_show(uow.messages.get(file.message_id), handoff):
        raise LookupError(f"there is no file {file_id} in this chat")
    return file


def rate(uow: UnitOfWork, *, secret_hash: str, solved: bool, comment: str, now: datetime) -> None:
    """The customer says whether it was solved: then the case is closed; otherwise somebody has to look again. Raises `NoChat`, `ChatEnded`.

    The link is public: whoever came by it and was told nothing yet has nothing to say of it, and closes no case.
    """
    _, handoff, case = session_case(uow, secret_hash, now)
    if handoff.state is not HandoffState.ARRIVED:
        raise ChatEnded
    before = standing(uow.ratings.of_handoff(handoff.id), case.closed_at)
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
    elif not solved:
        saved = apply_event(
            uow,
            case,
            CaseEvent.CUSTOMER_WROTE,
            actor=SYSTEM,
            action=Action.RATED,
            now=now,
            detail=detail,
            waiting_since=case.waiting_since or now,
            reopened_at=reopened_at(case, now),
            snoozed_until=None,
            closed_by=None,
            closed_at=None,
        )
    else:
        saved = save_change(uow, case, actor=SYSTEM, action=Action.RATED, now=now, detail=detail)
    notify(uow, saved, case.claimed_by, Action.RATED, actor=SYSTEM, now=now)


def _was_answered(uow: UnitOfWork, handoff: Handoff) -> bool:
    """Whether somebody of ours has written in this very chat."""
    said = uow.messages.of_case(handoff.case_id, limit=HISTORY_AT_MOST)
    return any(m.direction is Direction.OUT and m.handoff_id == handoff.id for m in said)


def session_case(uow: UnitOfWork, secret_hash: str, now: datetime) -> tuple[ChatSession, Handoff, Case]:
    """The browser with this cookie, where it is, and its case. Raises `NoChat`."""
    session = uow.chat_sessions.by_secret(secret_hash)
    if session is None or not holds(session, now):
        raise NoChat
    handoff = uow.handoffs.get(session.handoff_id)
    return session, handoff, uow.cases.get(handoff.case_id)


def _goes_on(uow: UnitOfWork, handoff: Handoff, case: Case) -> Venue | None:
    if handoff.state is HandoffState.ARRIVED:
        return None
    if (there := arrived_handoff(uow, case.id)) is not None:
        return there.venue
    return None if case.reply_block is ReplyBlock.NO_POST else Venue.PUBLIC


def _require_room(
    uow: UnitOfWork, handoff: Handoff, case: Case, files: Sequence[IncomingFile], now: datetime
) -> None:
    # The case is saved as it was read before the files are counted: of two at the same moment one is run again, and counts the other's.
    uow.cases.save(case)
    many, size = uow.files.taken(case.id, handoff_id=handoff.id, since=now - FILES_WITHIN)
    if many + len(files) > MOST_FILES or size + sum(len(file.content) for file in files) > MOST_BYTES:
        raise TooManyFiles


def _offered_by(uow: UnitOfWork, nonce: str) -> Handoff:
    handoff = uow.handoffs.by_nonce(nonce)
    if handoff is None or handoff.venue is not Venue.CHAT:
        raise LinkRefused(LinkFault.FORGED)
    return handoff


def _known(uow: UnitOfWork, heard: IncomingMessage) -> Message | None:
    return uow.messages.known(private_stream(heard), heard.account_id, [heard.external_id]).get(
        heard.external_id
    )


def _address(handoff: Handoff) -> str:
    """Whoever is there: nobody knows more of them than that they came by this link."""
    return f"{CHAT}.{handoff.id}"


def _author(case: Case, handoff: Handoff) -> Author:
    return case.author if handoff.is_verified else Author(id=_address(handoff), handle="", name=VISITOR)
