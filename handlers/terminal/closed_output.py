"""End a command with a sentence where its output cannot be written, and quietly where nobody reads it."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")
#: What a shell tells of a program that SIGPIPE has ended.
ENDED_BY_PIPE = 141
_CANNOT_WRITE = "The output cannot be written ({0}), so it is not whole.\n"


def ends_with_its_output(command: Callable[P, int]) -> Callable[P, int]:
    """Wrap a command, so that it ends without a traceback where its output cannot be written.

    Where nobody reads it any more, as with `| head`, it says nothing and ends with exit code 141; where its
    disk is full and the like, with 2. Without any output at all (`>&-`) it goes on.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            try:
                return command(*args, **kwargs)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()
        except OSError as error:
            match _output_fault():
                case None:
                    raise
                case BrokenPipeError():
                    return ENDED_BY_PIPE
                case OSError() as fault if fault.errno == error.errno:
                    if sys.stderr is not None:
                        sys.stderr.write(_CANNOT_WRITE.format(fault.strerror))
                    return 2
                case _:
                    raise

    return run


def _output_fault() -> OSError | None:
    """Return why the output cannot be written, and then discard what is left of it; `None` where it can.

    Tried with an empty line, as the error may have been that of another file, pipe or connection.
    """
    if sys.stdout is None:
        return None
    try:
        os.write(sys.stdout.fileno(), b"\n")
    except OSError as error:
        discard = os.open(os.devnull, os.O_WRONLY)
        os.dup2(discard, sys.stdout.fileno())
        os.close(discard)
        return error
    return None
