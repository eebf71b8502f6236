"""Find who wrote a mail: the customer, also where a group or a contact form sent it in our own name."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.email.headers import RawMessage, addresses
from adapters.email.message_ids import EmailIdentity
from domain.handoffs.email_addresses import ascii_domain, delivers_to, email_address
from domain.look_alikes import names

_MAX_NAME_LENGTH = 100
#: What mail groups put the writer into where they change From: Google Groups and Mailman.
_ORIGINAL_SENDERS = ("X-Original-From", "X-Original-Sender", "Reply-To")


#: The mailboxes of programs that nobody reads; a form's program names in Reply-To who filled it in.
_UNREAD = re.compile(
    r"(?:do[._-]?)?no[t]?[._-]?(?:reply|response|responder)\b.*|.*[._-]no-?reply|(?:.*[._-])?(?:web|contact|kontakt)?[._-]?form(?:s|ular|ulaire|ulario)?(?:[._-].*)?|form-?(?:response|submission|result|entr|mail)\w*|notifications?|notify|"
    r"mailer|wordpress|www-?data|apache|nginx|nobody|web(?:site|master|server)?|(?:ne-?pas|nicht)-?(?:repondre|antworten)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote a mail. `address` is empty where it cannot be determined.

    `is_passed_on` is true where From names our own organisation and the mail names the writer elsewhere.
    `is_by_form`: the program of another organisation names somebody of a third one.
    `is_unproven`: that is so, or another form's program says who the writer is: From proves nothing.
    """

    name: str
    address: str
    is_passed_on: bool = False
    is_unproven: bool = False
    is_by_form: bool = False


def sender_of(message: RawMessage, identity: EmailIdentity) -> Sender:
    """Return the writer: From, or whom a group or a form names instead.

    Where From has no address, who is to be answered.
    """
    written = addresses(message, "From")
    is_ours = bool(written) and is_of_our_domain(written[0][1], identity)
    for name, address in addresses(message, *_named_elsewhere(written, is_ours=is_ours)):
        if not is_of_our_domain(address, identity) and email_address(address) is not None:
            found = _sender(name, address, identity, is_passed_on=is_ours, is_unproven=True)
            is_by_form = bool(written) and not is_ours and not _are_of_one_domain(written[0][1], address)
            return replace(found, is_by_form=is_by_form)
    return _sender(*written[0], identity) if written else Sender("", "")


def _named_elsewhere(written: Sequence[tuple[str, str]], *, is_ours: bool) -> Sequence[str]:
    """Return the headers that name the writer where From does not."""
    if not written:
        return ("Reply-To", "Sender")
    if is_ours:
        return _ORIGINAL_SENDERS
    return ("Reply-To",) if _UNREAD.fullmatch(written[0][1].rpartition("@")[0]) is not None else ()


def is_own_address(address: str, identity: EmailIdentity) -> bool:
    """Return whether this is our address, with or without a token, in whichever disguise."""
    return delivers_to(address, identity.address)


def is_of_our_domain(address: str, identity: EmailIdentity) -> bool:
    """Return whether the address is of our own domain, or of one below it such as a shop's."""
    domain, own = ascii_domain(address.rpartition("@")[2]), ascii_domain(identity.domain)
    return domain == own or domain.endswith(f".{own}")


def _are_of_one_domain(one: str, other: str) -> bool:
    """Return whether two addresses may be of one organisation, by the last two labels of their domains."""
    first, second = (ascii_domain(address.rpartition("@")[2]).split(".")[-2:] for address in (one, other))
    return first == second


def _sender(
    name: str,
    address: str,
    identity: EmailIdentity,
    *,
    is_passed_on: bool = False,
    is_unproven: bool = False,
) -> Sender:
    """Return the sender. A name that is an address is left out, as is ours: it may be somebody else's."""
    is_disguise = "@" in unicodedata.normalize("NFKC", name) or names(name, identity.name)
    shown = "" if is_disguise else name[:_MAX_NAME_LENGTH]
    return Sender(
        shown or address[:_MAX_NAME_LENGTH], email_address(address) or "", is_passed_on, is_unproven
    )
