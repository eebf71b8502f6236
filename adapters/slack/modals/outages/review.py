"""Render the review of a notice: exactly what is sent, to be approved, changed or withdrawn."""

from collections.abc import Sequence

from adapters.slack.blocks import DIVIDER, actions, button, confirmation, context, paragraph
from adapters.slack.escaping import escape, inline
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.outages.facts import (
    fact_blocks,
    fact_lines,
    heading_lines,
    summary_line,
    text_label,
)
from adapters.slack.modals.outages.metadata import review_metadata
from adapters.slack.outages.ids import OutageAction, OutageCallback
from adapters.slack.outages.wording import NOTICE_NAMES
from adapters.slack.rich_text import quote, rich_text, section, text_node
from domain.outages.lifecycle import Actor
from domain.outages.notices import NoticeState, NoticeText
from domain.outages.policy import Right
from domain.outages.review import NoticeReview

MAX_NAMES_LENGTH = 500
MAX_NAME_LENGTH = 80
LINES_IN_CONTEXT = 4  # destinations; each may have some lines of warnings, and Slack cuts long ones
MAX_TEXTS = 45  # of two blocks each: a modal takes 100


#: Told to who was about to approve a notice that somebody changed meanwhile.
CHANGED = (
    "⚠️ *Nothing was sent: the notice was changed after you looked at it.* This is what it says now. "
    "Read it again before you go on."
)


def render_review(review: NoticeReview, reader: Actor, *, external_id: str, feedback: str = "") -> View:
    """Render the review for somebody; `feedback` is a line of mrkdwn at the top.

    What they may not do, and what they may do in its place, stands above the texts: those may be long.
    """
    notice = review.notice
    submit, why_not = _submit_label(review, reader)
    may_edit = Right.DRAFT in reader.rights and notice.is_pending
    others = actions(_other_buttons(review)) if may_edit else []
    blocks: list[Block] = [paragraph(one) for one in (feedback, heading_lines(review)) if one]
    if why_not:
        blocks += [paragraph(why_not), *others]
    if summary := summary_line(review):
        blocks.append(paragraph(summary))
    for texts in _alike(review.texts[:MAX_TEXTS]):
        shown = _text_blocks(review, texts)
        blocks += [DIVIDER, *shown] if len(review.texts) < MAX_TEXTS // 2 else shown
    blocks += left_out_blocks(review)
    if not review.texts:
        blocks.append(paragraph("It goes nowhere: no destination was chosen. Only the board tells of it."))
    if not why_not:
        blocks += others
    return modal(
        f"Review {NOTICE_NAMES[notice.kind]}",
        OutageCallback.REVIEW,
        blocks,
        submit=submit,
        close="Close",
        metadata=review_metadata(review),
        external_id=external_id,
    )


def left_out_blocks(review: NoticeReview) -> list[Block]:
    """Say which texts a modal has no room for; empty where all are shown."""
    left = [text_label(review, text) for text in review.texts[MAX_TEXTS:]]
    if not left:
        return []
    names = escape(inline(", ".join(left), MAX_NAMES_LENGTH))
    what = (
        "1 more text is sent, which does" if len(left) == 1 else f"{len(left)} more texts are sent, which do"
    )
    return [
        paragraph(
            f"⚠️ *{what} not fit here:* {names}. "
            "To see them, choose fewer destinations or languages at a time."
        )
    ]


def _alike(texts: Sequence[NoticeText]) -> list[list[NoticeText]]:
    """Put together what says the same: on a phone nobody reads one text eight times to find what differs."""
    groups: dict[str, list[NoticeText]] = {}
    for text in texts:
        groups.setdefault(text.text, []).append(text)
    return list(groups.values())


def _text_blocks(review: NoticeReview, texts: Sequence[NoticeText]) -> list[Block]:
    """Render a text once, and below it the facts of each destination that gets it."""
    names = [text_label(review, text) for text in texts]
    label = section([text_node(inline(", ".join(names), MAX_NAMES_LENGTH), bold=True)])
    text = rich_text(label, quote(texts[0].text))
    if len(texts) == 1:
        return [text, *fact_blocks(review, texts[0])]
    lines = [
        f"*{escape(inline(name, MAX_NAME_LENGTH))}* · " + "\n".join(fact_lines(review, one))
        for name, one in zip(names, texts, strict=True)
    ]
    starts = range(0, len(lines), LINES_IN_CONTEXT)
    return [text, *(context("\n".join(lines[at : at + LINES_IN_CONTEXT])) for at in starts)]


def _other_buttons(review: NoticeReview) -> list[dict[str, object]]:
    key = str(review.notice.id)
    ask = confirmation(
        "Withdraw it?",
        "It is not sent to anybody. An outage that was never announced is cancelled.",
        "Withdraw",
    )
    return [
        button("Edit…", OutageAction.EDIT, key),
        button("Withdraw", OutageAction.WITHDRAW, key, style="danger", confirm=ask),
    ]


def _submit_label(review: NoticeReview, reader: Actor) -> tuple[str, str]:
    """Return the label of the submit button, or none and why there is none."""
    if not review.notice.is_pending:
        return "", "This notice has left, or was withdrawn: the board shows what became of it."
    if any(warning.blocks for warning in review.warnings):
        return "", "It cannot be sent as it is: see ⛔. Press Edit…"
    if review.notice.state is NoticeState.WAITING:
        return _approval_label(review, reader)
    if Right.ANNOUNCE not in reader.rights:
        return "", "You may not send notices out: ask somebody who may."
    return ("Send for approval" if review.needs_approval else "Send now"), ""


def _approval_label(review: NoticeReview, reader: Actor) -> tuple[str, str]:
    if reader.user_id in review.notice.authors:
        return "", "✋ You wrote, changed or submitted this, so *somebody else has to approve it*."
    if Right.APPROVE not in reader.rights:
        return "", "You may not approve notices: ask somebody who may."
    return "Approve and send", ""
