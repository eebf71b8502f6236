"""Mail a chat's transcript to the customer who requested it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.chat.transcript import TranscriptEmail, TranscriptMailer
from domain.delivery.decisions import MAX_CHECKS
from domain.delivery.effects import Job, SendTranscript
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later, Outcome
from handlers.chat.transcript import (
    assign_message_id,
    load_transcript,
    record_transcript_failed,
    record_transcript_sent,
)
from handlers.context import AppContext
from handlers.delivery.performers.base import LogOutcome, effect_of
from storage.unit_of_work import UnitOfWork


class TranscriptSender(LogOutcome):
    """Performs `SendTranscript`. Agents appear by their first names."""

    def __init__(self, ctx: AppContext) -> None:
        self._desk = ctx.desk
        self._mail: TranscriptMailer | None = ctx.email.transcripts if ctx.email is not None else None
        self._directory = ctx.directory

    async def perform(self, job: Job) -> Outcome:
        if self._mail is None:
            return Failed("E-mail is no longer set up here")
        email = await self._load_email(job)
        if email.transcript.sent_at is not None:
            return Done()
        if email.transcript.external_id is None:
            transcript_id, own_id = email.transcript.id, self._mail.id_of(email)
            await self._desk.run_durably(assign_message_id, transcript_id=transcript_id, external_id=own_id)
        return await self._mail.send(email)

    async def find(self, job: Job) -> Finding:
        """Search the mailbox's sent folder for the transcript.

        Absent only after `MAX_CHECKS` checks: the server may file a sent mail late, and nobody can be asked.
        """
        if self._mail is None:
            return Failed("E-mail is no longer set up here")
        found = await self._mail.find(await self._load_email(job))
        return (
            Later("it is not there yet") if isinstance(found, Absent) and job.checks < MAX_CHECKS else found
        )

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        record_transcript_sent(uow, transcript_id=effect_of(job, SendTranscript).transcript_id, now=now)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        transcript_id = effect_of(job, SendTranscript).transcript_id
        record_transcript_failed(uow, transcript_id=transcript_id, reason=failure.reason, now=now)

    async def _load_email(self, job: Job) -> TranscriptEmail:
        effect = effect_of(job, SendTranscript)
        email = await self._desk.run(load_transcript, transcript_id=effect.transcript_id)
        agents = {message.sent_by for message in email.messages if message.sent_by is not None}
        return replace(
            email,
            names={agent: await self._directory.first_name(agent) for agent in sorted(agents)},
            page_language=effect.page_language,
            time_zone=effect.time_zone,
        )
