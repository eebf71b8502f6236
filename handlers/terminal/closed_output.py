"""End a command quietly whose output nobody reads any more, as with `| head`."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")
#: What a shell tells of a program that SIGPIPE has ended.
ENDED_BY_PIPE = 141


def ends_with_its_output(command: Callable[P, int]) -> Callable[P, int]:
    """Wrap a command: where its output was closed, it ends without a traceback, with exit code 141."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            try:
                return command(*args, **kwargs)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            if not _is_closed():
                raise
            return ENDED_BY_PIPE

    return run


def _is_closed() -> bool:
    """Return whether nobody reads the output, and then discard what is left of it.

    Tried with an empty line, as the error may have been that of another pipe or connection.
    """
    try:
        os.write(sys.stdout.fileno(), b"\n")
    except BrokenPipeError:
        discard = os.open(os.devnull, os.O_WRONLY)
        os.dup2(discard, sys.stdout.fileno())
        os.close(discard)
        return True
    return False
