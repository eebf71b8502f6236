"""Build cases, hand-offs and mails for the tests of e-mail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import Any

from adapters.email.message_ids import EmailIdentity
from adapters.email.words import PHRASE_NAMES, TEMPLATE_FILES, MailWords
from adapters.prompts.sentences import load_sentences
from adapters.prompts.templates import load_template
from domain.cases.case import Case, CaseState
from domain.cases.files import File
from domain.cases.messages import Delivery, Direction, Message
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.intake.posts import Author
from domain.replies.outgoing_message import CodeRecipient, OutgoingMessage
from domain.triage.assessment import Assessment, Urgency
from domain.triage.form_of_address import DEFAULT_FORMS
from domain.triage.situations import Situation
from domain.venues import Venue
from tests.source import ROOT

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
KEY = "k" * 40
US = EmailIdentity(address="support@acme.example", name="Acme Support", key=KEY)
ANA = "ana@example.com"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


class FrozenClock:
    """A clock that always returns `NOW`."""

    def now(self) -> datetime:
        return NOW


@cache
def words() -> MailWords:
    """Load the mail texts of the repository."""
    folder = ROOT / "prompts" / "mail"
    templates = {file: load_template(folder / file) for file in TEMPLATE_FILES}
    return MailWords.of(templates, load_sentences(folder / "words.toml", DEFAULT_FORMS, PHRASE_NAMES))


def a_case(language: str = "en") -> Case:
    assessment = Assessment(
        situation=Situation.CANNOT_PAY, urgency=Urgency.HIGH, language=language, sentiment=0.0, reasons=()
    )
    return Case(
        id=7,
        version=3,
        network="x",
        account_id="1",
        author=Author(id="77", handle="anaruiz", name="Ana Ruiz"),
        state=CaseState.OPEN,
        assessment=assessment,
        opened_at=NOW,
        last_message_at=NOW,
        channel="C0SUPPORT",
        conversation_id="900",
        reply_to_id="900",
    )


def a_handoff(address: str | None = ANA, *, is_verified: bool = False) -> Handoff:
    return Handoff(
        id=12,
        case_id=7,
        venue=Venue.EMAIL,
        state=HandoffState.ARRIVED,
        offered_at=NOW - timedelta(minutes=10),
        offered_by="U0SAM",
        expires_at=NOW + timedelta(hours=24),
        nonce="n",
        code="",
        address=address,
        proof=Proof.AGENT if is_verified else None,
    )


def ours(text: str, **changes: Any) -> Message:  # noqa: ANN401 - any of the fields
    """Build a mail of ours, sent by default."""
    message = Message(
        id=41,
        case_id=7,
        direction=Direction.OUT,
        venue=Venue.EMAIL,
        author_id="1",
        author_name="",
        text=text,
        created_at=NOW,
        delivery=Delivery.SENT,
        sent_by="U0SAM",
    )
    return replace(message, **changes)


def theirs(text: str, **changes: Any) -> Message:  # noqa: ANN401 - any of the fields
    """Build a mail from Ana."""
    message = Message(
        id=40,
        case_id=7,
        direction=Direction.IN,
        venue=Venue.EMAIL,
        author_id=ANA,
        author_name="Ana Ruiz",
        text=text,
        created_at=NOW - timedelta(minutes=5),
    )
    return replace(message, **changes)


def an_outgoing_mail(
    text: str = "Hello Ana, it is on its way.",
    *,
    earlier: Sequence[Message] = (),
    files: Sequence[File] = (),
    handoff: Handoff | None = None,
    agent_name: str = "Sam",
    language: str = "en",
    code_recipient: CodeRecipient | None = None,
    **changes: Any,  # noqa: ANN401 - any of the message's fields
) -> OutgoingMessage:
    """Build a mail to Ana that is about to be sent."""
    return OutgoingMessage(
        case=a_case(language),
        handoff=handoff or a_handoff(),
        message=ours(text, delivery=Delivery.QUEUED, **changes),
        earlier=earlier,
        files=files,
        agent_name=agent_name,
        code_recipient=code_recipient,
    )


def a_file(content: bytes = PNG, name: str = "screen.png", media_type: str = "image/png") -> File:
    return File(
        id=3,
        case_id=7,
        message_id=41,
        name=name,
        media_type=media_type,
        size=len(content),
        created_at=NOW,
        content=content,
    )


def a_letter(text: str = "My payment fails.", **headers: str) -> EmailMessage:
    """Build a mail from Ana as a mail program does; underscores in header names stand for hyphens."""
    mail = EmailMessage(policy=SMTP)
    usual = {
        "From": f"Ana Ruiz <{ANA}>",
        "To": US.address,
        "Subject": "Payment",
        "Message-ID": "<first@example.com>",
    }
    for name, value in (usual | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        mail[name] = value
    mail.set_content(text)
    return mail
