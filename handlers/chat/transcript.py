"""A live chat's conversation by mail: asked for by the customer in their browser, once, with an address that is used for nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.chat.session import may_show
from domain.chat.topics import chat_topic
from domain.chat.transcript import MOST, Transcript, TranscriptLetter
from domain.delivery.effects import SendTranscript
from domain.errors import Refused
from domain.handoffs.handoff import Handoff
from domain.records.audit import SYSTEM, Action
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.chat.session import session_case
from storage.unit_of_work import UnitOfWork


class EnoughTranscripts(Refused):
    """As many as one conversation may have were mailed."""

    def __init__(self) -> None:
        super().__init__(f"Nothing was mailed: {MOST} mails with this conversation were asked for already.")


def ask_transcript(uow: UnitOfWork, *, secret_hash: str, address: str, now: datetime) -> Transcript:
    """Have the conversation, as it stands, mailed to this address. Raises `NoChat`, `EnoughTranscripts`.

    Where nothing was said since, asking again with the same address is asking once.
    """
    _, handoff, case = session_case(uow, secret_hash, now)
    before = uow.transcripts.of_handoff(handoff.id)
    shown = _lines(uow, handoff, case.id)
    up_to = shown[-1].id if shown else 0
    for one in before:
        if (one.address, one.up_to, one.error) == (address, up_to, None):
            return one
    if len(before) >= MOST:
        raise EnoughTranscripts
    asked = uow.transcripts.add(
        Transcript(id=0, handoff_id=handoff.id, case_id=case.id, address=address, up_to=up_to, asked_at=now)
    )
    save_change(uow, case, actor=SYSTEM, action=Action.TRANSCRIPT_ASKED, now=now, detail={"address": address})
    uow.outbox.add([SendTranscript(asked.id, case.id)], now=now, priority=case.sort_key)
    uow.signals.send(chat_topic(handoff.id))
    return asked


def load_transcript(uow: UnitOfWork, *, transcript_id: int) -> TranscriptLetter:
    """The transcript with the lines that its chat shows; names of our people are the caller's to add. Raises `LookupError`."""
    transcript = uow.transcripts.get(transcript_id)
    handoff = uow.handoffs.get(transcript.handoff_id)
    lines = [line for line in _lines(uow, handoff, transcript.case_id) if line.id <= transcript.up_to]
    return TranscriptLetter(
        transcript=transcript,
        case=uow.cases.get(transcript.case_id),
        handoff=handoff,
        lines=lines,
        files=uow.files.of_messages(line.id for line in lines),
    )


def assign_message_id(uow: UnitOfWork, *, transcript_id: int, external_id: str) -> None:
    """Store the Message-ID under which it is about to leave."""
    uow.transcripts.save(replace(uow.transcripts.get(transcript_id), external_id=external_id))


def transcript_sent(uow: UnitOfWork, *, transcript_id: int, now: datetime) -> None:
    """The mail server has it."""
    case, transcript = _both(uow, transcript_id)
    if transcript.sent_at is None:
        _settle(uow, case, replace(transcript, sent_at=now), Action.TRANSCRIPT_SENT, now)


def transcript_failed(uow: UnitOfWork, *, transcript_id: int, reason: str, now: datetime) -> None:
    """It was not mailed, or came back since."""
    case, transcript = _both(uow, transcript_id)
    if transcript.error is None:
        _settle(uow, case, replace(transcript, error=reason), Action.TRANSCRIPT_FAILED, now)


def _both(uow: UnitOfWork, transcript_id: int) -> tuple[Case, Transcript]:
    """The case, then the transcript: whoever changes the transcript from here on changes the case too, and saving it tells."""
    case = uow.cases.get(uow.transcripts.get(transcript_id).case_id)
    return case, uow.transcripts.get(transcript_id)


def _settle(uow: UnitOfWork, case: Case, transcript: Transcript, action: Action, now: datetime) -> None:
    uow.transcripts.save(transcript)
    detail = {"address": transcript.address, "reason": transcript.error}
    save_change(uow, case, actor=SYSTEM, action=action, now=now, detail=detail)
    uow.signals.send(chat_topic(transcript.handoff_id))


def _lines(uow: UnitOfWork, handoff: Handoff, case_id: int) -> Sequence[Message]:
    said = uow.messages.of_case(case_id, limit=MAX_CASE_MESSAGES)
    return sorted((line for line in said if may_show(line, handoff)), key=lambda line: line.id)
