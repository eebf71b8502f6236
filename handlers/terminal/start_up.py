"""Prepare the process before what the bot is made of is imported."""

import gc
import io
import signal
import sys

#: What a shell tells of a program that Ctrl-C has ended.
ENDED_BY_INTERRUPT = 130
INTERRUPTED = "Stopped before it was done."


def prepare_process() -> None:
    """Make imports faster, and possible for a user without a home folder; let output fail for no character.

    What is imported stays: to look through it again and again is a fifth of the start. Until
    `take_interrupts` Ctrl-C ends the process at once: nothing has begun, and a traceback of imports helps
    nobody.
    """
    gc.disable()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else who started us ignores it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from adapters.settings.home_folder import provide_home_folder

    provide_home_folder()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def take_interrupts() -> None:
    """Let Ctrl-C raise `KeyboardInterrupt` again, which what has begun is undone by."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
