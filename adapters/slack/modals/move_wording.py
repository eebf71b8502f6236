"""What a move means in words: for the agent who makes it, and for the customer who is to follow."""

from dataclasses import dataclass

from adapters.slack.escaping import inline
from adapters.slack.venue_names import by_way_of, offered, short
from domain.handoffs.forms import MoveForm
from domain.handoffs.handoff import HandoffState
from domain.networks import OurAccount
from domain.venues import Venue


@dataclass(frozen=True, slots=True)
class Scene:
    """The form that speaks of the move; `ours` is our account on the case's network."""

    form: MoveForm
    ours: OurAccount

    @property
    def network(self) -> str:
        """The network as people write it."""
        return self.ours.profile.label

    @property
    def private_now(self) -> Venue | None:
        """Where the customer is in private already."""
        handoff = self.form.view.handoff
        return handoff.venue if handoff is not None and handoff.state is HandoffState.ARRIVED else None


def name_of(scene: Scene, venue: Venue) -> str:
    """The venue as a choice."""
    if venue is Venue.PUBLIC:
        return "Back to public" if scene.private_now is not None else "Stay in public: withdraw the offer"
    return venue.label


def description(scene: Scene, venue: Venue) -> str:
    """What kind of place it is, in a few words."""
    return {
        Venue.PUBLIC: "Answers are posted for everybody to read again",
        Venue.DM: f"Their private messages on {scene.network}",
        Venue.EMAIL: "Their own mailbox; they say which",
        Venue.CHAT: "A page of ours in their browser, without an account",
    }[venue]


def happens(scene: Scene) -> str:
    """What happens once the form is sent."""
    form = scene.form
    if form.chosen is Venue.PUBLIC:
        return "Nothing is sent now. The next answer is public; what was said in private stays in this case's thread."
    comes = f"{_ends(scene)}Whatever they write in {_place(form.chosen)} comes into this case's thread."
    if form.via is form.chosen:
        return f"The text goes to them {by_way_of(form.via)}, and nothing is posted. {comes}"
    begins = (
        "is posted"
        if form.via is Venue.PUBLIC
        else f"goes to them {by_way_of(form.via)}, and nothing is posted"
    )
    return f"The text {begins}. The card says that it was offered, and then that they came. {comes}"


def _ends(scene: Scene) -> str:
    """What becomes of an offer that is open."""
    form = scene.form
    open_ = [one for one in (form.view.handoff, form.view.offered) if one is not None]
    offer = next((one for one in open_ if one.state is HandoffState.OFFERED), None)
    return "" if offer is None else f"The offer of {offered(offer.venue)} ends, and its link with it. "


def sees(scene: Scene) -> str:
    """What the customer sees; empty where they see nothing of it."""
    form, brand = scene.form, inline(scene.ours.handle, 40)
    if form.chosen is Venue.PUBLIC:
        return ""
    if form.via is form.chosen:
        return {
            Venue.DM: f"A private message from @{brand} on {scene.network}.",
            Venue.EMAIL: "An e-mail from us in their own mailbox, with the conversation so far below it.",
        }.get(form.chosen, "")
    if form.chosen is Venue.DM:
        return f"The link opens a private message to @{brand} on {scene.network}. Nobody else can read it."
    if form.chosen is Venue.CHAT:
        return (
            "The link opens a chat with us in the browser, on a phone too, without an account. Whoever opens it first is let in: "
            "they are unverified until they show who they are."
        )
    return (
        "The link opens a page of ours that asks where we may write to them, and says what for. "
        "Our e-mail comes once they have agreed."
    )


def _place(venue: Venue) -> str:
    return {Venue.DM: "their DMs", Venue.EMAIL: "their e-mails", Venue.CHAT: "the chat"}.get(
        venue, short(venue)
    )
