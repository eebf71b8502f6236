"""Render what is said when an issue was closed or opened again, and who still waits for it."""

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import actions, button, context, paragraph, with_accessory
from adapters.slack.escaping import cut_at_word, escape, inline, link, mention, one_line
from adapters.slack.message_content import Block, Content, View
from adapters.slack.modals.frame import modal
from adapters.slack.permalinks import card_link
from adapters.slack.trackers.ids import IssueAction, IssueCallback
from adapters.slack.trackers.wording import MAX_TITLE_LENGTH, key_link, state_text
from adapters.slack.wording import count_of, display_name
from domain.cases.next_step import ListedCase
from domain.trackers.issues import IssueState
from domain.trackers.waiting import IssueNews, WaitingCase
from domain.venues import Venue

MAX_SHOWN = 8  # in a message
MAX_LISTED = 40  # in a modal, which takes 100 blocks
_MAX_WORDS = 140
_MAX_ANSWER = 220

_HEADLINES = {
    IssueState.FIXED: "✅ *FIXED:* {issue}",
    IssueState.DROPPED: "➖ *Closed without a fix:* {issue} · {state}",
    IssueState.OPEN: "↩️ *Opened again:* {issue}",
    IssueState.GONE: "⚠️ *Not found any more:* {issue}",
}
_WORDS = {
    IssueState.FIXED: "FIXED",
    IssueState.DROPPED: "Closed without a fix",
    IssueState.OPEN: "Opened again",
    IssueState.GONE: "Not found any more",
}
_NEXT = {
    IssueState.FIXED: "Tell them: *Answer…* opens each with what is proposed, to be read and sent by you.",
    IssueState.DROPPED: "Nothing is proposed: what to tell them is for you to decide.",
    IssueState.OPEN: "Whoever was told that it is fixed may have to be told otherwise.",
    IssueState.GONE: (
        "It was deleted or moved there, or the bot's account may not see it any more. Unlink it, and link or "
        "create the one that takes its place: in *Details…* of the case, or in `/mentions causes`."
    ),
}


def render_issue_news(news: IssueNews, *, label: str, team_url: str) -> Content:
    """Render the message about a change of an issue. `label` is the tracker's name."""
    issue = news.issue
    named = f"{key_link(issue.url, issue.key)} {escape(inline(issue.title, MAX_TITLE_LENGTH))}"
    state = state_text(issue.state, issue.state_name)
    headline = _HEADLINES[issue.state].format(issue=named, state=state)
    blocks = [paragraph(f"{headline}\n{_waiting_line(news)}")]
    blocks += [_row(one, team_url) for one in news.waiting[:MAX_SHOWN]]
    if news.waiting or issue.state is IssueState.GONE:
        blocks.append(context(_NEXT[issue.state]))
    if news.waiting:
        blocks += actions([button("Who still waits…", IssueAction.WAITING, str(issue.id))])
    blocks.append(context(f"{escape(label)} · followed for {mention(issue.created_by)}"))
    return Content(
        text=f"{_WORDS[issue.state]}: {escape(inline(issue.key, 80))} · {_waiting_text(news)}", blocks=blocks
    )


def render_waiting(news: IssueNews, *, team_url: str, may_answer: bool = True) -> View:
    """Render who waits for an issue now, for one person; without buttons where they may not answer."""
    issue = news.issue
    heading = f"*{key_link(issue.url, issue.key)}* · {state_text(issue.state, issue.state_name)}"
    blocks: list[Block] = [paragraph(f"{heading}\n{_waiting_line(news)}")]
    blocks += [_row(one, team_url, may_answer=may_answer) for one in news.waiting[:MAX_LISTED]]
    if (hidden := news.count - MAX_LISTED) > 0:
        blocks.append(context(f"{count_of(hidden, 'more case')} not shown."))
    return modal("Who still waits", IssueCallback.WAITING, blocks, close="Close")


def _waiting_text(news: IssueNews) -> str:
    if not news.people:
        return "nobody waits"
    return f"{count_of(news.people, 'person', 'people')} still {'waits' if news.people == 1 else 'wait'}"


def _waiting_line(news: IssueNews) -> str:
    parts = [f"*{_waiting_text(news)}*"]
    if news.thanked:
        parts.append(f"{count_of(news.thanked, 'customer')} thanked us")
    if news.closed_cases:
        are = "is" if news.closed_cases == 1 else "are"
        parts.append(f"{count_of(news.closed_cases, 'linked case')} {are} closed")
    return " · ".join(parts)


def _row(one: WaitingCase, team_url: str, *, may_answer: bool = True) -> Block:
    """Render a waiting case: who, what they wrote, what is proposed, and the button that opens the form."""
    case, newest = one.listed.case, one.listed.shown
    words = cut_at_word(one_line(newest.text), _MAX_WORDS) if newest is not None else ""
    name = link(card_link(team_url, case), display_name(case))
    holder = f" ({mention(case.claimed_by)} has it)" if case.claimed_by else ""
    lines = [f"*{name}*{holder}: {escape(words)}"]
    if one.proposed:
        lines.append(f"_Proposed:_ {escape(cut_at_word(one_line(one.proposed), _MAX_ANSWER))}")
    if (hindrance := _hindrance(one.listed)) is not None:
        lines.append(hindrance)
    row = paragraph("\n".join(lines))
    if not may_answer or hindrance is not None:
        return row
    return with_accessory(row, button("Answer…", ActionId.CASE_REPLY, card_value(case.id, case.version)))


def _hindrance(listed: ListedCase) -> str | None:
    """Say why the form of an answer would refuse this customer; `None` where it would not."""
    if listed.venue is Venue.DM and listed.opted_out:
        return "🔕 They asked for no direct messages from us: *Move to…* on the card offers another way."
    if listed.venue is None and listed.case.reply_block is not None:
        return "No public answer can be sent from here: the card says why, and what can be done."
    return None
