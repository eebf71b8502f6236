"""Render how saved replies are used: figures, answers without one, proposals and pairs."""

from collections.abc import Iterator, Sequence

from adapters.slack.blocks import DIVIDER, actions, button, context, header, paragraph, paragraphs
from adapters.slack.dates import date_mrkdwn
from adapters.slack.escaping import escape, escape_within, inline
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.reports.wording import percent
from adapters.slack.saved_reply_ids import SavedReplyAction, SavedReplyCallback
from adapters.slack.wording import count_of
from domain.knowledge.reply_figures import PairKind, QuestionGroup, ReplyFigure, ReplyPair, ReplyProposal

MAX_FIGURES = 30
MAX_GROUPS = 10
MAX_PROPOSALS = 10
MAX_PAIRS = 10
MAX_EXAMPLES = 2
MAX_TITLE = 60
MAX_QUESTION = 100
MAX_PROPOSED = 600


def render_reply_figures(
    *,
    figures: Sequence[ReplyFigure],
    unanswered: Sequence[QuestionGroup],
    proposals: Sequence[ReplyProposal],
    pairs: Sequence[ReplyPair],
) -> View:
    """Render the figures as a modal."""
    used = [figure for figure in figures if figure.share_used is not None]
    unused = len(figures) - len(used)
    blocks = [
        header("Saved replies"),
        *_lines([_figure(figure) for figure in used[:MAX_FIGURES]], "No answer was sent from one yet."),
        *([context(f"{count_of(unused, 'saved reply', 'saved replies')} not used yet.")] if unused else []),
        header("Answered without a saved reply"),
        *_lines([_group(group) for group in unanswered[:MAX_GROUPS]], "There is none."),
    ]
    if proposals:
        blocks += [
            header("Proposed replies"),
            context("Written again and again. Nothing is saved by itself."),
        ]
        blocks += [block for proposal in proposals[:MAX_PROPOSALS] for block in _proposal(proposal)]
    if pairs:
        blocks += [header("Look at these pairs")]
        blocks += [block for pair in pairs[:MAX_PAIRS] for block in _pair(pair)]
    return modal("Saved replies: figures", SavedReplyCallback.REPLY_FIGURES, blocks, close="Close")


def _lines(lines: Sequence[str], empty: str) -> list[Block]:
    return paragraphs(lines or [f"_{empty}_"])


def _figure(figure: ReplyFigure) -> str:
    parts = [f"{figure.used} sent{f', {figure.edited} edited' if figure.edited else ''}"]
    if figure.thrown_away:
        parts.append(f"{figure.thrown_away} thrown away, {percent(figure.share_used or 0)} used")
    if figure.last_used_at is not None:
        parts.append(date_mrkdwn(figure.last_used_at))
    return f"*{_title(figure.title)}*  {' · '.join(parts)}"


def _group(group: QuestionGroup) -> str:
    first, *_ = group.choices
    times = f"{len(group.choices)} × " if len(group.choices) > 1 else ""
    return f"• {times}“{_quoted(first.asked)}”"


def _proposal(proposal: ReplyProposal) -> Iterator[Block]:
    asked = " · ".join(f"“{_quoted(text)}”" for text in proposal.examples[:MAX_EXAMPLES])
    text = escape_within(inline(proposal.text, MAX_PROPOSED), 2 * MAX_PROPOSED)
    yield paragraph(f"*Written {count_of(proposal.count, 'time')}*, to {asked}\n“{text}”")
    save = button("Save as reply…", SavedReplyAction.PROPOSAL_SAVE, proposal.key)
    yield from actions([save, button("Dismiss", SavedReplyAction.PROPOSAL_DISMISS, proposal.key)])
    yield DIVIDER


def _pair(pair: ReplyPair) -> Iterator[Block]:
    names = f"*{_title(pair.one.title)}* and *{_title(pair.other.title)}*"
    if pair.kind is PairKind.REPEATS:
        text = f"{names} say the same."
    else:
        text = f"{names} may contradict each other: {escape(', '.join(pair.differs_in))}."
    dismiss = button("Dismiss", SavedReplyAction.PROPOSAL_DISMISS, pair.key)
    yield {**paragraph(text), "accessory": dismiss}


def _title(title: str) -> str:
    return escape(inline(title, MAX_TITLE))


def _quoted(text: str) -> str:
    return escape(inline(text, MAX_QUESTION))
