"""Word what the on-call channel is told where a part of the bot does not work, and where it works again."""

from datetime import timedelta

from domain.operations.health import (
    CLOCK,
    CLOCKS,
    DATABASE,
    DELIVERY,
    DISK,
    LEADER,
    OUTBOX,
    SCHEDULER,
    SLACK,
    HealthReport,
)
from domain.operations.storage_faults import StorageFault

_WAITS = "What customers write waits where it is, and nothing is sent. It goes on by itself"
_RESTORE = "stop it, keep a copy of the file, and run `python bot.py restore FILE` with the newest backup."
_STORAGE = {
    StorageFault.FULL: f"The disk of the database is full. {_WAITS} once there is room.",
    StorageFault.LOCKED: f"The database is locked by another program, such as `sqlite3` or a backup. {_WAITS} "
    "once that is closed.",
    StorageFault.DAMAGED: f"The database is damaged: a page of it cannot be read. Make the bot safe: {_RESTORE}",
    StorageFault.READ_ONLY: f"The database may not be written. {_WAITS} once the bot's user may write it.",
    StorageFault.UNREADABLE: f"The database's file cannot be read or written: look at its disk. {_WAITS} once it can.",
    StorageFault.UNREACHABLE: f"The database does not answer. {_WAITS} once it does.",
    StorageFault.MISSING: "The database's file was deleted while the bot used it. The bot stops, and saves what it "
    "held beside it, under a name with `.rescued`. Run `python bot.py restore` with that file, then start.",
    StorageFault.REPLACED: "The database's file was replaced while the bot used it. The bot stops, and saves what "
    "its own held beside it, under a name with `.rescued`. Run `python bot.py restore` with the right one, then start.",
}
_BY_VALUE = {fault.value: text for fault, text in _STORAGE.items()}
_PARTS = {
    DISK: "The disk of the database is nearly full: {reason}. Make room, before nothing can be stored.",
    LEADER: "No copy of the bot reads posts or runs timers. Look at the log of each copy, and start them again.",
    DELIVERY: "The bot sends nothing: its outbox is stuck. Start it again, and report it with the log.",
    SCHEDULER: "The bot's timers do not run ({reason}), so posts are not read. Start it again, and report it with the log.",
    SLACK: "Slack's socket is {reason}, so presses and messages may not arrive. It is opened anew all the time; if this "
    "lasts, see https://slack-status.com, then start the bot again.",
    CLOCK: "The clock of the machine was {reason}. Waits that this made too long have ended. See why it was wrong (NTP): "
    "times of cases may be off.",
    CLOCKS: "The clock of one copy of the bot is {reason} another's. That copy sends nothing and runs no timers, since "
    "it would take over what others are sending; they go on. Set its clock (NTP); it goes on by itself.",
    OUTBOX: "What agents sent has been waiting for {reason}. `python bot.py check` says whether a network is away.",
}
_ENDED = {
    DATABASE: "The database works again. What waited goes on.",
    DISK: "The disk of the database has room again.",
    LEADER: "A copy of the bot reads and runs timers again.",
    DELIVERY: "The bot sends again.",
    SCHEDULER: "The bot's timers run again.",
    SLACK: "Slack's socket works again.",
    CLOCKS: "The clocks of all copies agree again.",
    OUTBOX: "What agents send goes out in time again.",
}


def troubles(report: HealthReport) -> dict[str, str]:
    """Return a text for each part that is to be told of, by its name; a full database tells of its disk."""
    is_full = report.failed.get(DATABASE) == StorageFault.FULL
    failed = {part: reason for part, reason in report.failed.items() if not (is_full and part == DISK)}
    found = {part: _text(part, reason) for part, reason in failed.items()}
    if (late := report.late_for_agents) is not None:
        found[OUTBOX] = _text(OUTBOX, f"{late // timedelta(minutes=1)} min")
    return found


def recovery(part: str) -> str | None:
    """Return the text for a part that works again; `None` where nobody needs to know."""
    return _ENDED.get(part)


def _text(part: str, reason: str) -> str:
    if part == DATABASE:
        return _BY_VALUE.get(reason, f"The database cannot be used: {reason}. {_WAITS} once it can.")
    return _PARTS.get(part, f"{part} does not work: {{reason}}.").format(reason=reason)
