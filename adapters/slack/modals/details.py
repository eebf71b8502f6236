"""Render Details: why a case came and ranks where it does, its whole texts, and the customer's history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from adapters.slack.action_ids import CallbackId, pair_value
from adapters.slack.blocks import DIVIDER, actions, button, context, literal_context, paragraph
from adapters.slack.cards.heading import customer_name
from adapters.slack.cards.post import asked_before_line, data_lines, quoted_words, unverified_note
from adapters.slack.cards.reply import shown_reply
from adapters.slack.cases.promise_wording import promise_blocks
from adapters.slack.cases.route_wording import details_line
from adapters.slack.cases.rows import history_row
from adapters.slack.cases.tag_wording import tag_lines
from adapters.slack.causes.wording import cause_line
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, link, mention, shorten, strip_control
from adapters.slack.handoffs.venue_names import full_name
from adapters.slack.labels import rank_reason_text, urgency_label
from adapters.slack.message_content import Block, View
from adapters.slack.modals.assistance import case_outcome, case_requests
from adapters.slack.modals.details_buttons import MAX_QUOTE_LENGTH, case_buttons
from adapters.slack.modals.frame import modal
from adapters.slack.modals.hold import hold_button, hold_lines
from adapters.slack.modals.issues import issue_blocks, issue_buttons
from adapters.slack.modals.machine_texts import reading_blocks, summary_blocks, translation_blocks
from adapters.slack.modals.notes import note_blocks
from adapters.slack.modals.suggestion_details import suggestion_blocks
from adapters.slack.network_links import author_page, own_replies_page, post_page, reply_page, view_label
from adapters.slack.outages.link_ids import LinkAction
from adapters.slack.outages.link_wording import outage_line, reasons_text
from adapters.slack.outages.wording import titled
from adapters.slack.pictures import all_pictures
from adapters.slack.post_context import context_sections, named_line
from adapters.slack.records.contact_masking import contacts_button
from adapters.slack.rich_text import (
    Node,
    bullets,
    join_dotted,
    quote,
    rich_text,
    section,
    text_node,
)
from adapters.slack.wording import count_of, language_name, ordinal, shown_inbound, shown_message
from domain.access import Permission
from domain.assistance.forms import CaseAssistance
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.cases.routes import Route
from domain.cases.views import CaseView
from domain.intake.posts import MatchReason, ReplyBlock
from domain.networks import OurAccount
from domain.replies.right_venue import NO_GUIDANCE
from domain.replies.rules_of_engagement import Guidance
from domain.triage.ranking import WAITING, reasons_for
from domain.triage.situations import Situation

MAX_REFERENCED_LENGTH = 1000
MAX_TEXT_LENGTH = 2000
MAX_CASES = 50
MAX_PROPOSED = 3

_ADDRESSED_BY = {
    MatchReason.MENTION: "mentions",
    MatchReason.QUOTE: "quotes",
    None: "mentions or quotes",
}


def render_details(
    view: CaseView,
    earlier: Sequence[Case],
    *,
    now: datetime,
    ours: OurAccount,
    team_url: str,
    reader: str,
    assistance: CaseAssistance | None = None,
    guidance: Mapping[Situation, Guidance] = NO_GUIDANCE,
    route: Route | None = None,
    permissions: Collection[Permission] = (Permission.WORK_ON_CASES, Permission.DRAFT_NOTICES),
    hides_contacts: bool = False,
    move: Sequence[Block] = (),
    can_create_issues: bool = False,
) -> View:
    """Render all about a case for `reader`, with the buttons that their `permissions` let them press.

    `earlier` are the author's other cases, newest first. `ours` is our account on the case's network.
    `assistance` is what a model can be asked; `None` where there is none. `guidance` is that of the rules of
    engagement. `route` is the rule by which the case was routed, as it is now; `None` without one. With
    `hides_contacts`, whoever may see contact data has to ask for it. `move` says where the card belongs where
    it is elsewhere. `can_create_issues`: an issue tracker is set up.
    """
    blocks = [
        rich_text(section(_customer(view))),
        *_newest_words(view, ours),
        *summary_blocks(view.summary),
        *case_outcome(assistance),
        *actions(case_requests(view, assistance)),
        paragraph("\n".join(_explanations(view, route, now=now, ours=ours))),
        *move,
        *note_blocks(view.notes),
        *_outages(view),
        *issue_blocks(view),
        *suggestion_blocks(view, ours, guidance),
        *_our_reply(view),
        *promise_blocks(view.promises),
        DIVIDER,
        *_history(earlier, team_url=team_url),
        *_links(view.case, ours),
        *case_buttons(view, reader, opens_outages=Permission.DRAFT_NOTICES in permissions),
        *(actions(issue_buttons(view.case)) if can_create_issues else []),
    ]
    if Permission.WORK_ON_CASES not in permissions:
        blocks = [block for block in blocks if block["type"] != "actions"]
    last = []
    if hides_contacts and Permission.SEE_CONTACT_DATA in permissions:
        last.append(contacts_button(view.case))
    if Permission.KEEP_RECORDS in permissions:
        last.append(hold_button(view.case, view.hold))
    blocks += actions(last)
    return modal("Details", CallbackId.DETAILS, blocks, close="Close")


def _customer(view: CaseView) -> list[Node]:
    """Render who the customer is; without followers if there is no public post.

    "Ana Ruiz @anaruiz · 1,240 followers · 3rd time in touch this month · writes in Spanish".
    """
    case = view.case
    public = case.reply_block is not ReplyBlock.NO_POST
    return join_dotted(
        [
            [text_node(customer_name(case), bold=True)],
            [text_node(count_of(max(case.author.followers, 0), "follower"))] if public else [],
            [text_node(f"{ordinal(view.contacts)} time in touch this month")] if view.contacts > 1 else [],
            [text_node(f"writes in {language_name(case.assessment.language)}")],
        ]
    )


def _newest_words(view: CaseView, ours: OurAccount) -> list[Block]:
    shown = shown_inbound(view)
    if shown is None:
        return []
    latest = shown.message
    return [
        rich_text(
            *unverified_note(view, latest),
            quoted_words(latest, MAX_QUOTE_LENGTH),
            *context_sections(latest, limit=MAX_REFERENCED_LENGTH),
        ),
        *map(literal_context, filter(None, [asked_before_line(view, latest), *data_lines(view, shown)])),
        *all_pictures(view.case, latest),
        context(_source_line(view, latest, ours)),
        *translation_blocks(view, latest),
        *reading_blocks(view, latest),
    ]


def _source_line(view: CaseView, message: Message, ours: OurAccount) -> str:
    """Render where the message is, when it was written, and how many more there are.

    "View on X · 14:02 · edited 3 minutes ago · 2 more messages in the thread"; for a private message its
    venue: "Direct message · 14:02".
    """
    page = post_page(message)
    public = link(page, view_label(ours)) if page else ""
    parts = [
        full_name(message.venue) if message.venue.is_private else public,
        date_mrkdwn(message.created_at, DateStyle.DAY_AND_CLOCK),
        f"edited {date_mrkdwn(message.edited_at)}" if message.edited_at and not message.deleted_at else "",
        _more_messages(view),
    ]
    return " · ".join(part for part in parts if part)


def _more_messages(view: CaseView) -> str:
    """Count the messages that Details does not quote; the thread shows them."""
    shown = shown_inbound(view)
    theirs = [shown.message, *shown.data] if shown is not None else []
    quoted = [*theirs, *([view.latest_reply] if view.latest_reply is not None else [])]
    others = len({message.id for message in view.messages} - {message.id for message in quoted})
    return f"{count_of(others, 'more message')} in the thread" if others else ""


def _explanations(view: CaseView, route: Route | None, *, now: datetime, ours: OurAccount) -> list[str]:
    case, latest = view.case, shown_message(view)
    lines = []
    if latest is not None and not latest.venue.is_private:
        lines.append(f"*Why it came:* {_match_reason(latest, ours)}")
        if names := named_line(latest):
            lines.append(f"*It also names:* {escape(names)}")
    lines.append(f"*Why it ranks where it does:* {_rank(case, now)}")
    if case.claimed_by is not None:
        since = f" {date_mrkdwn(case.claimed_at)}" if case.claimed_at is not None else ""
        lines.append(f"*Claimed by* {mention(case.claimed_by)}{since}")
    known = (*tag_lines(view.tags), *cause_line(view.causes), *hold_lines(view.hold))
    return [*lines, *details_line(case, route), *known]


def _match_reason(message: Message, ours: OurAccount) -> str:
    """Render why the post reached us. Where that is not stored, its reply block tells a search hit."""
    unaddressed = message.reply_block is ReplyBlock.NOT_ADDRESSED
    reason = message.match_reason or (MatchReason.SEARCH if unaddressed else None)
    if reason is MatchReason.SEARCH:
        return "it matched a search"
    return f"it {_ADDRESSED_BY[reason]} @{escape(inline(ours.handle, 40))}"


def _rank(case: Case, now: datetime) -> str:
    """Render the urgency and the reasons for the rank; a case without unanswered words has none."""
    urgency = urgency_label(case.assessment.urgency)
    if case.waiting_since is None:
        return f"{urgency}, nothing is unanswered"
    reasons = reasons_for(case, now)
    reason_text = ", ".join(rank_reason_text(reason) for reason in reasons if reason != WAITING)
    # The same start time as in the card's first line.
    since = date_mrkdwn(case.waiting_since, DateStyle.DAY_AND_CLOCK)
    waiting = f"waiting since {since}" if WAITING in reasons else ""
    return ", ".join(part for part in (urgency, escape(inline(reason_text, 300)), waiting) if part)


def _outages(view: CaseView) -> list[Block]:
    """Render the outage that the case is linked to, else those that it may be about, with Link and No."""
    blocks: list[Block] = []
    if view.outage is not None:
        blocks.append(paragraph(outage_line(view.outage.outage)))
    situation = view.case.assessment.situation
    for one in view.may_belong_to[:MAX_PROPOSED]:
        value = pair_value(one.outage.id, view.case.id)
        reasons = escape(reasons_text(one.link.evidence, situation))
        blocks.append(paragraph(f"Part of {titled(one.outage)}? {reasons}"))
        blocks += actions([button("Link", LinkAction.CONFIRM, value), button("No", LinkAction.UNDO, value)])
    return blocks


def _our_reply(view: CaseView) -> list[Block]:
    reply = shown_reply(view)
    if reply is None:
        return []
    text = shorten(strip_control(reply.text), MAX_TEXT_LENGTH)
    return [rich_text(section([text_node("Our reply", bold=True)]), quote(text))]


def _history(earlier: Sequence[Case], *, team_url: str) -> list[Block]:
    """Render the author's other cases, each with its date, outcome and a link to its card."""
    if not earlier:
        return [paragraph("No other case: this is the first time they are in touch.")]
    heading = section([text_node("Their other cases", bold=True)])
    items = [history_row(other, team_url=team_url) for other in earlier[:MAX_CASES]]
    hidden = len(earlier) - MAX_CASES
    rest = [context(f"{count_of(hidden, 'older case')} not shown.")] if hidden > 0 else []
    return [rich_text(heading, bullets(items)), *rest]


def _links(case: Case, ours: OurAccount) -> list[Block]:
    name = ours.profile.label
    is_gone = case.reply_block is ReplyBlock.GONE
    answer_page = None if is_gone else reply_page(ours, case.reply_to_id)
    pages = [
        (author_page(ours, case.author), f"Their profile on {name}"),
        (answer_page, f"Answer on {name} in the browser"),
        (own_replies_page(ours), f"Our replies on {name}"),
    ]
    links = [link(page, label) for page, label in pages if page is not None]
    return [context(" · ".join(links))] if links else []
