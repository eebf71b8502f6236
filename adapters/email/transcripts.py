"""Mail a live chat's transcript to the customer who asked for it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage

from adapters.email.compose import clean_text, new_mail, one_line
from adapters.email.dates import in_words
from adapters.email.mailbox import EmailInbox
from adapters.email.message_ids import EmailIdentity
from adapters.email.server_urls import Server
from adapters.email.smtp import send
from adapters.email.words import MailWords, Phrases
from domain.cases.messages import Direction, Message
from domain.chat.transcript import TranscriptEmail
from domain.delivery.outcomes import Finding, Outcome
from domain.handoffs.link_tokens import without_tokens
from domain.venues import Venue

_LEFT_OUT = "(…)"


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the transcript as the template shows it; `when` names its time zone."""

    who: str
    when: str
    text: str
    files: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcripts:
    """Implements `domain.chat.transcript.TranscriptMailer` over SMTP, and IMAP for `find`."""

    smtp: Server
    inbox: EmailInbox
    identity: EmailIdentity
    words: MailWords

    def id_of(self, letter: TranscriptEmail) -> str:
        """Return the Message-ID, without angle brackets.

        The stored one, else one derived from the transcript's id.
        """
        transcript = letter.transcript
        return transcript.external_id or self.identity.transcript_message_id(transcript.id)

    async def send(self, letter: TranscriptEmail) -> Outcome:
        """Send the mail: one try, no retry."""
        mail = await asyncio.to_thread(self.compose, letter)
        sender = self.identity.envelope_sender(self.id_of(letter))
        return await send(self.smtp, mail, sender, letter.transcript.address)

    async def find(self, letter: TranscriptEmail) -> Finding:
        """Look for the mail in the server's Sent mailbox, by Message-ID."""
        return await self.inbox.find_sent(self.id_of(letter))

    def compose(self, letter: TranscriptEmail) -> EmailMessage:
        """Compose the mail, marked as automatic (RFC 3834) so that no autoresponder answers it."""
        brand = self.identity.name or self.identity.domain
        language, phrases = self.words.in_language(letter.case.assessment.language, letter.page_language)
        subject = one_line(phrases.transcript_subject.format(brand=brand))
        mail = new_mail(
            self.identity,
            letter.transcript.address,
            subject=subject,
            handoff_id=letter.handoff.id,
            at=letter.transcript.requested_at,
            message_id=self.id_of(letter),
        )
        mail["Auto-Submitted"] = "auto-generated"
        values = {
            "intro": phrases.transcript_intro.format(brand=brand),
            "asked": phrases.transcript_asked.format(brand=brand),
            "lines": _explained_once(
                [self._line(letter, message, phrases, language) for message in letter.messages],
                phrases.transcript_left_out,
            ),
            "language": language,
            "subject": subject,
        }
        mail.set_content(self.words.transcript_text.render(values))
        mail.add_alternative(self.words.transcript_html.render(values), subtype="html")
        return mail

    def _line(
        self, letter: TranscriptEmail, line: Message, phrases: Phrases, language: str
    ) -> TranscriptLine:
        when = in_words(line.sent_at or line.created_at, language, letter.time_zone)
        if line.direction is Direction.IN and not letter.is_address_proven:
            return TranscriptLine(phrases.you, when, phrases.transcript_left_out, files=[])
        return TranscriptLine(
            who=one_line(self._sender_name(letter, line, phrases)),
            when=when,
            text=clean_text(
                without_tokens(line.text) if line.direction is Direction.OUT else line.text
            ).strip(),
            files=[one_line(file.name) for file in letter.files.get(line.id, ())],
        )

    def _sender_name(self, letter: TranscriptEmail, line: Message, phrases: Phrases) -> str:
        """Return the name of a line's sender.

        A customer's public line keeps the public name: the reader may be another person.
        """
        if line.direction is Direction.IN:
            return line.author_name if line.venue is Venue.PUBLIC else phrases.you
        brand = self.identity.name or self.identity.domain
        name = letter.names.get(line.sent_by or "", "")
        return f"{name} ({brand})" if name else brand


def _explained_once(lines: Sequence[TranscriptLine], reason: str) -> list[TranscriptLine]:
    """Say only of the first line that is left out why it is: in most chats, all of the customer's are."""
    first = next((line for line in lines if line.text == reason), None)
    return [
        replace(line, text=_LEFT_OUT) if line.text == reason and line is not first else line for line in lines
    ]
