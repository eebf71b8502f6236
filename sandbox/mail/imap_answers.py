"""Format IMAP responses: STATUS, SEARCH, FETCH and UID sets."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32

from sandbox.mail.imap_words import Malformed
from sandbox.mail.mailbox import Folder, Mail

LIST_RESPONSE = (r'* LIST (\HasNoChildren) "/" INBOX', r'* LIST (\HasNoChildren \Sent) "/" Sent')
_DAY = "%d-%b-%Y"
_PART = re.compile(r"BODY(\.PEEK)?\[(HEADER)?\](?:<0\.(\d+)>)?", re.IGNORECASE)


def format_status(folder: Folder, name: str) -> str:
    """Format the response to STATUS."""
    return f'* STATUS "{name}" (MESSAGES {len(folder.mails)} UIDNEXT {folder.next_uid} UIDVALIDITY {folder.validity})'


def search(folder: Folder, words: Sequence[str]) -> list[int]:
    """Return the UIDs of the mails that match.

    Raises `Malformed` for an unsupported criterion.
    """
    remaining = list(words)
    if remaining and remaining[0].upper() == "CHARSET":
        remaining = remaining[2:]
    found = [mail for _, mail in _all(folder)]
    while remaining:
        key = remaining.pop(0).upper().strip("()")
        if key in {"ALL", ""}:
            continue
        if key == "UID":
            numbers = remaining.pop(0)
            found = [mail for mail in found if _contains(mail.uid, numbers, folder)]
        elif key == "SINCE":
            day = datetime.strptime(remaining.pop(0), _DAY).replace(tzinfo=UTC)
            found = [mail for mail in found if mail.at >= day.timestamp()]
        elif key == "HEADER":
            name, value = remaining.pop(0), remaining.pop(0)
            found = [mail for mail in found if value.lower() in _header(mail, name).lower()]
        else:
            raise Malformed(f"{key} is not searched for here")
    return [mail.uid for mail in found]


def select(folder: Folder, numbers: str) -> list[tuple[int, Mail]]:
    """Return the mails with these UIDs, each with its sequence number in the folder."""
    return [(number, mail) for number, mail in _all(folder) if _contains(mail.uid, numbers, folder)]


def format_fetch(number: int, mail: Mail, items: Sequence[str], *, may_mark: bool) -> bytes:
    """Format the response to FETCH for one mail."""
    requested = " ".join(items).strip("()")
    parts = [f"UID {mail.uid}"]
    if "FLAGS" in requested.upper():
        parts.append(f"FLAGS ({' '.join(sorted(mail.flags))})")
    if "RFC822.SIZE" in requested.upper():
        parts.append(f"RFC822.SIZE {len(mail.content)}")
    if "INTERNALDATE" in requested.upper():
        parts.append(f'INTERNALDATE "{datetime.fromtimestamp(mail.at, UTC):%d-%b-%Y %H:%M:%S +0000}"')
    line = f"* {number} FETCH ({' '.join(parts)}".encode()
    part = _PART.search(requested)
    if part is None:
        return line + b")\r\n"
    if may_mark and not part[1]:
        mail.flags.add("\\Seen")
    content = mail.content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if part[2] else mail.content
    content = content[: int(part[3])] if part[3] else content
    name = f"BODY[{(part[2] or '').upper()}]{'<0>' if part[3] else ''}"
    return line + f" {name} {{{len(content)}}}\r\n".encode() + content + b")\r\n"


def _all(folder: Folder) -> Iterator[tuple[int, Mail]]:
    return enumerate(folder.mails, start=1)


def _contains(uid: int, numbers: str, folder: Folder) -> bool:
    """Test whether a sequence set such as "3,7:9,12:*" contains the UID.

    "*" is the highest UID (RFC 3501 section 9).
    """
    highest = max((mail.uid for mail in folder.mails), default=0)
    for part in numbers.split(","):
        first, _, last = part.partition(":")
        ends = sorted(highest if end == "*" else int(end) for end in (first, last or first))
        if ends[0] <= uid <= ends[1]:
            return True
    return False


def _header(mail: Mail, name: str) -> str:
    head = mail.content.partition(b"\r\n\r\n")[0]
    return str(message_from_bytes(head, policy=compat32).get(name, ""))
