"""What the trail says of a conversation that moves, in words."""

from adapters.slack import venue_names
from adapters.slack.escaping import escape, inline, mention
from domain.handoffs.handoff import Proof
from domain.records.audit import SYSTEM, Entry
from domain.venues import Venue

LONGEST_REASON = 300
LONGEST_ADDRESS = 100

_TO = {
    Venue.PUBLIC: "back to public",
    Venue.DM: "to a direct message",
    Venue.EMAIL: "to e-mail",
    Venue.CHAT: "to the live chat",
}


def offered(entry: Entry) -> str:
    """An offer to move."""
    return f"→ {mention(entry.actor)} offered {_offer(entry)}"


def reminded(entry: Entry) -> str:
    """An offer that waits."""
    return f"⏳ The offer of {_offer(entry)} is not taken up yet"


def expired(entry: Entry) -> str:
    """An offer that nobody took up."""
    why = "the customer was never told of it" if entry.detail.get("untold") else "nobody came"
    return f"⌛ The offer of {_offer(entry)} expired: {why}"


def arrived(entry: Entry) -> str:
    """The customer in a private venue."""
    venue = _venue(entry)
    known = "verified" if entry.detail.get("proof") else "unverified"
    # Of a mail, its own line says whether its sender is who was shown to be there.
    is_told = venue is Venue.EMAIL and known == "verified"
    return f"→ The customer came{f' {_TO[venue]}' if venue else ''}" + ("" if is_told else f" · {known}")


def verified(entry: Entry) -> str:
    """Who is there, and how that is known."""
    match entry.detail.get("proof"):
        case Proof.SAME_ACCOUNT:
            return "✓ Verified: they write from the account that posted"
        case Proof.CODE:
            return "✓ Verified: they sent our code from the account that posted"
    why = _quoted(entry.detail.get("reason"))
    return f"✓ Verified by {mention(entry.actor)}" + (f": {why}" if why else "")


def code_wrong(_entry: Entry) -> str:
    """A code that is not the one that was shown."""
    return "⚠️ They sent a code that is not the one we showed: ask them to look again"


def returned(entry: Entry) -> str:
    """The conversation is public again."""
    by = "" if entry.actor == SYSTEM else f" by {mention(entry.actor)}"
    return f"← Back to public{by}: the next answer can be read by everybody"


def opted_out(entry: Entry) -> str:
    """They do not want to hear from us, or do again."""
    said = _quoted(entry.detail.get("said"))
    what = (
        "🔔 They may be written to in private again"
        if entry.detail.get("back")
        else "🔕 They asked not to be written to in private"
    )
    return what + (f": {said}" if said else "")


def rated(entry: Entry) -> str:
    """What they said when they were asked whether it was solved."""
    verdict = (
        "👍 They say that it was solved"
        if entry.detail.get("solved")
        else "👎 They say that it was not solved"
    )
    comment = _quoted(entry.detail.get("comment"))
    return verdict + (f": {comment}" if comment else "")


def transcript_asked(entry: Entry) -> str:
    """They want the chat by mail."""
    return f"✉️ They asked for this chat by e-mail{_at(entry)}"


def transcript_sent(entry: Entry) -> str:
    """The chat was mailed."""
    return f"✉️ The chat was mailed to them{_at(entry)}"


def transcript_failed(entry: Entry) -> str:
    """The chat was not mailed, as far as is known."""
    why = escape(inline(str(entry.detail.get("reason") or ""), LONGEST_REASON))
    return f"⚠️ The chat could not be mailed to them{_at(entry)}" + (f": {why}" if why else "")


def _at(entry: Entry) -> str:
    address = escape(inline(str(entry.detail.get("address") or ""), LONGEST_ADDRESS))
    return f", to {address}" if address else ""


def _venue(entry: Entry) -> Venue | None:
    named = entry.detail.get("venue")
    return Venue(named) if isinstance(named, str) and named in set(Venue) else None


def _offer(entry: Entry) -> str:
    venue = _venue(entry)
    return "another venue" if venue is None else venue_names.offered(venue)


def _quoted(said: object) -> str:
    words = escape(inline(str(said or ""), LONGEST_REASON))
    return f"“{words}”" if words else ""
