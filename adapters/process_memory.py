"""Keep the memory of the process small."""

import ctypes
import gc
from contextlib import suppress

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def settle_memory() -> None:
    """Exclude what the imports made from garbage collection, and have threads share one malloc arena."""
    share_one_malloc_arena()
    gc.freeze()
    gc.enable()


def share_one_malloc_arena() -> None:
    """Have all threads allocate from one arena, where the C library is glibc; call it before any starts.

    Otherwise each thread gets an arena of its own, whose memory is not returned to the system. Sharing one
    costs no contention: Python runs one thread at a time.
    """
    with suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
