"""Measure reading a mailbox in a process of its own: `python -m tests.adapters.email.measured IMAP_URL`.

It prints a JSON line when it is ready, reads on after each line on stdin, and prints as JSON what
arrived and by how many bytes the process grew at most.
"""

import asyncio
import hashlib
import json
import sys
from pathlib import Path

from adapters.email import Email
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import KEY, NOW, US, FrozenClock, a_letter, words

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def resident(name: str) -> int:
    """Return `VmRSS` (memory held now) or `VmHWM` (its peak since `reset_peak`), in bytes."""
    line = next(one for one in _STATUS.read_text().splitlines() if one.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


def reset_peak() -> None:
    """Reset the peak memory of this process (proc(5)); that of `getrusage` includes the parent's."""
    _RESET.write_text("5")


async def main(imap_url: str) -> None:
    """Read the mailbox after each line on stdin, and print the peak growth."""
    email = Email(
        smtp_url="smtp://127.0.0.1:9",
        imap_url=imap_url,
        sender=f"Acme Support <{US.address}>",
        secret_key=KEY,
        words=words(),
        clock=FrozenClock(),
        idle=False,
    )
    start = (await email.read(None, None)).position
    write_line(ready=True)
    await asyncio.to_thread(sys.stdin.readline)
    # A small mail first, so that modules loaded on first use are not counted.
    small = (await email.read(start, NOW)).position
    write_line(ready=True)
    await asyncio.to_thread(sys.stdin.readline)
    before = resident("VmRSS")
    reset_peak()
    delivered = await email.read(small, NOW)
    grown = resident("VmHWM") - before
    await email.close()
    [heard] = [one.content for one in delivered.mails]
    assert isinstance(heard, IncomingMessage), heard
    files = [
        {
            "name": one.name,
            "type": one.media_type,
            "refused": one.refused,
            "sha256": hashlib.sha256(one.content).hexdigest(),
        }
        for one in heard.files
    ]
    write_line(grown=grown, text=heard.text, files=files)


def write_line(**told: object) -> None:
    """Write a line of JSON to stdout."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def small_mail() -> bytes:
    """Build the mail that is read first; it has a picture, so that the code for files is loaded."""
    mail = a_letter("A small one.", Message_ID="<small@example.com>")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n" + bytes(60), maintype="image", subtype="png", filename="a.png")
    return mail.as_bytes()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
