"""Show in `check` where a channel is open to others than the members of the workspace."""

from collections import Counter
from collections.abc import Mapping

from adapters.slack.directory import Directory
from adapters.slack.wording import count_of
from domain.access import Standing
from domain.diagnostics import CheckLine

#: How many people of a channel are looked up: each is a call, of which Slack takes a hundred a minute.
MAX_LOOKED_UP = 90
_SHARED_FLAGS = ("is_ext_shared", "is_shared", "is_pending_ext_shared")
_NAMES = {
    Standing.GUEST: ("guest", "guests"),
    Standing.STRANGER: ("person of another organisation", "people of other organisations"),
    Standing.BOT: ("bot", "bots"),
    Standing.DEACTIVATED: ("deactivated person", "deactivated people"),
    Standing.UNKNOWN: ("person of whom Slack says nothing", "people of whom Slack says nothing"),
}
_SEEN = "They see what is posted there, and act only where `slack.may_also_act` in switchboard.toml lets them"


async def check_outsiders(
    directory: Directory, channel: str, described: Mapping[str, object], *, bot_user_id: str
) -> list[CheckLine]:
    """Return a line where the channel is shared with others, and one where others are in it.

    `described` is Slack's description of it.
    """
    lines = []
    if any(described.get(flag) is True for flag in _SHARED_FLAGS):
        detail = (
            "shared with another organisation or workspace (Slack Connect), whose people see every card in it"
        )
        remedy = "Use a channel that is not shared, unless that is meant"
        lines.append(CheckLine(f"Channel {channel}: shared", ok=None, detail=detail, remedy=remedy))
    members = sorted(await directory.members(channel) - {bot_user_id})
    counts = Counter([await directory.standing(user_id) for user_id in members[:MAX_LOOKED_UP]])
    found = [count_of(counts[kind], *names) for kind, names in _NAMES.items() if counts[kind]]
    if found:
        rest = f" (the first {MAX_LOOKED_UP} members were looked up)" if len(members) > MAX_LOOKED_UP else ""
        detail = f"{', '.join(found)}{rest}. {_SEEN}"
        lines.append(CheckLine(f"Channel {channel}: others in it", ok=None, detail=detail))
    return lines
