"""Say what to mind before an answer: in its situation, and where the customer shows too much."""

from adapters.slack.blocks import paragraph
from adapters.slack.escaping import inline
from adapters.slack.message_content import Block
from domain.cases.views import CaseView
from domain.replies.checks.reply import PromiseKind
from domain.replies.exposed_data import ExposedData, exposed_data
from domain.replies.rules_of_engagement import Guidance
from domain.venues import PRIVATE_VENUES, Venue

MAX_GUIDANCE_LENGTH = 400
_EXPOSED = {
    ExposedData.CARD_NUMBER: "what looks like a payment card number",
    ExposedData.IBAN: "a bank account number (IBAN)",
    ExposedData.ACCESS: "a password or a one-time code",
}
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


def exposed_blocks(view: CaseView) -> list[Block]:
    """Warn where posts of the customer show everybody what opens an account or takes money."""
    found = [_EXPOSED[one] for one in exposed_data(view.messages)]
    if not found:
        return []
    return [
        paragraph(f"⚠️ *Everybody can read {' and '.join(found)}* in what they posted. Ask them to delete it.")
    ]


def _venue_text(guidance: Guidance, private_venues: frozenset[Venue]) -> str:
    if guidance.is_private and not private_venues:
        return "You have no private venue: ask for nothing personal, and say where they can reach you"
    if guidance.is_private:
        return f"Move to private{f' and ask there for {guidance.ask_for}' if guidance.ask_for else ''}"
    return f"Ask for {guidance.ask_for} in private" if guidance.ask_for else ""
