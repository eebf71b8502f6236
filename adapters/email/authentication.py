"""Read what our own receiving server says of a mail's sender (Authentication-Results, RFC 8601; DMARC)."""

import re

from adapters.email.headers import RawMessage, addresses, raw
from adapters.email.message_ids import EmailIdentity
from domain.handoffs.email_addresses import ascii_domain
from domain.intake.private_messages import SenderCheck

_HEADER = "Authentication-Results"
_MAX_LENGTH = 10_000  # characters of the header
_PIECE = re.compile(r'\\.|["();]|[^"\\();]+', re.DOTALL)
_ID = re.compile(r"(\S+)(?:\s+\d+)?")
_RESULT = re.compile(r"([\w.-]+)\s*(?:/\s*\d+\s*)?=\s*([\w.-]+)(?=\s|$)")
_FROM = re.compile(r'(?<!\S)header\s*\.\s*from\s*=\s*"?([^\s"]+)"?(?=\s|$)', re.IGNORECASE)


def sender_check(message: RawMessage, identity: EmailIdentity) -> SenderCheck:
    """Return what DMARC says of the address in From, by the topmost header of our own server alone.

    Anybody can write further ones below it, and others of other servers. A mail with several authors has
    none that could be checked.
    """
    written = addresses(message, "From")
    if len(written) != 1 or len(message.get_all("From", [])) != 1:
        return SenderCheck.NONE
    found = _dmarc(raw(message, _HEADER, _MAX_LENGTH), identity.authserv_id)
    domain = ascii_domain(written[0][1].rpartition("@")[2])
    if found is None or ascii_domain(found[1]) != domain:
        return SenderCheck.NONE
    return {"pass": SenderCheck.PASSED, "fail": SenderCheck.FAILED}.get(found[0], SenderCheck.NONE)


def _dmarc(value: str, authserv_id: str) -> tuple[str, str] | None:
    """Return result and domain of the only DMARC result in a header of this server; `None` without one."""
    server, *results = _statements(value)
    named = _ID.fullmatch(server)
    if not authserv_id or named is None or named[1].strip('"').casefold() != authserv_id.casefold():
        return None
    checks = [(found, result) for result in results if (found := _RESULT.match(result)) is not None]
    of_dmarc = [(found[2].casefold(), result) for found, result in checks if found[1].casefold() == "dmarc"]
    domains = _FROM.findall(of_dmarc[0][1]) if len(of_dmarc) == 1 else []
    return (of_dmarc[0][0], domains[0]) if len(domains) == 1 else None


def _statements(value: str) -> list[str]:
    """Return what semicolons separate, without comments; within quotes neither counts.

    Nothing of a header that ends within a comment or a quoted string.
    """
    statements, depth, is_quoted = [""], 0, False
    for piece in _PIECE.findall(value):
        if piece == '"' and not depth:
            is_quoted = not is_quoted
        if is_quoted or (not depth and piece not in {"(", ")", ";"}):
            statements[-1] += piece
        elif piece == ";" and not depth:
            statements.append("")
        elif piece in {"(", ")"}:
            depth = max(0, depth + (1 if piece == "(" else -1))
            statements[-1] += " "
    return [""] if depth or is_quoted else [one.strip() for one in statements]
