"""Say how each figure of a summary is counted. The sentences are those of docs/figures.md."""

from adapters.slack.blocks import context, paragraph
from adapters.slack.message_content import View
from adapters.slack.modals.frame import modal
from adapters.slack.reports.ids import ReportCallback

#: By section of docs/figures.md, its first sentences.
DEFINITIONS = {
    "Mentions": "A mention is a public post that a customer wrote in the period.",
    "Cases": "A case counts in the period in which it was opened here. Later posts of the customer join it.",
    "People": "Everybody who wrote a mention counts once, by their account on a network.",
    "First response": "How long customers waited for a person's first answer since they asked, in public or in private.",
    "Next response": "The same for what customers asked after our first answer.",
    "Within target": "The share of these waits that were answered when due or before.",
    "Still broken": "The share of our answers after which the customer asked again within 24 hours.",
    "Resolved": "Cases that somebody resolved in the period, each once, by its last time.",
    "Repeat contacts": "The resolved cases whose customer asked again within 72 hours, in that case or a new one.",
    "Waiting now": "Open cases whose customer waits for us at this moment, whatever the period.",
    "Promises": (
        "What our answers sent in the period promised for a time, and what became of it: kept, broken, or open."
    ),
    "Sentiment": "The mean of the mentions, from -1 (unhappy) to 1 (glad), as triage read each.",
    "Suggestions": "What agents made of the saved replies that were suggested, in the answers sent in the period.",
    "Hand-offs": (
        "Offers of another venue in the period, how many customers arrived there, and how many of those cases "
        "are resolved by now."
    ),
    "Satisfaction": "Customers' ratings after a chat that were given in the period: how many said that it was solved.",
    "Notices": "Mentions in the hour before and the hour after each notice that was sent in the period.",
    "Spend": (
        "What the networks charged on the dates that begin in the period, each as the day in UTC of that date, "
        "as the networks count."
    ),
    "Completeness": (
        "How many mentions a network listed on a day, how many of them we hold, and how many it listed late."
    ),
    "Causes": "The cases that belong to a cause, each once, when its first post was written that does.",
    "What got worse": "Only what differs by more than chance is told.",
    "Agents": (
        "What each agent did in the period: answers by when they were sent, cases by who resolved them last."
    ),
    "Fairness": (
        "Cases with the same situation and urgency are compared by followers, language, tone, and whether the "
        "customer wrote again."
    ),
}
_LINES = 6  # of a block: 3,000 characters


def render_definitions() -> View:
    """Render the definitions as a modal."""
    lines = [f"*{name}* {text}" for name, text in DEFINITIONS.items()]
    blocks = [paragraph("\n".join(lines[at : at + _LINES])) for at in range(0, len(lines), _LINES)]
    footer = "Days begin and end in your time zone, as your Slack profile names it. More: docs/figures.md."
    return modal("How it is counted", ReportCallback.EXPLAIN, [*blocks, context(footer)], close="Close")
