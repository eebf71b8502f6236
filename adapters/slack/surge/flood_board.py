"""Render the board of a flood, and what is said when it is over."""

from collections.abc import Sequence

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import actions, button, context, paragraph, with_accessory
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import cut_at_word, escape, inline, isolate, link, one_line, shorten
from adapters.slack.labels import situation_label
from adapters.slack.message_content import Block, Content
from adapters.slack.outages.link_ids import LinkAction
from adapters.slack.outages.wording import pause_line, state_name
from adapters.slack.permalinks import permalink
from adapters.slack.surge.spike_alert import cause_buttons, subject
from adapters.slack.wording import count_of, display_name, first_words, urgency_emoji
from domain.cases.next_step import ListedCase
from domain.outages.outage import Outage
from domain.surge.flood import (
    HEAD_OF_QUEUE,
    MAX_URGENT_ROWS,
    MINUTE,
    PULLED,
    UNDECIDED_FOR,
    BoardView,
    Flood,
    Holding,
    OutageCount,
    SpikeCount,
)

_MAX_WORDS_LENGTH = 120  # of a post
_MAX_LINE_LENGTH = 60
_LINES_A_BLOCK = 10
_MAX_NAME_LENGTH = 60
_MAX_TITLE_LENGTH = 100
_MAX_OUTAGES = 3
_MAX_CASES_LENGTH = 10_000  # of all rows and lines: Slack takes 12,000 characters a message
_LONGEST_ESCAPE = len("&amp;")
_MAX_SITUATIONS = 6


def render_board(view: BoardView) -> Content:
    """Render the board: what waits without a card, the urgent cases among it, and what comes next."""
    flood = view.flood
    if not flood.is_active:
        return _ended_board(view)
    if flood.holds is Holding.OUTAGES:
        return _gathering_board(view)
    blocks = [
        paragraph(
            f"🌊 *More posts than this channel can take*, since {date_mrkdwn(flood.began_at, DateStyle.CLOCK)}. "
            "Urgent ones get a card as before; the others wait here and in the queue. None is lost."
        ),
        *_paused(view),
        paragraph(_figures(view)),
        *_situations(view),
        *actions(_buttons(view)),
        *_urgent(view),
        *_samples(view),
    ]
    return Content(text=f"Flood: {count_of(view.held_total, 'case')} without a card", blocks=blocks)


def _gathering_board(view: BoardView) -> Content:
    """Render many cases about the same as one card: how many people, since when, and what to do with them."""
    spikes = [_gathered_spike(one, view) for one in view.spikes]
    subjects = [*spikes, *map(_gathered, view.outages)][:_MAX_OUTAGES]
    blocks = [*_paused(view), *(block for one in subjects for block in one)]
    undecided = "that nobody links" if view.outages else "of which nobody says what it is"
    blocks.append(
        context(
            "New posts about it wait here instead of a card each. Urgent ones get their card at once; those "
            f"{undecided} get it after {UNDECIDED_FOR // MINUTE} minutes, of many the {HEAD_OF_QUEUE} that rank "
            "highest. "
            f"*{view.held_total:,}* without a card: all are in the queue, and `/mentions next` takes one."
        )
    )
    blocks += [*actions(_buttons(view)), *_urgent(view), *_samples(view)]
    total = sum(one.cases for one in view.outages) + view.in_spikes
    people = count_of(total, "person", "people")
    text = f"Outage: {people} wrote about it" if view.outages else f"{people} wrote about the same"
    return Content(text=text, blocks=blocks)


def _paused(view: BoardView) -> list[Block]:
    return [paragraph(pause_line(view.pause))] if view.pause is not None else []


def _gathered_spike(one: SpikeCount, view: BoardView) -> list[Block]:
    facts = f"📈 *{_within(subject(one.series), _MAX_NAME_LENGTH)}* · {_people(one)}"
    if one.outage_title is not None:
        title = _within(inline(one.outage_title, _MAX_TITLE_LENGTH), _MAX_TITLE_LENGTH)
        return [paragraph(f"{facts}\nOnce the outage “{title}” is announced, all of them can be answered.")]
    hint = (
        f"{_which_are_open(view.open_outages)}. If they are about it, press *It is this known outage…*: then "
        "all of them can be linked and answered. If not, press *Open an outage…*."
        if view.open_outages
        else "No outage is announced. *Open an outage…* is filled in from what they wrote; once it is announced, "
        "all of them can be answered, each in other words."
    )
    if view.held:
        hint += f" *Pull next {PULLED}* gives cards to answer now."
    return [
        paragraph(f"{facts}\n{hint}"),
        *actions(cause_buttons(one.spike_id, is_one_open=bool(view.open_outages))),
    ]


