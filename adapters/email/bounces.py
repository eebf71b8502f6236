"""Parse bounces (RFC 3464) and complaints (RFC 5965): which of our mails they are about, and why."""

import re

from adapters.email.authentication import sender_check
from adapters.email.automatic import REPORT_SENDERS, is_outlook_complaint, subject_of
from adapters.email.charsets import decode_bytes
from adapters.email.headers import RawMessage, addresses, message_ids, raw, recipients
from adapters.email.message_ids import EmailIdentity
from adapters.email.mime import parse_headers, parts, subparts_of
from domain.handoffs.email_addresses import ascii_domain
from domain.intake.bounce_reasons import BounceKind, bounce_kind, states_reason
from domain.intake.email import Bounce, IgnoredEmail
from domain.intake.private_messages import SenderCheck

_MAX_REASON_LENGTH = 250
_MAX_REPORT_LENGTH = 5_000  # characters of a report's text that are searched for the reason
_MAX_REASON_LINES = 3
_MAX_LINE_LENGTH = 300
#: Where a report begins to quote our mail.
_COPY_BEGINS = re.compile(
    r"^-+ ?(?:below this line|this is a copy|original message|returned)", re.IGNORECASE | re.MULTILINE
)
_IS_DELAYED = re.compile(
    r"delivery attempts will continue|will (?:continue|keep|be retried|retry)\b.{0,60}|has not yet been delivered|"
    r"this is a warning message only|you do not need to resend",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]{2}")
_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_MAIL_TYPES = frozenset({"message/rfc822", "message/partial", "message/global"})
_MAX_RECIPIENTS = 100
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n")
_REACHED = frozenset({"delivered", "relayed", "expanded"})
_BELOW_ADDRESS = re.compile(r"^<[^<>\s]{3,320}>:?[ \t]*\n?((?:[^\n]+\n?){1,4})", re.MULTILINE)
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out"})
_MAX_SEARCHED_LENGTH = 200_000  # characters of a report that are searched for the mail it is about


def bounce_of(message: RawMessage, identity: EmailIdentity) -> Bounce | IgnoredEmail:
    """Return the bounce of a mail of ours, by the blocks of all its recipients.

    A report of a delay, or one that names no mail of ours, is `IgnoredEmail`.
    """
    blocks = _recipients(message)
    failed = [block for block in blocks if raw(block, "Action").lower() in {"", "failed"}]
    if blocks and not failed:
        action = raw(blocks[0], "Action").lower()
        return IgnoredEmail(why=f"a report that a mail is {action}", subject=subject_of(message))
    reported = _reported_id(message, identity)
    ids = [reported] if reported is not None else _ids(message, identity)
    if not ids:
        return IgnoredEmail(why="a report about a mail that is none of ours", subject=subject_of(message))
    text = _text(message)
    if not blocks and _IS_DELAYED.search(text) is not None:
        return IgnoredEmail(why="a report that a mail is delayed", subject=subject_of(message))
    reasons = "\n".join(map(_diagnostic, failed))
    if not _WORDS.search(reasons):
        reasons = f"{_reasons_in_text(text)} {reasons}".strip()
    return Bounce(
        message_ids=ids,
        reason=_reason(identity.without_tokens(reasons or subject_of(message) or "no reason was given")),
        kind=bounce_kind(reasons),
        reached=sum(raw(block, "Action").lower() in _REACHED for block in blocks),
        recipients=max(len(blocks), 1),
        is_proven=reported is not None or _is_from_our_server(message, identity),
    )


def complaint_of(message: RawMessage, identity: EmailIdentity) -> Bounce | IgnoredEmail:
    """Return the complaint of somebody who called a mail of ours spam; any other is `IgnoredEmail`."""
    fields = _first_block(message, "message/feedback-report", "Feedback-Type")
    reported = _reported_id(message, identity)
    ids = [reported] if reported is not None else _ids(message, identity)
    kind = raw(fields, "Feedback-Type").lower() if fields is not None else ""
    if not ids or not (kind in _COMPLAINTS or (fields is None and is_outlook_complaint(message))):
        return IgnoredEmail(
            why="a report that is no complaint about a mail of ours", subject=subject_of(message)
        )
    return Bounce(
        message_ids=ids,
        reason="its reader called it spam",
        kind=BounceKind.COMPLAINT,
        is_proven=reported is not None or _is_from_our_server(message, identity),
    )


