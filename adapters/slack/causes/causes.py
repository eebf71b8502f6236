"""Render the answer to `/mentions causes`, a summary's lines about causes, and who waits for one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import Json, actions, button, context, paragraph, text_content, with_accessory
from adapters.slack.causes.ids import CauseAction
from adapters.slack.causes.wording import STATE_NAMES
from adapters.slack.escaping import escape, inline, link, mention
from adapters.slack.message_content import Block, Content
from adapters.slack.permalinks import card_link
from adapters.slack.reports.wording import (
    before_name,
    compared,
    filters_mrkdwn,
    moment,
    period_line,
    period_name,
)
from adapters.slack.surge.sparkline import averaged, sparkline
from adapters.slack.wording import count_of, display_name
from domain.causes.cause import MAX_NAME_LENGTH, Cause, CauseState
from domain.causes.figures import CauseFigures, FixFigures
from domain.causes.reports import WaitingCase, WaitingView
from domain.causes.trends import Trend
from domain.reports.filters import Filters
from domain.reports.periods import Period

MAX_CAUSES = 20
MAX_IN_SUMMARY = 3
#: A new cause is compared with the posts of the last 60 days by a timer.
_COUNTED_WITHIN = timedelta(minutes=1)
Mask = Callable[[str], str]
MAX_QUOTE = 120
_THEN = "then press *Who waits…* in `/mentions causes`"
_BY_AGENTS = "Have these answered on their cards"
_SHORT_TIME = "less than a day"
_FIXES = {Trend.MORE: "more", Trend.FEWER: "fewer", Trend.UNCLEAR: "no clear change"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseExtra:
    """What others show of a cause below its figures: lines of mrkdwn, and buttons."""

    lines: Sequence[str] = ()
    buttons: Sequence[Json] = ()


def render_causes(
    causes: Sequence[CauseFigures],
    period: Period,
    filters: Filters,
    *,
    extras: Mapping[int, CauseExtra] | None = None,
) -> Content:
    """Render all causes with their figures of a period; `extras` are by the id of the cause."""
    title = f"{count_of(len(causes), 'cause')}" if causes else "No cause is tracked yet"
    asked = [escape(period_line(period))]
    if filters.values:
        asked.append(f"only {filters_mrkdwn(filters)}")
    blocks: list[Block] = [paragraph(f"*{escape(title)}*"), context(" · ".join(asked))]
    if not causes:
        blocks.append(paragraph("Type `/mentions topics` and press *Make this a cause…*."))
    for one in causes[:MAX_CAUSES]:
        extra = (extras or {}).get(one.cause.id, CauseExtra())
        lines = [*_lines(one, period), *extra.lines]
        buttons = [button("Edit…", CauseAction.EDIT, str(one.cause.id))]
        if one.waiting:
            buttons.append(button("Who waits…", CauseAction.WAITING, str(one.cause.id)))
        blocks += [paragraph("\n".join(lines)), *actions([*buttons, *extra.buttons])]
    hidden = len(causes) - MAX_CAUSES
    if hidden > 0:
        blocks.append(context(f"{count_of(hidden, 'cause')} more not shown."))
    return Content(text=escape(title), blocks=[*blocks, context("Only you see this.")])


def render_causes_failed(period: Period) -> Content:
    """Render that the causes could not be counted."""
    text = f"Causes of {period_name(period).lower()}: counting them failed. Try again in a minute."
    return text_content(escape(text))


def _lines(one: CauseFigures, period: Period) -> Iterator[str]:
    cause = one.cause
    owner = mention(cause.owner) if cause.owner else "nobody owns it"
    yield f"*{_name(cause)}* · {STATE_NAMES[cause.state]} · {owner}"
    if not one.count and period.until - cause.created_at < _COUNTED_WITHIN:
        yield "Its posts are being counted: look again in a minute"
        return
    bars = f"  {sparkline(averaged(one.days))}" if len(one.days) > 1 and one.count else ""
    yield escape(f"{count_of(one.count, 'case')}, {_compared(one, period)}{bars}")
    if one.fix is not None:
        yield escape(fix_text(one.fix, period.zone))
    if one.waiting:
        yield f"{count_of(one.waiting, 'customer')} still {'waits' if one.waiting == 1 else 'wait'} for us"


def _compared(one: CauseFigures, period: Period) -> str:
    """Compare with the period before, or say that not all of it is known."""
    if _is_comparable(one, period):
        return compared(one.count, one.before, period)
    if one.cause.since >= period.before.until:
        return f"nothing is known of {before_name(period)}"
    known = one.cause.since.astimezone(period.zone)
    return f"nothing is known from before {known.day} {known:%b}"


def _is_comparable(one: CauseFigures, period: Period) -> bool:
    """Return whether the whole period before is known: older posts are not compared with a cause."""
    return one.cause.since <= period.before.since


def fix_text(fix: FixFigures, zone: tzinfo) -> str:
    """Say what came since the fix: "Fewer since the fix on 16 Nov: 3 in 13 days, 52 in the 28 before"."""
    return f"{_FIXES[fix.trend].capitalize()} since the fix on {moment(fix.fixed_at, zone)}: {_around(fix)}"


def _around(fix: FixFigures) -> str:
    after, before = _days(fix.until - fix.fixed_at), _days(fix.fixed_at - fix.since)
    the = "" if before == _SHORT_TIME else "the "
    return f"{fix.after:,} in {after}, {fix.before:,} in {the}{before} before"


def cause_lines(causes: Sequence[CauseFigures], period: Period) -> list[str]:
    """Return a summary's lines about causes, as plain text: those that are fixed, then the open ones.

    What has no case, as of other languages than a filter names, has no line.
    """
    fixed = [
        f"“{_plain(one.cause)}”: {_short(one.fix, period.zone)}"
        for one in causes
        if one.fix is not None and (one.fix.before or one.fix.after)
    ]
    is_open = [one for one in causes if not one.cause.state.is_over and one.count]
    counted = [
        f"“{_plain(one.cause)}”: {count_of(one.count, 'case')}"
        + (f" (was {one.before:,})" if _is_comparable(one, period) else "")
        for one in is_open
    ]
    return [*fixed[:MAX_IN_SUMMARY], *counted[:MAX_IN_SUMMARY]]


def _short(fix: FixFigures, zone: tzinfo) -> str:
    return f"{_FIXES[fix.trend]} since the fix on {moment(fix.fixed_at, zone)} ({_around(fix)})"


def render_waiting(view: WaitingView, *, team_url: str, mask: Mask, may_answer: bool = True) -> Content:
    """Render who waits for news of a cause, each with a button that opens the form of a reply.

    There is no button for a reader who may not answer.
    """
    name = _plain(view.cause)
    waits = f"{count_of(view.count, 'customer')} still {'waits' if view.count == 1 else 'wait'} for us"
    is_fixed = view.cause.state is CauseState.FIXED
    title = f"{name}{' is fixed' if is_fixed else ''}: {waits if view.cases else 'nobody waits for us'}"
    blocks: list[Block] = [paragraph(f"*{escape(title)}*")]
    blocks += [_waiting_row(one, team_url, mask, may_answer=may_answer) for one in view.cases]
    if view.count > len(view.cases):
        rest = f"{view.count - len(view.cases):,} more wait"
        blocks.append(context(f"{rest}. {'Answer these' if may_answer else _BY_AGENTS}, {_THEN}."))
    if view.cases and may_answer:
        blocks.append(context("Nothing is sent before you have read it and pressed *Send*."))
    return Content(text=escape(title), blocks=blocks)


def _waiting_row(one: WaitingCase, team_url: str, mask: Mask, *, may_answer: bool) -> Block:
    """Render a case with its button; a block each: in one, no two buttons may have the same name."""
    case = one.case
    name = link(card_link(team_url, case), display_name(case)) or escape(display_name(case))
    words = escape(inline(mask(one.words), MAX_QUOTE)) or "(deleted)"
    proposed = escape(inline(one.proposed, MAX_NAME_LENGTH)) if one.proposed else ""
    proposal = f"Proposed answer: {proposed}" if proposed else "No saved reply fits: the form is empty"
    row = paragraph(f"{name}: {words}\n{proposal}")
    if not may_answer:
        return row
    return with_accessory(row, button("Reply…", ActionId.CASE_REPLY, card_value(case.id, case.version)))


def _days(length: timedelta) -> str:
    days = round(length / timedelta(days=1))
    return count_of(days, "day") if days else _SHORT_TIME


def _name(cause: Cause) -> str:
    return escape(_plain(cause))


def _plain(cause: Cause) -> str:
    return inline(cause.name, MAX_NAME_LENGTH)
