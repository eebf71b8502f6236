"""Make sure that libraries find a home folder: a container's user may have none, and no name either."""

import os
from pathlib import Path

_NOWHERE = "/nonexistent"  # as for users without a home on Debian: nothing is read from there, nor kept


def provide_home_folder() -> None:
    """Set HOME where it is not set and the system knows no home: `slack_sdk` cannot be imported without."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = _NOWHERE
