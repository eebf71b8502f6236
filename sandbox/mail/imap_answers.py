"""What the IMAP server makes of folders and mails."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32

from sandbox.mail.imap_words import Malformed
from sandbox.mail.mailbox import Folder, Mail

LISTED = (r'* LIST (\HasNoChildren) "/" INBOX', r'* LIST (\HasNoChildren \Sent) "/" Sent')
_DAY = "%d-%b-%Y"
_PART = re.compile(r"BODY(\.PEEK)?\[(HEADER)?\](?:<0\.(\d+)>)?", re.IGNORECASE)


def status_of(folder: Folder, name: str) -> str:
    """The answer to STATUS."""
    return f'* STATUS "{name}" (MESSAGES {len(folder.mails)} UIDNEXT {folder.next_uid} UIDVALIDITY {folder.validity})'


def search(folder: Folder, words: Sequence[str]) -> list[int]:
    """The numbers of the mails that match; raises `Malformed` for what is not known here."""
    left = list(words)
    if left and left[0].upper() == "CHARSET":
        left = left[2:]
    found = [mail for _, mail in _all(folder)]
    while left:
        key = left.pop(0).upper().strip("()")
        if key in {"ALL", ""}:
            continue
        if key == "UID":
            numbers = left.pop(0)
            found = [mail for mail in found if _is_in(mail.uid, numbers, folder)]
        elif key == "SINCE":
            day = datetime.strptime(left.pop(0), _DAY).replace(tzinfo=UTC)
            found = [mail for mail in found if mail.at >= day.timestamp()]
        elif key == "HEADER":
            name, value = left.pop(0), left.pop(0)
            found = [mail for mail in found if value.lower() in _header(mail, name).lower()]
        else:
            raise Malformed(f"{key} is not searched for here")
    return [mail.uid for mail in found]


def chosen(folder: Folder, numbers: str) -> list[tuple[int, Mail]]:
    """The mails with these UIDs, each with its place in the folder."""
    return [(place, mail) for place, mail in _all(folder) if _is_in(mail.uid, numbers, folder)]


def fetched(place: int, mail: Mail, items: Sequence[str], *, may_mark: bool) -> bytes:
    """The answer to FETCH for one mail."""
    asked = " ".join(items).strip("()")
    told = [f"UID {mail.uid}"]
    if "FLAGS" in asked.upper():
        told.append(f"FLAGS ({' '.join(sorted(mail.flags))})")
    if "RFC822.SIZE" in asked.upper():
        told.append(f"RFC822.SIZE {len(mail.content)}")
    if "INTERNALDATE" in asked.upper():
        told.append(f'INTERNALDATE "{datetime.fromtimestamp(mail.at, UTC):%d-%b-%Y %H:%M:%S +0000}"')
    line = f"* {place} FETCH ({' '.join(told)}".encode()
    part = _PART.search(asked)
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


def _is_in(uid: int, numbers: str, folder: Folder) -> bool:
    """Whether a set such as "3,7:9,12:*" names the number; "*" is the highest there is (RFC 3501 section 9)."""
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