def receipt_ids(message: RawMessage) -> list[str]:
    """Return the mail that a receipt is about (RFC 8098): many programs name it nowhere else."""
    block = _first_block(message, "message/disposition-notification", "Original-Message-ID")
    return message_ids(block, "Original-Message-ID") if block is not None else []


def _reported_id(message: RawMessage, identity: EmailIdentity) -> str | None:
    """Return the mail of ours whose signed envelope sender the report was sent to (VERP)."""
    found = map(identity.reported_id, recipients(message))
    return next((message_id for message_id in found if message_id is not None), None)


def _is_from_our_server(message: RawMessage, identity: EmailIdentity) -> bool:
    """Return whether our receiving server confirms that a reporter of ours sent it.

    That is the daemon of our own domain, whose users may be many, or one that the settings name.
    """
    if sender_check(message, identity) is not SenderCheck.PASSED:
        return False
    [(_, address)] = addresses(message, "From")
    local, _, domain = address.casefold().rpartition("@")
    is_daemon = local in REPORT_SENDERS and ascii_domain(domain) == ascii_domain(identity.domain)
    return is_daemon or not identity.reporters.isdisjoint({ascii_domain(domain), f"{local}@{domain}"})


def _ids(message: RawMessage, identity: EmailIdentity) -> list[str]:
    """Return our Message-IDs anywhere in the report, then those of the returned mail; at most ten."""
    texts = [decode_bytes(part.content[:_MAX_SEARCHED_LENGTH], part.charset) for part in parts(message)]
    headers = [raw(message, name, 10_000) for name in ("References", "In-Reply-To", "X-Original-Message-ID")]
    ours = [found for text in (*texts, *headers) for found in identity.own_ids_in(text)]
    returned = [found for one in _returned(message) for found in message_ids(one, "Message-ID")]
    return list(dict.fromkeys([*ours, *returned]))[:10]


def _returned(message: RawMessage) -> list[RawMessage]:
    return [
        subparts[0]
        for part in subparts_of(message)
        if part.get_content_type() in _MAIL_TYPES and (subparts := subparts_of(part))
    ]


def _recipients(message: RawMessage) -> list[RawMessage]:
    """Return the block of each recipient; the report's own, which comes first, has no Action."""
    return [
        block
        for part in subparts_of(message)
        if part.get_content_type() in _STATUS_TYPES
        for block in _blocks(part)
        if block.get("Action")
    ][:_MAX_RECIPIENTS]


def _blocks(part: RawMessage) -> list[RawMessage]:
    """Return the blocks of fields; that for addresses in UTF-8 (RFC 6533) is parsed as a mail by Python."""
    if part.get_content_type() == "message/delivery-status":
        return subparts_of(part)
    content = b"\n".join(one.as_bytes() for one in subparts_of(part)).replace(b"\r\n", b"\n")
    return [parse_headers(block) for block in content.split(b"\n\n")[: _MAX_RECIPIENTS + 1]]


def _first_block(message: RawMessage, content_type: str, field: str) -> RawMessage | None:
    """Return the first block of fields with this one, in the first part of this type."""
    for part in subparts_of(message):
        if part.get_content_type() == content_type:
            return next((block for block in subparts_of(part) if block.get(field)), None)
    return None


def _diagnostic(block: RawMessage) -> str:
    """Return what the recipient's server said, and the status if that is not in it."""
    said, status = raw(block, "Diagnostic-Code").partition(";")[2].strip(), raw(block, "Status")
    return said if status in said else f"{said} {status}".strip()


def _text(message: RawMessage) -> str:
    """Return the beginning of a report's text, as far as its reporter wrote it."""
    texts = [part for part in parts(message) if part.media_type == "text/plain"][:1]
    text = decode_bytes(texts[0].content[:_MAX_REPORT_LENGTH], texts[0].charset) if texts else ""
    copy = _COPY_BEGINS.search(text)
    return text[: copy.start()] if copy is not None else text


def _reasons_in_text(text: str) -> str:
    """Return what a server wrote below an address in angle brackets, as qmail does, else what tells why."""
    found = _BELOW_ADDRESS.search(text)
    if found is not None:
        return " ".join(found[1].split())
    sentences = [" ".join(one.split())[:_MAX_LINE_LENGTH] for one in _SENTENCE_END.split(text)]
    return " ".join([one for one in sentences if states_reason(one)][:_MAX_REASON_LINES])


def _reason(reasons: str) -> str:
    return f"the mail came back: {reasons}"[:_MAX_REASON_LENGTH]