def _which_are_open(outages: Sequence[Outage]) -> str:
    """Name the open outages, the newest first: at most two, and how many more there are."""
    newest, *others = [
        f"“{_within(inline(one.title, _MAX_TITLE_LENGTH), _MAX_TITLE_LENGTH)}” ({state_name(one)})"
        for one in reversed(outages)
    ]
    if not others:
        return f"{newest} is open"
    return f"{newest} and {f'{len(others):,} more' if others[1:] else others[0]} are open"


def _people(one: OutageCount | SpikeCount) -> str:
    people = f"*{count_of(one.cases, 'person', 'people')}*"
    return people if one.oldest is None else f"{people} · oldest came {date_mrkdwn(one.oldest)}"


def _gathered(one: OutageCount) -> list[Block]:
    value = str(one.outage_id)
    answer = [button("Answer linked cases…", LinkAction.ANSWER, value)] if one.cases > one.proposed else []
    label = f"Link matching cases… ({one.proposed:,})"
    link = [button(label, LinkAction.PROPOSED, value)] if one.proposed else []
    return [paragraph(f"🔗 *{_title(one)}* · {_people(one)}"), *actions([*answer, *link])]


def _ended_board(view: BoardView) -> Content:
    waiting = view.held_total
    gathered = view.flood.holds is Holding.OUTAGES
    mark, what = ("🔗", "Posts get a card each again") if gathered else ("🌊", "The flood is over")
    blocks = [paragraph(f"{mark} *{what}.* It lasted {_span(view.flood)}.")]
    if waiting:
        blocks += [
            paragraph(
                f"{count_of(waiting, 'case')} without a card {'waits' if waiting == 1 else 'wait'} in the queue."
            ),
            *_situations(view),
            *actions(_buttons(view)),
            *_urgent(view),
            *_samples(view),
        ]
    else:
        blocks.append(context("Every case has its card."))
    return Content(text=what, blocks=blocks)


def render_summary(view: BoardView, *, team_url: str) -> Content:
    """Render what happened in a flood. Posts about the same may go on waiting on its board afterwards."""
    flood, waiting = view.flood, view.held_total
    urgent = f"{flood.urgent:,} urgent"
    if flood.urgent:
        without = view.urgent_total
        urgent += ", all with cards" if not without else f", {without:,} of them still without a card"
    lines = [f"*Flood {_span(flood)}*: {count_of(flood.mentions, 'mention')}, {urgent}."]
    if waiting:
        lines.append(
            f"{count_of(waiting, 'case')} without a card {'is' if waiting == 1 else 'are'} in the queue: "
            f"`/mentions next` and *Pull next {PULLED}* on {_board_link(flood, team_url)} give them out by rank."
        )
    else:
        lines.append("Every case has its card, or gets it within a minute.")
    if flood.is_active and flood.holds is Holding.OUTAGES:
        lines.append("New posts about the same go on waiting on the board; others get a card each again.")
    return Content(
        text=f"The flood is over: {count_of(flood.mentions, 'mention')}",
        blocks=[paragraph("\n".join(lines)), *_situations(view)],
    )


def _board_link(flood: Flood, team_url: str) -> str:
    board = flood.board
    return "the board" if board is None else link(permalink(team_url, board.channel, board.ts), "the board")


def _span(flood: Flood) -> str:
    ended_at = flood.ended_at or flood.calm_since  # where posts about the same are gathered from then on
    until = f" to {date_mrkdwn(ended_at, DateStyle.CLOCK)}" if ended_at is not None else ""
    return f"from {date_mrkdwn(flood.began_at, DateStyle.CLOCK)}{until}"


def _figures(view: BoardView) -> str:
    facts = [
        f"*{view.held_total:,}* without a card",
        f"*{view.last_minute:,}* posts in the last minute",
        f"*{view.flood.mentions:,}* in all",
    ]
    if view.oldest is not None:
        facts.append(f"oldest came {date_mrkdwn(view.oldest)}")
    return " · ".join(facts)


