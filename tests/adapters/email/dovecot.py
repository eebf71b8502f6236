"""Run Debian's dovecot on loopback with a configuration of its own, apart from the machine's."""

import asyncio
import contextlib
import os
import pwd
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
USER, PASSWORD = "support@acme.example", "pass/word@1"
PATIENCE = 20.0

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {server_user}
default_internal_group = {server_group}
default_login_user = {login_user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
  chroot =
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
"""


@asynccontextmanager
async def dovecot(folder: Path) -> AsyncIterator[int]:
    """Serve IMAP while the block runs; yield the port.

    All files are in `folder`, whose path must be short: it holds Unix sockets.
    """
    assert PROGRAM is not None
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        _CONFIGURATION.format(folder=folder, port=port, password=PASSWORD, **_people(folder))
    )
    child = await asyncio.create_subprocess_exec(
        PROGRAM, "-F", "-c", str(configuration), stdin=asyncio.subprocess.DEVNULL
    )
    try:
        await _listening(port, child, folder)
        yield port
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        await child.wait()


def _people(folder: Path) -> dict[str, str]:
    """Return the users to run as: Debian's dovecot users if we are root (who may not have mail), else us."""
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        group = str(me.pw_gid)
        return {
            "server_user": me.pw_name,
            "server_group": group,
            "login_user": me.pw_name,
            "uid": str(me.pw_uid),
            "gid": group,
        }
    nobody = pwd.getpwnam("nobody")
    for name in ("mail", "home"):
        (folder / name).mkdir()
        os.chown(folder / name, nobody.pw_uid, nobody.pw_gid)
    for above in (folder, *folder.parents[:2]):
        above.chmod(above.stat().st_mode | 0o011)
    return {
        "server_user": "dovecot",
        "server_group": "dovecot",
        "login_user": "dovenull",
        "uid": str(nobody.pw_uid),
        "gid": str(nobody.pw_gid),
    }


async def _listening(port: int, child: asyncio.subprocess.Process, folder: Path) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            assert child.returncode is None, (folder / "dovecot.log").read_text()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return
