"""Say in one line what to mind in a situation, for the Answer form."""

from adapters.slack.escaping import inline
from domain.replies.checks.reply import PromiseKind
from domain.replies.rules_of_engagement import Guidance
from domain.venues import PRIVATE_VENUES, Venue

MAX_GUIDANCE_LENGTH = 400
_PROMISED = {PromiseKind.TIME: "date", PromiseKind.MONEY: "money"}


def guidance_text(guidance: Guidance, private_venues: frozenset[Venue] = PRIVATE_VENUES) -> str:
    """Render the guidance as plain text; empty where it says nothing.

    `private_venues` are those in which the customer can write to us.
    """
    if guidance.do_not_answer:
        return inline(f"Better not answered: {guidance.do_not_answer}.", MAX_GUIDANCE_LENGTH)
    promised = [f"no {word}" for kind, word in _PROMISED.items() if kind in guidance.never_promise]
    parts = [
        f"{guidance.approver} must agree first" if guidance.approver else "",
        _venue_text(guidance, private_venues),
        f"Promise {' and '.join(promised)}" if promised else "",
        guidance.tone,
    ]
    return inline(" ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part), MAX_GUIDANCE_LENGTH)


def _venue_text(guidance: Guidance, private_venues: frozenset[Venue]) -> str:
    if guidance.is_private and not private_venues:
        return "You have no private venue: ask for nothing personal, and say where they can reach you"
    if guidance.is_private:
        return f"Move to private{f' and ask there for {guidance.ask_for}' if guidance.ask_for else ''}"
    return f"Ask for {guidance.ask_for} in private" if guidance.ask_for else ""
