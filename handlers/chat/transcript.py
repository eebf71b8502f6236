"""Request and mail the transcript of a live chat. The address is used for nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Direction, Message
from domain.chat.session import may_show
from domain.chat.topics import chat_topic
from domain.chat.transcript import ADDRESS_PAUSE, MAX_TRANSCRIPTS, Transcript, TranscriptEmail
from domain.delivery.effects import SendTranscript
from domain.errors import Refused
from domain.handoffs.email_addresses import same_address
from domain.handoffs.handoff import Handoff
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.chat.session import load_session
from storage.unit_of_work import UnitOfWork


class TooManyTranscripts(Refused):
    """The limit of transcripts per conversation is reached."""

    def __init__(self) -> None:
        super().__init__(
            f"Nothing was mailed: {MAX_TRANSCRIPTS} mails with this conversation were asked for already."
        )


class OtherAddressJustNow(Refused):
    """Within `ADDRESS_PAUSE` this chat was mailed to another address, or another chat to this mailbox."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was mailed: within an hour a chat is mailed to one address. Try again later."
        )


def request_transcript(
    uow: UnitOfWork,
    *,
    secret_hash: str,
    address: str,
    now: datetime,
    page_language: str = "",
    time_zone: str = "",
) -> Transcript:
    """Enqueue a mail of the conversation so far to this address.

    The last two are as in `TranscriptEmail`.

    Raises `NoChat`, `TooManyTranscripts`, `OtherAddressJustNow`.

    Deduplicated: the same address gets no second mail until there are new messages, or the first one failed.
    """
    _, handoff, case, *_ = load_session(uow, secret_hash, now)
    earlier = uow.transcripts.of_handoff(handoff.id)
    messages = _shown_messages(uow, handoff, case.id)
    last_message_id = messages[-1].id if messages else 0
    for transcript in earlier:
        if (transcript.address, transcript.last_message_id, transcript.error) == (
            address,
            last_message_id,
            None,
        ):
            return transcript
    if len(earlier) >= MAX_TRANSCRIPTS:
        raise TooManyTranscripts
    since = now - ADDRESS_PAUSE
    # What was asked for later than now was so before the clock was set back.
    if any(one.address != address and since < one.requested_at <= now for one in earlier) or any(
        one.handoff_id != handoff.id and one.requested_at <= now
        for one in uow.transcripts.to_mailbox(address, since=since)
    ):
        raise OtherAddressJustNow
    requested = uow.transcripts.add(
        Transcript(
            id=0,
            handoff_id=handoff.id,
            case_id=case.id,
            address=address,
            last_message_id=last_message_id,
            requested_at=now,
        )
    )
    save_change(uow, case, actor=SYSTEM, action=Action.TRANSCRIPT_ASKED, now=now, detail={"address": address})
    mail = SendTranscript(requested.id, case.id, page_language, time_zone)
    uow.outbox.add([mail], now=now, priority=case.sort_key)
    uow.signals.send(chat_topic(handoff.id))
    return requested


def load_transcript(uow: UnitOfWork, *, transcript_id: int) -> TranscriptEmail:
    """Load the transcript with the messages that its chat shows, without agents' names.

    Raises `LookupError`.
    """
    transcript = uow.transcripts.get(transcript_id)
    handoff = uow.handoffs.get(transcript.handoff_id)
    all_messages = uow.messages.of_case(transcript.case_id, limit=MAX_CASE_MESSAGES)
    shown = _shown_messages(uow, handoff, transcript.case_id)
    messages = [message for message in shown if message.id <= transcript.last_message_id]
    return TranscriptEmail(
        transcript=transcript,
        case=uow.cases.get(transcript.case_id),
        handoff=handoff,
        messages=messages,
        files=uow.files.of_messages(message.id for message in messages),
        is_address_proven=any(
            m.direction is Direction.IN
            and m.venue is Venue.EMAIL
            and m.sender_authenticated
            and same_address(m.author_id, transcript.address)
            for m in all_messages
        ),
    )


def assign_message_id(uow: UnitOfWork, *, transcript_id: int, external_id: str) -> None:
    """Store the transcript's Message-ID before it is sent, so that reconciliation can find it."""
    uow.transcripts.save(replace(uow.transcripts.get(transcript_id), external_id=external_id))


def record_transcript_sent(uow: UnitOfWork, *, transcript_id: int, now: datetime) -> None:
    """Record that the mail server accepted the transcript. Idempotent."""
    case, transcript = _load_case_and_transcript(uow, transcript_id)
    if transcript.sent_at is None:
        _settle(uow, case, replace(transcript, sent_at=now), Action.TRANSCRIPT_SENT, now)


def record_transcript_failed(uow: UnitOfWork, *, transcript_id: int, reason: str, now: datetime) -> None:
    """Record that the transcript was not sent, or bounced. Idempotent."""
    case, transcript = _load_case_and_transcript(uow, transcript_id)
    if transcript.error is None:
        _settle(uow, case, replace(transcript, error=reason), Action.TRANSCRIPT_FAILED, now)


def _load_case_and_transcript(uow: UnitOfWork, transcript_id: int) -> tuple[Case, Transcript]:
    """Load the case, then its transcript.

    In this order the compare-and-swap on the case's version also covers the transcript: whoever changes a
    transcript saves its case, too.
    """
    case = uow.cases.get(uow.transcripts.get(transcript_id).case_id)
    return case, uow.transcripts.get(transcript_id)


def _settle(uow: UnitOfWork, case: Case, transcript: Transcript, action: Action, now: datetime) -> None:
    uow.transcripts.save(transcript)
    detail = {"address": transcript.address, "reason": transcript.error}
    save_change(uow, case, actor=SYSTEM, action=action, now=now, detail=detail)
    uow.signals.send(chat_topic(transcript.handoff_id))


def _shown_messages(uow: UnitOfWork, handoff: Handoff, case_id: int) -> Sequence[Message]:
    messages = uow.messages.of_case(case_id, limit=MAX_CASE_MESSAGES)
    return sorted(
        (message for message in messages if may_show(message, handoff)), key=lambda message: message.id
    )
