"""What `check` reports of one thing that the bot depends on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line: `ok` is `None` where it is only told, or could not be looked at.

    `detail` says what was found and holds no secret; `remedy` says what to do about it.
    """

    name: str
    ok: bool | None
    detail: str
    remedy: str = ""
