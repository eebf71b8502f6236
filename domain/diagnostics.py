"""Define the results of the `check` command: one line per dependency of the bot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckLine:
    """The result of one check: `ok` is `None` for pure information, or where the check could not be run.

    `detail` says what was found and contains no secret; `remedy` says how to fix it.
    """

    name: str
    ok: bool | None
    detail: str
    remedy: str = ""
