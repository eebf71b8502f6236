"""Parse bounces (RFC 3464) and complaints (RFC 5965): which of our mails they are about, and why."""

from email.message import Message

from adapters.email.automatic import subject_of
from adapters.email.headers import RawMessage, decode_bytes, message_ids, raw
from adapters.email.message_ids import EmailIdentity
from adapters.email.mime import parts
from domain.intake.email import Bounce, BounceKind, IgnoredEmail, bounce_kind

_MAX_REASON_LENGTH = 250
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out"})
_MAX_SEARCHED_LENGTH = 200_000  # characters of a report that are searched for the mail it is about


def bounce_of(message: RawMessage, identity: EmailIdentity) -> Bounce | IgnoredEmail:
    """Return the bounce of a mail of ours.

    A report of a delay, or one that names no mail of ours, is `IgnoredEmail`.
    """
    fields = _fields(message)
    action = raw(fields, "Action").lower() if fields is not None else "failed"
    if action not in {"", "failed"}:
        return IgnoredEmail(why=f"a report that a mail is {action}", subject=subject_of(message))
    ids = _ids(message, identity)
    if not ids:
        return IgnoredEmail(why="a report about a mail that is none of ours", subject=subject_of(message))
    told = f"{raw(fields, 'Status')} {raw(fields, 'Diagnostic-Code')}" if fields is not None else ""
    return Bounce(message_ids=ids, reason=_reason(message, fields), kind=bounce_kind(told))


def complaint_of(message: RawMessage, identity: EmailIdentity) -> Bounce | IgnoredEmail:
    """Return the complaint of somebody who called a mail of ours spam; any other is `IgnoredEmail`."""
    fields = _first_block(message, "message/feedback-report", "Feedback-Type")
    ids = _ids(message, identity)
    if not ids or fields is None or raw(fields, "Feedback-Type").lower() not in _COMPLAINTS:
        return IgnoredEmail(
            why="a report that is no complaint about a mail of ours", subject=subject_of(message)
        )
    return Bounce(message_ids=ids, reason="its reader called it spam", kind=BounceKind.COMPLAINT)


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
        for part in _subparts(message)
        if part.get_content_type() == "message/rfc822" and (subparts := _subparts(part))
    ]


def _fields(message: RawMessage) -> RawMessage | None:
    """Return the fields of the first recipient; those of the report itself come before and have no Action."""
    return _first_block(message, "message/delivery-status", "Action")


def _first_block(message: RawMessage, content_type: str, field: str) -> RawMessage | None:
    """Return the first block of fields with this one, in the first part of this type."""
    for part in _subparts(message):
        if part.get_content_type() == content_type:
            return next((block for block in _subparts(part) if block.get(field)), None)
    return None


def _reason(message: RawMessage, fields: RawMessage | None) -> str:
    reason = ""
    if fields is not None:
        reason = raw(fields, "Diagnostic-Code").partition(";")[2].strip() or raw(fields, "Status")
    reason = reason or subject_of(message) or "no reason was given"
    return f"the mail came back: {reason}"[:_MAX_REASON_LENGTH]


def _subparts(message: RawMessage) -> list[RawMessage]:
    payload = message.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
