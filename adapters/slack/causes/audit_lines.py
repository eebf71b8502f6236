"""Describe audit entries about causes."""

from adapters.slack.causes.wording import MAX_NAME, STATE_NAMES
from adapters.slack.dates import DateStyle, date_mrkdwn, parse_moment
from adapters.slack.escaping import escape, inline, mention
from domain.causes.cause import CauseState
from domain.records.audit import SYSTEM, Entry

MAX_REASON = 200


def created(entry: Entry) -> str:
    """Describe that a cause was created: "Sam made “voucher” a cause"."""
    return f"{mention(entry.actor)} made {_name(entry)} a cause"


def changed(entry: Entry) -> str:
    """Describe what was changed of a cause."""
    detail = entry.detail
    parts = []
    if "name" in detail:
        parts.append(f"its name is {_name(entry)}")
    if "owner" in detail:
        owner = str(detail["owner"] or "")
        parts.append(f"{mention(owner)} owns it" if owner else "nobody owns it")
    if str(detail.get("state")) in list(CauseState):
        since = parse_moment(detail.get("fixed_at"))
        when = f" since {date_mrkdwn(since, DateStyle.DAY_AND_CLOCK)}" if since else ""
        parts.append(f"it is {STATE_NAMES[CauseState(str(detail['state']))].lower()}{when}")
    if "phrases" in detail:
        parts.append("other posts belong to it")
    reason = escape(inline(str(detail.get("reason") or ""), MAX_REASON))
    who = "The bot" if entry.actor == SYSTEM else mention(entry.actor)
    line = f"{who} changed the cause #{escape(str(detail.get('cause', '')))}"
    return ": ".join(part for part in (line, ", ".join(parts)) if part) + (f" ({reason})" if reason else "")


def decided(entry: Entry) -> str:
    """Describe that a person said whether a case belongs to a cause."""
    verb = "is" if entry.detail.get("belongs") else "is not"
    return f"{mention(entry.actor)} said that this {verb} the cause {_name(entry)}"


def _name(entry: Entry) -> str:
    return f"“{escape(inline(str(entry.detail.get('name') or ''), MAX_NAME))}”"
