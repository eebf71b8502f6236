"""Render pages of the audit trail."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from adapters.slack.action_ids import ActionId, BadValue
from adapters.slack.blocks import actions, button, context, paragraph
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, link, mention
from adapters.slack.message_content import Block, Content
from adapters.slack.permalinks import card_link
from adapters.slack.records.audit_lines import describe
from adapters.slack.wording import count_of, display_name
from domain.cases.case import Case
from domain.records.audit import SYSTEM, Action, AutomaticActs, Entry

MAX_SECTION = 2_800  # Slack takes 3,000 characters
_EVERYTHING = 0
#: Days that are told apart.
MAX_DAYS = 7
#: What a manager may ask about of what nobody did, by what it is called.
_NAMED: Mapping[str, Collection[Action]] = {
    "opened": {Action.CASE_OPENED},
    "written again": {Action.CUSTOMER_WROTE},
    "targets missed": {Action.ANSWER_OVERDUE, Action.RESOLUTION_OVERDUE},
    "promises not kept": {Action.PROMISE_BROKEN},
    "answers not sent": {Action.REPLY_FAILED},
}
_OLDER = re.compile(r"([0-9]{1,18}):([0-9]{1,18})")


def render_trail(
    case: Case | None,
    entries: Sequence[Entry],
    *,
    older: bool,
    team_url: str,
    automatic: Sequence[AutomaticActs] = (),
) -> Content:
    """Render entries, oldest first. `case` is `None` where they are what people did to anything.

    `automatic` is what the bot did meanwhile, by day.
    """
    title = f"What was done to case {case.id}" if case is not None else "What people did"
    name = f", {link(card_link(team_url, case), display_name(case))}" if case is not None else ""
    lines = [_line(entry, with_case=case is None) for entry in entries] or ["Nothing yet."]
    more: list[Block] = []
    if older:
        value = f"{case.id if case is not None else _EVERYTHING}:{entries[0].id}"
        more = actions([button("Show older", ActionId.AUDIT_OLDER, value)])
    remark = "Newest last. Only you see this."
    if case is None:
        remark += " All of a case: `/mentions audit` with its number, the link of its card, or words in it."
    by_itself = [paragraph("\n".join(_automatic(automatic)))] if automatic else []
    blocks = [
        paragraph(f"*{escape(title)}*{name}"),
        *map(paragraph, _sections(lines)),
        *by_itself,
        *more,
        context(remark),
    ]
    return Content(text=title, blocks=blocks)


def _automatic(days: Sequence[AutomaticActs]) -> Iterator[str]:
    """Yield a line for each of the newest days, and one for those before."""
    yield "*What the bot did by itself meanwhile*"
    for one in days[:MAX_DAYS]:
        yield f"{one.day:%a} {one.day.day} {one.day:%b}: {_counted(one.counts)}"
    if rest := days[MAX_DAYS:]:
        yield f"{count_of(len(rest), 'day')} before: {_counted(_sum(one.counts for one in rest))}"


def _sum(counts: Iterable[Mapping[Action, int]]) -> Mapping[Action, int]:
    total: Counter[Action] = Counter()
    for one in counts:
        total.update(one)
    return total


def _counted(counts: Mapping[Action, int]) -> str:
    named = {name: sum(counts.get(action, 0) for action in actions) for name, actions in _NAMED.items()}
    rest = sum(counts.values()) - sum(named.values())
    parts = [f"{count:,} {name}" for name, count in named.items() if count]
    return " · ".join([*parts, *([f"{rest:,} other"] if rest else [])])


def parse_older(value: str) -> tuple[int | None, int]:
    """Parse the value of *Show older*: the case, `None` for everything, and the id before which to go on.

    Raises `BadValue`.
    """
    match = _OLDER.fullmatch(value)
    if match is None:
        raise BadValue
    return int(match[1]) or None, int(match[2])


def _line(entry: Entry, *, with_case: bool) -> str:
    text = describe(entry)
    if entry.actor != SYSTEM and mention(entry.actor) not in text:
        text += f" · {mention(entry.actor)}"
    if with_case and entry.case_id is not None:
        text += f" · case {entry.case_id}"
    if entry.erased_at is not None:
        text += f" · details erased {date_mrkdwn(entry.erased_at, DateStyle.DAY_AND_CLOCK)}"
    return f"{date_mrkdwn(entry.at, DateStyle.DAY_AND_CLOCK)} · {text}"


def _sections(lines: Sequence[str]) -> list[str]:
    """Join lines to texts that fit into a block each."""
    sections = [""]
    for line in lines:
        if sections[-1] and len(sections[-1]) + len(line) + 1 > MAX_SECTION:
            sections.append("")
        sections[-1] = f"{sections[-1]}\n{line}" if sections[-1] else line
    return sections
