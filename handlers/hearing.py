"""A customer writes to us in private: their words become part of their case, which they re-open, raise, and tell of."""

from datetime import datetime

from domain.assessment import Assessment
from domain.audit import SYSTEM, Action, Entry
from domain.cases import Case
from domain.effects import Effect, PostCard, PostThread, ShareFile, UpdateCard
from domain.files import File
from domain.growth import grown, opened
from domain.handoffs import Handoff, HandoffState, Proof
from domain.messages import Direction, Message
from domain.ports import Account, UnitOfWork
from domain.posts import Post, ReplyBlock
from domain.private import Heard
from domain.venues import Venue
from handlers.changes import tell
from handlers.handoffs import arrive, chat_topic, come_by_themselves
from handlers.matching import place_of
from handlers.reading import Reader
from handlers.receive import ALL_STREAMS
from handlers.viewing import ALL_OF_A_CASE


def private_stream(heard: Heard) -> str:
    """What a private message's id is unique within, besides the account: never that of the network's public posts."""
    return f"{heard.network}:{heard.venue.value}"


def hear(uow: UnitOfWork, heard: Heard, *, reader: Reader, account: Account, now: datetime) -> Message | None:
    """Store a customer's private message with its case, which it re-opens, raises and tells of; `None` where it was heard before.

    Where it belongs to no case it opens one, of `account`.
    """
    uow.cursors.get(heard.network, heard.account_id, ALL_STREAMS)
    stream = private_stream(heard)
    if uow.messages.known(stream, heard.account_id, [heard.external_id]):
        return None
    case, handoff = place_of(uow, heard, window=reader.policy.match_window, now=now)
    post = _as_post(heard, case, account)
    assessment = reader.assess(post)
    if case is None:
        [case] = uow.cases.add_many([opened(account, post, assessment, reader.policy, now)])
        message = _store(uow, case, heard, now)
        _begin(uow, case, heard, message, reader, now)
        handoff = _there(uow, case, heard, None, now)
    else:
        # Before the message, so that the trail tells first that they came.
        handoff = _there(uow, case, heard, handoff, now)
        case, message = _goes_on(uow, uow.cases.get(case.id), heard, post, assessment, reader, now)
    _keep_files(uow, case, heard, message, now)
    if handoff.venue is Venue.CHAT:
        uow.signals.send(chat_topic(handoff.id))
    return message


def _as_post(heard: Heard, case: Case | None, account: Account) -> Post:
    """What the rules read. The author of a case stays who they are in public, whatever they are called elsewhere."""
    author = case.author if case is not None else heard.author
    return Post(
        network=account.network,
        account_id=account.id,
        id=heard.external_id,
        revision_id="",
        author=author,
        text=heard.text,
        created_at=heard.at,
        url="",
        conversation_id=f"{heard.venue.value}:{heard.address or heard.author.id}",
        reply_block=ReplyBlock.NO_POST,
        found_by=heard.venue.value,
    )


def _there(uow: UnitOfWork, case: Case, heard: Heard, handoff: Handoff | None, now: datetime) -> Handoff:
    """The hand-off that this message came by: it has arrived now, whether it was offered or not.

    What belongs to a hand-off but was said elsewhere, as a code is, moves nothing, and shows nobody to have come.
    """
    if handoff is not None and handoff.venue is not heard.venue:
        return handoff
    address = heard.address or heard.author.id
    same = heard.venue is Venue.DM and (case.network, case.author.id) == (heard.network, heard.author.id)
    proof = Proof.SAME_ACCOUNT if same else None
    if handoff is not None and handoff.state in {
        HandoffState.OFFERED,
        HandoffState.EXPIRED,
        HandoffState.ARRIVED,
    }:
        known = handoff.address if handoff.address is not None else address
        return arrive(uow, handoff.id, now=now, address=known, proof=proof)
    nonce = f"{heard.venue.value}:{heard.account_id}:{heard.external_id}"
    return come_by_themselves(
        uow, case, venue=heard.venue, address=address, nonce=nonce, proof=proof, now=now
    )


def _begin(
    uow: UnitOfWork, case: Case, heard: Heard, message: Message, reader: Reader, now: datetime
) -> None:
    uow.audit.add_many([_entry(case, Action.CASE_OPENED, heard, message, now)])
    suggestion = reader.suggest(
        case.assessment, message.text, case.author.name, case_id=case.id, message_id=message.id, now=now
    )
    uow.suggestions.add_many([suggestion] if suggestion else [])
    uow.outbox.add([PostCard(case.id, case.channel)], now=now, priority=case.sort_key)


def _goes_on(
    uow: UnitOfWork,
    case: Case,
    heard: Heard,
    post: Post,
    assessment: Assessment,
    reader: Reader,
    now: datetime,
) -> tuple[Case, Message]:
    came_back = case.first_replied_at is not None or not case.state.is_active
    after = grown(case, post, assessment, reader.policy, now, came_back=came_back)
    saved = uow.cases.save(after)
    message = _store(uow, saved, heard, now)
    uow.audit.add_many([_entry(saved, Action.CUSTOMER_WROTE, heard, message, now)])
    shown: tuple[Effect, ...] = (UpdateCard(saved.id), PostThread(saved.id, saved.channel))
    uow.outbox.add(shown, now=now, priority=saved.sort_key)
    tell(uow, saved, case.claimed_by, Action.CUSTOMER_WROTE, actor=SYSTEM, now=now)
    return saved, message


def _entry(case: Case, action: Action, heard: Heard, message: Message, now: datetime) -> Entry:
    refused = [{"name": file.name, "why": file.refused} for file in heard.files if file.refused is not None]
    return Entry(
        at=now,
        actor=SYSTEM,
        action=action,
        case_id=case.id,
        version=case.version,
        message_id=message.id,
        detail={"venue": heard.venue.value} | ({"refused": refused} if refused else {}),
    )


def _store(uow: UnitOfWork, case: Case, heard: Heard, now: datetime) -> Message:
    draft = Message(
        id=0,
        case_id=case.id,
        direction=Direction.IN,
        venue=heard.venue,
        author_id=heard.author.id,
        author_name=heard.author.name,
        text=heard.text,
        created_at=min(heard.at, now),
        external_id=heard.external_id,
        reply_block=ReplyBlock.NO_POST,
        subject=heard.subject,
        original=heard.original,
    )
    stream = private_stream(heard)
    [message] = uow.messages.add_many([draft], network=stream, account_id=heard.account_id)
    return message


def _keep_files(uow: UnitOfWork, case: Case, heard: Heard, message: Message, now: datetime) -> None:
    kept = [
        File(
            id=0,
            case_id=case.id,
            message_id=message.id,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            created_at=now,
            content=file.content,
        )
        for file in heard.files
        if file.refused is None
    ]
    effects = [ShareFile(file.id, case.id, case.channel) for file in uow.files.add_many(kept)]
    if effects:
        uow.outbox.add(effects, now=now, priority=case.sort_key)


def unshared(uow: UnitOfWork, case: Case) -> list[ShareFile]:
    """What brings the customer's files into the thread that are not there yet."""
    theirs = [m.id for m in uow.messages.of_case(case.id, limit=ALL_OF_A_CASE) if m.direction is Direction.IN]
    files = [file for of_message in uow.files.of_messages(theirs).values() for file in of_message]
    return [ShareFile(file.id, case.id, case.channel) for file in files if file.shared_at is None]
