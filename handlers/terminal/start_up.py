"""Prepare the process before what the bot is made of is imported."""

import gc
import io
import sys


def prepare_process() -> None:
    """Make imports faster, and possible for a user without a home folder; let output fail for no character.

    What is imported stays: to look through it again and again is a fifth of the start.
    """
    gc.disable()
    from adapters.settings.home_folder import provide_home_folder

    provide_home_folder()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
