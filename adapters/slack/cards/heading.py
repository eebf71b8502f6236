"""Render the card's first line: how urgent, about what, who has it, which customer, how long, until when."""

from collections.abc import Mapping

from adapters.slack.cases.route_wording import mentioned_group
from adapters.slack.cases.tag_wording import card_tags
from adapters.slack.dates import DateStyle, date_node
from adapters.slack.handoffs.venue_names import via_phrase
from adapters.slack.labels import situation_label
from adapters.slack.network_links import post_page, view_label
from adapters.slack.rich_text import Node, join_dotted, link_node, text_node, user_node
from adapters.slack.wording import (
    awaited,
    count_of,
    display_name,
    handle,
    latest_inbound,
    reply_due,
    shown_message,
    urgency_emoji,
    writing,
)
from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery, Message
from domain.cases.views import CaseView
from domain.networks import OurAccount
from domain.replies.right_venue import NO_GUIDANCE, is_left_alone
from domain.replies.rules_of_engagement import Guidance
from domain.triage.situations import Situation


def headline(
    view: CaseView, ours: OurAccount, guidance: Mapping[Situation, Guidance] = NO_GUIDANCE
) -> list[Node]:
    """Render the first line, whose relative times Slack keeps up to date.

    "🔴 Cannot pay · Ana Ruiz @anaruiz · 4 minutes ago, reply due in 11 minutes · View on X"; once somebody
    has claimed the case: "🔴 Cannot pay · @sam has it · Ana Ruiz @anaruiz · …", and while they have a form
    open: "🔴 Cannot pay · @sam is writing… · Ana Ruiz @anaruiz · …".
    """
    case, latest = view.case, shown_message(view)
    due = [] if is_left_alone(case, guidance) else _due(view)
    urgency = text_node(f"{urgency_emoji(case.assessment.urgency)} ")
    return join_dotted(
        [
            [urgency, text_node(situation_label(case.assessment.situation), bold=True)],
            _doubt(view),
            _assignee(view),
            writing(view.writers),
            [text_node(customer_name(case))],
            join_dotted([_how_long(view), _edited(latest), due], separator=", "),
            card_tags(view.tags),
            mentioned_group(case),
            post_link(latest, ours),
        ]
    )


def _doubt(view: CaseView) -> list[Node]:
    """Say that nothing goes out until it is settled whether a message arrived."""
    waiting = view.waiting_behind_doubt
    if not waiting:
        return []
    held = count_of(waiting, "answer waits", "answers wait")
    return [text_node(f"❓ not sure ours arrived, {held}", bold=True)]


def _due(view: CaseView) -> list[Node]:
    return reply_due(view.case, view.opens_at, is_overdue=view.is_overdue, is_staffed=view.is_staffed)


def customer_name(case: Case) -> str:
    """Return the customer's name and handle: "Ana Ruiz @anaruiz"; the handle alone if they have no name."""
    name, known_as = display_name(case), handle(case)
    return known_as if name == known_as else f"{name} {known_as}"


def post_link(message: Message | None, ours: OurAccount) -> list[Node]:
    """Render the link to a public post on its network; empty if it has none, or was deleted."""
    page = post_page(message) if message is not None else None
    return [link_node(page, view_label(ours))] if page else []


def _assignee(view: CaseView) -> list[Node]:
    case = view.case
    if case.claimed_by is None or case.claimed_by in view.writers:
        return []
    return [user_node(case.claimed_by, bold=True), text_node(" has it", bold=True)]


def _how_long(view: CaseView) -> list[Node]:
    """Render since when the newest words are unanswered and whether they came back, or what is awaited."""
    case, reply = view.case, view.latest_reply
    if case.state is CaseState.SNOOZED or case.waiting_since is None:
        return awaited(case) if reply is None or reply.delivery is Delivery.SENT else []
    newest = latest_inbound(view)
    since = case.waiting_since
    if view.unsolved_at is not None:
        return [text_node("👎 says that it is not solved ", bold=True), date_node(view.unsolved_at)]
    if newest is not None and newest.created_at < since:
        # Unanswered without a new message: our reply bounced, for example.
        return [text_node("unanswered since "), date_node(since, DateStyle.DAY_AND_CLOCK)]
    nodes = [text_node("came back ")] if case.reopened_at is not None else []
    nodes.append(date_node(since))
    if newest is not None and newest.created_at > since:
        nodes += [text_node(" and again "), date_node(newest.created_at)]
    if newest is not None and newest.venue.is_private:
        nodes.append(text_node(f" {via_phrase(newest.venue)}"))
    return nodes


def _edited(message: Message | None) -> list[Node]:
    if message is None or message.edited_at is None or message.deleted_at is not None:
        return []
    return [text_node("edited "), date_node(message.edited_at)]
