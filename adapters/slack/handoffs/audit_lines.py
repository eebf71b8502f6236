"""Render audit entries about hand-offs, opt-outs, ratings and transcripts in mrkdwn."""

from adapters.slack.escaping import escape, inline, mention
from adapters.slack.handoffs import venue_names
from domain.handoffs.handoff import Proof
from domain.records.audit import SYSTEM, Entry
from domain.venues import Venue

MAX_REASON_LENGTH = 300
MAX_ADDRESS_LENGTH = 100

_TO = {
    Venue.PUBLIC: "back to public",
    Venue.DM: "to a direct message",
    Venue.EMAIL: "to e-mail",
    Venue.CHAT: "to the live chat",
}


def offered(entry: Entry) -> str:
    """Describe an offer to move."""
    return f"→ {mention(entry.actor)} offered {_offer_text(entry)}"


def reminded(entry: Entry) -> str:
    """Describe the reminder of an open offer."""
    return f"⏳ The offer of {_offer_text(entry)} is not taken up yet"


def expired(entry: Entry) -> str:
    """Describe an expired offer."""
    is_offer_unsent = entry.detail.get("untold")  # as stored
    reason = "the customer was never told of it" if is_offer_unsent else "nobody came"
    return f"⌛ The offer of {_offer_text(entry)} expired: {reason}"


def arrived(entry: Entry) -> str:
    """Describe the customer's arrival in a private venue, and whether they are verified."""
    venue = _entry_venue(entry)
    verification = "verified" if entry.detail.get("proof") else "unverified"
    # Each mail's own line says whether its sender is verified.
    is_implied = venue is Venue.EMAIL and verification == "verified"
    who = "The customer" if verification == "verified" else "Somebody"
    return f"→ {who} came{f' {_TO[venue]}' if venue else ''}" + ("" if is_implied else f" · {verification}")


def verified(entry: Entry) -> str:
    """Describe a verification and its proof."""
    match entry.detail.get("proof"):
        case Proof.SAME_ACCOUNT:
            return "✓ Verified: they write from the account that posted"
        case Proof.CODE:
            return "✓ Verified: they sent our code from the account that posted"
    reason = _quote(entry.detail.get("reason"))
    return f"✓ Verified by {mention(entry.actor)}" + (f": {reason}" if reason else "")


def code_wrong(_entry: Entry) -> str:
    """Describe a wrong verification code."""
    return "⚠️ They sent a code that is not the one we showed: ask them to look again"


def code_answered(entry: Entry) -> str:
    """Describe what we answered to a verification code, or asked of whoever may have denied it."""
    return f"→ We told them by DM what their code confirms: {_quote(entry.detail.get('text'))}"


def verification_denied(_entry: Entry) -> str:
    """Describe that the customer is not who sent their code."""
    return "🛑 The customer says that it was not them: the private conversation was ended. Offer it again"


def link_reused(entry: Entry) -> str:
    """Describe that a second browser tried a link."""
    remedy = "Press *Move to…* again to give a new link"
    if entry.detail.get("proof"):
        return f"⚠️ The link was tried in another browser: the customer may have lost the chat. {remedy}"
    return f"⚠️ Somebody else has tried the link too: whoever came first may not be the customer. {remedy}"


def returned(entry: Entry) -> str:
    """Describe the return to public."""
    by = "" if entry.actor == SYSTEM else f" by {mention(entry.actor)}"
    return f"← Back to public{by}: the next answer can be read by everybody"


def opted_out(entry: Entry) -> str:
    """Describe an opt-out from private messages, or its withdrawal."""
    text = _quote(entry.detail.get("said"))
    headline = (
        "🔔 They may be written to in private again"
        if entry.detail.get("back")
        else "🔕 They asked not to be written to in private"
    )
    return headline + (f": {text}" if text else "")


def automatic_mail(entry: Entry) -> str:
    """Describe an automatic answer to a mail of ours: it is nobody's words, and asks for nothing."""
    sender = escape(inline(str(entry.detail.get("sender") or ""), MAX_ADDRESS_LENGTH)) or "their mailbox"
    said = ": ".join(filter(None, (_quote(entry.detail.get(name)) for name in ("subject", "text"))))
    return f"🤖 {sender} answered automatically" + (f": {said}" if said else "")


def partly_bounced(entry: Entry) -> str:
    """Describe a mail that reached some of the mailboxes behind its address."""
    reached, of = int(entry.detail.get("reached") or 0), int(entry.detail.get("recipients") or 0)
    reason = escape(inline(str(entry.detail.get("reason") or ""), MAX_REASON_LENGTH))
    return f"⚠️ The mail reached {reached} of the {of} mailboxes behind its address" + (
        f"; from the rest {reason}" if reason else ""
    )


def unproven_report(entry: Entry) -> str:
    """Describe a report about a mail of ours that anybody may have written."""
    reason = escape(inline(str(entry.detail.get("reason") or ""), MAX_REASON_LENGTH))
    what = "they called our mail spam" if entry.detail.get("complaint") else "our mail did not arrive"
    line = f"❓ A report says that {what}" + (f" ({reason})" if reason else "")
    return f"{line}. Nothing proves that a mail server sent it, so nothing was changed"


def rated(entry: Entry) -> str:
    """Describe a chat's rating."""
    verdict = (
        "👍 They say that it was solved"
        if entry.detail.get("solved")
        else "👎 They say that it was not solved"
    )
    comment = _quote(entry.detail.get("comment"))
    return verdict + (f": {comment}" if comment else "")


def transcript_asked(entry: Entry) -> str:
    """Describe a transcript request."""
    return f"✉️ They asked for this chat by e-mail{_to_address(entry)}"


def transcript_sent(entry: Entry) -> str:
    """Describe a transcript that was mailed."""
    return f"✉️ The chat was mailed to them{_to_address(entry)}"


def transcript_failed(entry: Entry) -> str:
    """Describe a transcript whose mail failed or is unconfirmed."""
    reason = escape(inline(str(entry.detail.get("reason") or ""), MAX_REASON_LENGTH))
    return f"⚠️ The chat could not be mailed to them{_to_address(entry)}" + (f": {reason}" if reason else "")


def _to_address(entry: Entry) -> str:
    address = escape(inline(str(entry.detail.get("address") or ""), MAX_ADDRESS_LENGTH))
    return f", to {address}" if address else ""


def _entry_venue(entry: Entry) -> Venue | None:
    name = entry.detail.get("venue")
    return Venue(name) if isinstance(name, str) and name in set(Venue) else None


def _offer_text(entry: Entry) -> str:
    venue = _entry_venue(entry)
    return "another venue" if venue is None else venue_names.offer_name(venue)


def _quote(text: object) -> str:
    quoted = escape(inline(str(text or ""), MAX_REASON_LENGTH))
    return f"“{quoted}”" if quoted else ""
