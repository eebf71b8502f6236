"""Word links of cases to outages: how sure they are, and why; and the state of the outage on a card."""

from collections.abc import Iterable

from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import inline
from adapters.slack.labels import situation_label
from adapters.slack.outages.wording import state_name, titled
from domain.outages.links import Evidence, Link, LinkReason
from domain.outages.outage import Outage
from domain.triage.situations import Situation

MAX_WORDS = 4
MAX_WORD_LENGTH = 24
_ALMOST_SURE, _LIKELY = 0.8, 0.65


def certainty_name(link: Link) -> str:
    """Return how sure a link is, as a word."""
    return certainty_word(link.certainty)


def certainty_word(certainty: float) -> str:
    """Return a certainty between 0 and 1 as a word."""
    if certainty >= _ALMOST_SURE:
        return "Almost sure"
    return "Likely" if certainty >= _LIKELY else "Maybe"


def reasons_text(evidence: Iterable[Evidence], situation: Situation) -> str:
    """Return why a case may belong to an outage, as plain text: names “card”; same words: payment, error."""
    return "; ".join(_reason(one, situation) for one in evidence)


def outage_line(outage: Outage) -> str:
    """Render the state of the outage that a case is linked to: 🔗 *Payments fail* · Identified · …"""
    parts = [f"🔗 {titled(outage)}", state_name(outage)]
    if outage.next_update_due is not None:
        parts.append(f"next update {date_mrkdwn(outage.next_update_due, DateStyle.CLOCK)}")
    return " · ".join(parts)


def _reason(evidence: Evidence, situation: Situation) -> str:
    words = [inline(word, MAX_WORD_LENGTH) for word in evidence.words[:MAX_WORDS]]
    match evidence.reason:
        case LinkReason.COMPONENT:
            return f"names {', '.join(f'“{word}”' for word in words)}"
        case LinkReason.WORDS:
            return f"same words: {', '.join(words)}"
        case LinkReason.SITUATION:
            return f"is about: {situation_label(situation)}"
        case LinkReason.SIMILAR:
            return "says the same in other words"
        case LinkReason.BY_HAND:
            return "linked by hand"
