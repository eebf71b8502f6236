"""Reports that a mail did not arrive (RFC 3464): which mail, and why."""

from email.message import Message

from adapters.email.automatic import subject_of
from adapters.email.headers import RawMessage, decode_bytes, message_ids, raw
from adapters.email.message_ids import Identity
from adapters.email.mime import parts
from domain.intake.email import Bounce, IgnoredEmail

_LONGEST_REASON = 250
_LONGEST_READ = 200_000  # characters of a report that are searched for the mail it is about


def bounce_of(message: RawMessage, identity: Identity) -> Bounce | IgnoredEmail:
    """What the report says of a mail of ours. One that speaks of a delay, or of nothing that we sent, is only noted."""
    fields = _fields(message)
    action = raw(fields, "Action").lower() if fields is not None else "failed"
    if action not in {"", "failed"}:
        return IgnoredEmail(why=f"a report that a mail is {action}", subject=subject_of(message))
    ids = _ids(message, identity)
    if not ids:
        return IgnoredEmail(why="a report about a mail that is none of ours", subject=subject_of(message))
    return Bounce(message_ids=ids, reason=_reason(message, fields))


def _ids(message: RawMessage, identity: Identity) -> list[str]:
    """Those of ours that stand anywhere in it, then those of the returned mail's own headers."""
    told = [decode_bytes(part.content[:_LONGEST_READ], part.charset) for part in parts(message)]
    headers = [raw(message, name, 10_000) for name in ("References", "In-Reply-To", "X-Original-Message-ID")]
    ours = [found for text in (*told, *headers) for found in identity.own_ids_in(text)]
    returned = [found for one in _returned(message) for found in message_ids(one, "Message-ID")]
    return list(dict.fromkeys([*ours, *returned]))[:10]


def _returned(message: RawMessage) -> list[RawMessage]:
    return [
        below[0]
        for part in _below(message)
        if part.get_content_type() == "message/rfc822" and (below := _below(part))
    ]


def _fields(message: RawMessage) -> RawMessage | None:
    """The fields about the first recipient that the report speaks of; those about the report itself come before."""
    for part in _below(message):
        if part.get_content_type() == "message/delivery-status":
            return next((block for block in _below(part) if block.get("Action")), None)
    return None


def _reason(message: RawMessage, fields: RawMessage | None) -> str:
    told = ""
    if fields is not None:
        told = raw(fields, "Diagnostic-Code").partition(";")[2].strip() or raw(fields, "Status")
    told = told or subject_of(message) or "no reason was given"
    return f"the mail came back: {told}"[:_LONGEST_REASON]


def _below(message: RawMessage) -> list[RawMessage]:
    payload = message.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