def _situations(view: BoardView) -> list[Block]:
    """Render how many cases are held back by situation, and by outage."""
    largest, rest = view.held[:_MAX_SITUATIONS], view.held[_MAX_SITUATIONS:]
    counts = [f"{situation_label(one.situation)} *{one.cases:,}*" for one in largest]
    counts += [f"others *{sum(one.cases for one in rest):,}*"] if rest else []
    lines = [" · ".join(counts)] if counts else []
    lines += [f"Outage “{_title(one)}” *{one.held:,}*" for one in view.outages[:_MAX_OUTAGES] if one.held]
    return [context("\n".join(lines))] if lines else []


def _title(one: OutageCount) -> str:
    return _within(inline(one.title, _MAX_TITLE_LENGTH), _MAX_TITLE_LENGTH)


def _urgent(view: BoardView) -> list[Block]:
    """Render the urgent cases without a card yet: a row with a button each, and the last ones a line."""
    if not view.urgent:
        return []
    rows, lines = view.urgent[:MAX_URGENT_ROWS], view.urgent[MAX_URGENT_ROWS:]
    hidden = view.urgent_total - len(view.urgent)
    more = [context(f"{count_of(hidden, 'more urgent case')}: press *Show urgent*.")] if hidden > 0 else []
    limit = _limit_of_each(view)
    return [
        paragraph("*Urgent, card on its way*"),
        *(with_accessory(paragraph(_row(listed, limit)), _claim(listed)) for listed in rows),
        *(context("\n".join(_line(one, limit) for one in part)) for part in _parts(lines)),
        *more,
    ]


def _samples(view: BoardView) -> list[Block]:
    if not view.samples:
        return []
    limit = _limit_of_each(view)
    return [context("Next, by rank"), *(context(_row(listed, limit)) for listed in view.samples)]


def _limit_of_each(view: BoardView) -> int:
    """Return how long the text of each case may be, so that the message is not too long for Slack."""
    return _MAX_CASES_LENGTH // max(len(view.urgent) + len(view.samples), 1)


def _row(listed: ListedCase, limit: int) -> str:
    """Render a case in two lines: how urgent, about what, who and since when; the newest words."""
    case = listed.case
    title = f"{urgency_emoji(case.assessment.urgency)} *{situation_label(case.assessment.situation)}*"
    title += f" · {_within(display_name(case), _MAX_NAME_LENGTH)}"
    if case.waiting_since is not None:
        title += f" · {date_mrkdwn(case.waiting_since)}"
    words = _words(listed, _MAX_WORDS_LENGTH, limit - len(title))
    return f"{title}\n{words}" if words else title


def _line(listed: ListedCase, limit: int) -> str:
    """Render a case in one line, where there is no room for a row."""
    case = listed.case
    who = f"{urgency_emoji(case.assessment.urgency)} {_within(display_name(case), _MAX_NAME_LENGTH)}"
    return f"{who} · {_words(listed, _MAX_LINE_LENGTH, limit - len(who))}"


def _words(listed: ListedCase, columns: int, limit: int) -> str:
    words = one_line(first_words(listed.shown))
    return _within(cut_at_word(words, columns), limit)


def _within(text: str, limit: int) -> str:
    """Escape a text of a customer, cut so far that it is not longer than `limit` when it is escaped."""
    escaped = escape(isolate(text))
    if len(escaped) <= limit:
        return escaped
    return escape(isolate(shorten(text, limit // _LONGEST_ESCAPE))) if limit >= _LONGEST_ESCAPE else ""


def _parts(rows: Sequence[ListedCase]) -> list[Sequence[ListedCase]]:
    return [rows[first : first + _LINES_A_BLOCK] for first in range(0, len(rows), _LINES_A_BLOCK)]


def _claim(listed: ListedCase) -> Block:
    return button("Claim", ActionId.CASE_CLAIM, card_value(listed.case.id, listed.case.version))


def _buttons(view: BoardView) -> list[Block]:
    value = str(view.flood.id)
    pull = [button(f"Pull next {PULLED}", ActionId.FLOOD_PULL, value, style="primary")] if view.held else []
    return [*pull, button("Show urgent", ActionId.FLOOD_URGENT, value)]
