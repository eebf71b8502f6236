"""Word the audit entries of targets that are near or missed."""

from adapters.slack.dates import DateStyle, date_mrkdwn, parse_moment
from adapters.slack.escaping import escape, inline, mention
from domain.cases.service_levels import MissedTargetAct
from domain.records.audit import Action, Entry

MAX_LEVEL_LENGTH = 40

_BEGINNINGS = {
    Action.ANSWER_DUE_SOON: "⏰ An answer is due",
    Action.ANSWER_OVERDUE: "🚨 An answer was due",
    Action.RESOLUTION_DUE_SOON: "⏰ The case is to be resolved by",
    Action.RESOLUTION_OVERDUE: "🚨 The case was to be resolved by",
}


def describe_deadline(entry: Entry) -> str:
    """Word what is due, by which service level, and what was done: "🚨 An answer was due Fri 12:15 (VIP)"."""
    detail = entry.detail
    name = escape(inline(str(detail.get("level") or ""), MAX_LEVEL_LENGTH))
    level = f" ({name})" if name else ""
    due = parse_moment(detail.get("due"))
    when = f" {date_mrkdwn(due, DateStyle.DAY_AND_CLOCK)}" if due is not None else ""
    acts, released_from = detail.get("acts") or (), detail.get("released_from")
    done = [
        *(["ranked higher"] if MissedTargetAct.RAISE in acts else []),
        *([f"back in the queue, from {mention(str(released_from))}"] if released_from else []),
        *(["the managers were told"] if MissedTargetAct.MANAGER in acts else []),
    ]
    return " · ".join([f"{_BEGINNINGS[entry.action]}{when}{level}", *done])


DESCRIBERS = dict.fromkeys(_BEGINNINGS, describe_deadline)
