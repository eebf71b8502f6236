"""Reads a mailbox in a process of its own and says what that took: `python -m tests.adapters.email.measured IMAP_URL`.

It says that it is ready, reads on once it is sent a line, and tells as JSON what came and by how many bytes the process grew at most.
"""

import asyncio
import hashlib
import json
import sys
from pathlib import Path

from adapters.email import Email
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import KEY, NOW, US, Still, a_letter, words

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def resident(name: str) -> int:
    """`VmRSS`, what the process holds now, or `VmHWM`, the most that it held since `forget`, in bytes."""
    line = next(one for one in _STATUS.read_text().splitlines() if one.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


def forget() -> None:
    """Count the most that the process held from now on (proc(5)): what `getrusage` tells begins with the parent's."""
    _RESET.write_text("5")


async def main(imap_url: str) -> None:
    """Read what comes, once a line says that it is there."""
    email = Email(
        smtp_url="smtp://127.0.0.1:9",
        imap_url=imap_url,
        sender=f"Acme Support <{US.address}>",
        secret_key=KEY,
        words=words(),
        clock=Still(),
        idle=False,
    )
    start = (await email.read(None, None)).position
    said(ready=True)
    await asyncio.to_thread(sys.stdin.readline)
    # A small one comes first, so that whatever is loaded with the first mail is not counted.
    small = (await email.read(start, NOW)).position
    said(ready=True)
    await asyncio.to_thread(sys.stdin.readline)
    before = resident("VmRSS")
    forget()
    delivered = await email.read(small, NOW)
    grown = resident("VmHWM") - before
    await email.close()
    [heard] = [one.content for one in delivered.arrivals]
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
    said(grown=grown, text=heard.text, files=files)


def said(**told: object) -> None:
    """A line of JSON."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def small_letter() -> bytes:
    """What is read first: it has a picture, so that all that looks at files is loaded."""
    mail = a_letter("A small one.", Message_ID="<small@example.com>")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n" + bytes(60), maintype="image", subtype="png", filename="a.png")
    return mail.as_bytes()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
