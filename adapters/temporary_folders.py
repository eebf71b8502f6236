"""Keep files in temporary folders, and sweep those that a killed process left."""

import os
import re
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = re.sub(r"[^A-Za-z0-9.]", "", socket.gethostname())
_NAME = re.compile(r"switchboard-([A-Za-z0-9.]*)-([0-9]{1,10})-[^-]*")
_in_use: set[str] = set()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder that only we may read, and delete it in the end. Its name says whose it is."""
    with tempfile.TemporaryDirectory(prefix=f"switchboard-{HOST}-{os.getpid()}-") as folder:
        _in_use.add(folder)
        try:
            yield Path(folder)
        finally:
            _in_use.discard(folder)


def sweep_temporary_folders() -> int:
    """Delete the folders of our user whose process was killed; return how many."""
    left = [path for path in Path(tempfile.gettempdir()).glob("switchboard-*") if _is_left(path)]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _is_left(path: Path) -> bool:
    named = _NAME.fullmatch(path.name)
    try:
        found = path.lstat()
    except OSError:
        return False
    if (
        named is None
        or not stat.S_ISDIR(found.st_mode)
        or found.st_uid != os.getuid()
        or str(path) in _in_use
    ):
        return False
    host, pid = named.groups()
    # A container that starts again has the process id that it had.
    return host == HOST and (int(pid) == os.getpid() or not _is_running(int(pid)))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
