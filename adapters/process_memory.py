"""Keep the memory of the process small."""

import ctypes
import gc
from contextlib import suppress

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def settle_memory() -> None:
    """Leave what the imports made out of all collections, and have threads share one malloc arena."""
    share_one_malloc_arena()
    gc.freeze()
    gc.enable()


def share_one_malloc_arena() -> None:
    """Have all threads allocate from one arena, where the C library is glibc; call it before any starts.

    Otherwise each thread gets an arena, and what one of them once needed is not given back. They do not wait
    for each other: Python runs one of them at a time.
    """
    with suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
