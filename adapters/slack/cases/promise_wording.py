"""Word the promises of our answers: on cards, in Details with their buttons, and in the audit trail."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.slack.action_ids import MAX_NUMBER
from adapters.slack.blocks import actions, button, context, paragraph
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.dates import DateStyle, date_mrkdwn, parse_moment
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_content import Block
from domain.cases.promises import MAX_WORDS, Promise, PromiseState
from domain.records.audit import SYSTEM, Action, Entry

MAX_SHOWN = 5
_RECOGNISED = "promised."

_STATES = {PromiseState.OPEN: "🤝 *Promised*", PromiseState.BROKEN: "💔 *Promised, and not kept*"}
_ENTRIES = {
    Action.PROMISED: "🤝 {who} promised",
    Action.PROMISE_DUE_SOON: "⏰ Soon it is due what we promised",
    Action.PROMISE_DUE: "❓ It was due what we promised, and we have answered since. Was it kept?",
    Action.PROMISE_BROKEN: "💔 A promise was not kept",
    Action.PROMISE_KEPT: "✓ A promise was kept, says {who}",
    Action.PROMISE_WITHDRAWN: "{who} said that this is no promise",
    Action.PROMISE_MOVED: "{who} changed when a promise is due",
}
_KEPT_BY_ANSWER = "✓ A promise was kept: we answered in time, and the case is resolved"


def promise_line(promise: Promise) -> str:
    """Word a promise: "🤝 *Promised*: “by Friday”, due Fri 4 Dec at 17:00 (@Sam)"."""
    by = f" ({mention(promise.made_by)})" if promise.made_by is not None else ""
    return f"{_STATES[promise.state]}: {_due_text(promise.words, promise.due_at)}{by}"


def promise_lines(promises: Sequence[Promise]) -> list[Block]:
    """Render the promises that are open or broken, a line each, as a card shows them; empty without any."""
    shown = [promise for promise in promises if promise.state in _STATES][:MAX_SHOWN]
    return [context("\n".join(map(promise_line, shown)))] if shown else []


def promise_blocks(promises: Sequence[Promise]) -> list[Block]:
    """Render the promises that are open or broken, each with its buttons, for Details."""
    blocks: list[Block] = []
    for promise in [promise for promise in promises if promise.state in _STATES][:MAX_SHOWN]:
        blocks += [paragraph(promise_line(promise)), *promise_buttons(promise.id)]
    return blocks


def promise_buttons(promise_id: int) -> list[Block]:
    """Render what can be said of a promise."""
    value = str(promise_id)
    return actions(
        [
            button("Kept", CaseFormAction.PROMISE_KEPT, value),
            button("Not a promise", CaseFormAction.PROMISE_WITHDRAW, value),
            button("Change date…", CaseFormAction.PROMISE_MOVE, value),
        ]
    )


def entry_buttons(entry: Entry) -> list[Block]:
    """Render the buttons below the entry of a promise that was made; empty for any other."""
    promise = entry.detail.get("promise") if entry.action is Action.PROMISED else None
    return promise_buttons(promise) if isinstance(promise, int) and 0 < promise <= MAX_NUMBER else []


def recognised_lines(promised: Sequence[tuple[str, datetime]]) -> list[Block]:
    """Say in a form what its text promises, and until when; empty where it promises nothing."""
    if not promised:
        return []
    each = "; ".join(_due_text(words, due) for words, due in promised[:MAX_SHOWN])
    line = context(f"🤝 You promise: {each}. You are reminded before it is due.")
    return [{**line, "block_id": _recognised_id(promised)}]


def shows_recognised(view: Mapping[str, Any], promised: Sequence[tuple[str, datetime]]) -> bool:
    """Return whether an open form shows these promises; until when "in 24 hours" is does not matter."""
    shown = {str(block.get("block_id")) for block in view.get("blocks") or ()}
    found = {block_id for block_id in shown if block_id.startswith(_RECOGNISED)}
    return found == ({_recognised_id(promised)} if promised else set())


def _recognised_id(promised: Sequence[tuple[str, datetime]]) -> str:
    words = "\n".join(words for words, _ in promised)
    return f"{_RECOGNISED}{zlib.crc32(words.encode()):08x}"


def describe_promise(entry: Entry) -> str:
    """Word an audit entry of a promise: "🤝 @Sam promised “by Friday”, due Fri 4 Dec at 17:00"."""
    detail = entry.detail
    is_machine = entry.actor == SYSTEM
    beginning = _ENTRIES[entry.action]
    if entry.action is Action.PROMISE_KEPT and is_machine:
        beginning = _KEPT_BY_ANSWER
    text = beginning.format(who="The bot" if is_machine else mention(entry.actor))
    due, words = parse_moment(detail.get("due")), str(detail.get("words") or "")
    return text if due is None else f"{text}: {_due_text(words, due)}"


def _due_text(words: str, due: datetime) -> str:
    said = f"“{escape(inline(words, MAX_WORDS))}”, due " if words else "due "
    return f"{said}{date_mrkdwn(due, DateStyle.DAY_AND_CLOCK)}"


DESCRIBERS = dict.fromkeys(_ENTRIES, describe_promise)
