"""Define the results of the `check` command: one line per dependency of the bot."""

from dataclasses import dataclass

#: Why something must be set by which posts or mails arrive.
NO_SOURCE = "without a network, or a mailbox, nothing arrives here"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """The result of one check: `ok` is `None` for pure information, or where the check could not be run.

    `detail` says what was found and contains no secret; `remedy` says how to fix it. `is_unset` is true of a
    setting that is as it comes, or of which nobody knows yet whether it is set.
    """

    name: str
    ok: bool | None
    detail: str
    remedy: str = ""
    is_unset: bool = False
