"""A live chat's conversation as a mail to the customer who asked for it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from adapters.email.compose import begun, one_line, plain
from adapters.email.mailbox import Inbox
from adapters.email.message_ids import Identity
from adapters.email.server_urls import Server
from adapters.email.smtp import send
from adapters.email.words import MailWords, Phrases
from domain.cases.messages import Direction, Message
from domain.chat.transcript import TranscriptEmail
from domain.delivery.outcomes import Finding, Outcome
from domain.venues import Venue


@dataclass(frozen=True, slots=True)
class Said:
    """One line of it; `when` is in UTC and says so."""

    who: str
    when: str
    text: str
    files: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcripts:
    """Keeps `domain.ports.TranscriptMailer`."""

    smtp: Server
    inbox: Inbox
    identity: Identity
    words: MailWords

    def id_of(self, letter: TranscriptEmail) -> str:
        """The Message-ID, without its angle brackets: what is stored, else what the transcript's number makes of it."""
        transcript = letter.transcript
        return transcript.external_id or self.identity.transcript_message_id(transcript.id)

    async def send(self, letter: TranscriptEmail) -> Outcome:
        """Send it, as one try."""
        mail = await asyncio.to_thread(self.compose, letter)
        return await send(self.smtp, mail, self.identity.address, letter.transcript.address)

    async def find(self, letter: TranscriptEmail) -> Finding:
        """Look for it among the mails that the server keeps of what we sent."""
        return await self.inbox.find_sent(self.id_of(letter))

    def compose(self, letter: TranscriptEmail) -> EmailMessage:
        """The mail. It says that a program made it (RFC 3834), so that no other program answers."""
        brand = self.identity.name or self.identity.domain
        language, phrases = self.words.in_language(letter.case.assessment.language)
        subject = one_line(phrases.transcript_subject.format(brand=brand))
        mail = begun(
            self.identity,
            letter.transcript.address,
            subject=subject,
            handoff_id=letter.handoff.id,
            at=letter.transcript.asked_at,
            message_id=self.id_of(letter),
        )
        mail["Auto-Submitted"] = "auto-generated"
        shown = {
            "intro": phrases.transcript_intro.format(brand=brand),
            "asked": phrases.transcript_asked.format(brand=brand),
            "lines": [self._said(letter, line, phrases) for line in letter.lines],
            "language": language,
            "subject": subject,
        }
        mail.set_content(self.words.transcript_text.render(shown))
        mail.add_alternative(self.words.transcript_html.render(shown), subtype="html")
        return mail

    def _said(self, letter: TranscriptEmail, line: Message, phrases: Phrases) -> Said:
        return Said(
            who=one_line(self._who(letter, line, phrases)),
            when=f"{line.sent_at or line.created_at:%Y-%m-%d %H:%M} UTC",
            text=plain(line.text).strip(),
            files=[one_line(file.name) for file in letter.files.get(line.id, ())],
        )

    def _who(self, letter: TranscriptEmail, line: Message, phrases: Phrases) -> str:
        """A customer's public line is under their public name: who reads this may be somebody else."""
        if line.direction is Direction.IN:
            return line.author_name if line.venue is Venue.PUBLIC else phrases.you
        brand = self.identity.name or self.identity.domain
        name = letter.names.get(line.sent_by or "", "")
        return f"{name} ({brand})" if name else brand
