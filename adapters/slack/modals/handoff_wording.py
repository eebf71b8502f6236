"""Word what a hand-off means, for the agent who makes it and for the customer."""

from dataclasses import dataclass

from adapters.slack.escaping import inline
from adapters.slack.handoffs.venue_names import full_name, offer_name, short_name, via_phrase
from domain.handoffs.forms import HandoffForm
from domain.handoffs.handoff import HandoffState
from domain.networks import OurAccount
from domain.venues import Venue


@dataclass(frozen=True, slots=True)
class HandoffFormContext:
    """A hand-off form and `ours`, our account on the case's network."""

    form: HandoffForm
    ours: OurAccount

    @property
    def network(self) -> str:
        """The network's display name."""
        return self.ours.profile.label

    @property
    def private_now(self) -> Venue | None:
        """The private venue in which the customer has arrived; `None` if there is none."""
        handoff = self.form.view.handoff
        return handoff.venue if handoff is not None and handoff.state is HandoffState.ARRIVED else None


def venue_label(form_context: HandoffFormContext, venue: Venue) -> str:
    """Return the venue's label as a choice."""
    if venue is Venue.PUBLIC:
        return (
            "Back to public" if form_context.private_now is not None else "Stay in public: withdraw the offer"
        )
    return full_name(venue)


def venue_description(form_context: HandoffFormContext, venue: Venue) -> str:
    """Return a short description of the venue."""
    return {
        Venue.PUBLIC: "Answers are posted for everybody to read again",
        Venue.DM: f"Their private messages on {form_context.network}",
        Venue.EMAIL: "Their own mailbox; they say which",
        Venue.CHAT: "A page of ours in their browser, without an account",
    }[venue]


def next_steps(form_context: HandoffFormContext) -> str:
    """Say what happens once the form is submitted."""
    form = form_context.form
    if form.chosen is Venue.PUBLIC:
        return "Nothing is sent now. The next answer is public; what was said in private stays in this case's thread."
    incoming = f"{_offer_ends(form_context)}Whatever they write in {_venue_place(form.chosen)} comes into this case's thread."
    if form.via is form.chosen:
        return f"The text goes to them {via_phrase(form.via)}, and nothing is posted. {incoming}"
    outcome = (
        "is posted"
        if form.via is Venue.PUBLIC
        else f"goes to them {via_phrase(form.via)}, and nothing is posted"
    )
    offered = f"The text {outcome}. The card says that it was offered, and then that they came. {incoming}"
    return offered + _unread_venue(form_context)


def _unread_venue(form_context: HandoffFormContext) -> str:
    """Say where they may write instead that is not read here; empty if there is no such place."""
    unread = form_context.ours.profile.unread_venue
    if form_context.form.chosen is not Venue.DM or not unread:
        return ""
    return (
        f" What they write by {unread} does not: it is encrypted, and {form_context.network} does not hand it to apps. "
        f"If nothing comes, look on {form_context.network}, or offer e-mail or chat."
    )


def _offer_ends(form_context: HandoffFormContext) -> str:
    """Say that an open offer ends; empty if there is none."""
    form = form_context.form
    handoffs = [handoff for handoff in (form.view.handoff, form.view.offered) if handoff is not None]
    offer = next((handoff for handoff in handoffs if handoff.state is HandoffState.OFFERED), None)
    return "" if offer is None else f"The offer of {offer_name(offer.venue)} ends, and its link with it. "


def customer_view(form_context: HandoffFormContext) -> str:
    """Say what the customer sees; empty if they see nothing."""
    form, brand = form_context.form, inline(form_context.ours.handle, 40)
    if form.chosen is Venue.PUBLIC:
        return ""
    if form.via is form.chosen:
        return {
            Venue.DM: f"A private message from @{brand} on {form_context.network}.",
            Venue.EMAIL: "An e-mail from us in their own mailbox, with the conversation so far below it.",
        }.get(form.chosen, "")
    if form.chosen is Venue.DM:
        return f"The link opens a private message to @{brand} on {form_context.network}. Nobody else can read it."
    if form.chosen is Venue.CHAT:
        return (
            "The link opens a chat with us in the browser, on a phone too, without an account. Whoever opens it first is let in: "
            "they are unverified until they show who they are."
        )
    return (
        "The link opens a page of ours that asks where we may write to them, and says what for. "
        "Our e-mail comes once they have agreed."
    )


def _venue_place(venue: Venue) -> str:
    return {Venue.DM: "their DMs", Venue.EMAIL: "their e-mails", Venue.CHAT: "the chat"}.get(
        venue, short_name(venue)
    )
