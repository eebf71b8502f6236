"""All threads share one arena of glibc's malloc."""

import subprocess
import sys

import pytest

from tests.source import ROOT

_ARENAS = """
import ctypes, sys, threading
from adapters.process_memory import share_one_malloc_arena
if sys.argv[1] == "shared":
    share_one_malloc_arena()
kept, together = [], threading.Barrier(4)
def allocate():
    together.wait()
    kept.extend(bytes(10_000) for _ in range(100))
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="arenas are glibc's")
@pytest.mark.parametrize(("how", "is_one"), [("shared", True), ("as by default", False)])
def test_threads_share_an_arena(how: str, is_one: bool) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _ARENAS, how], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert (told.count("<heap nr=") == 1) is is_one
