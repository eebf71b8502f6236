"""Tell who wrote a mail: the customer, also where a group or a contact form sent it in our own name."""

import unicodedata
from dataclasses import dataclass

from adapters.email.headers import RawMessage, addresses
from adapters.email.message_ids import EmailIdentity
from domain.handoffs.email_addresses import ascii_domain, delivers_to, email_address

_MAX_NAME_LENGTH = 100
#: What mail groups put the writer into where they change From: Google Groups and Mailman.
_ORIGINAL_SENDERS = ("X-Original-From", "X-Original-Sender", "Reply-To")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote a mail. `address` is empty where nobody can be told.

    `is_passed_on` is true where From names our own organisation and the mail names the writer elsewhere: it
    proves nothing.
    """

    name: str
    address: str
    is_passed_on: bool = False


def sender_of(message: RawMessage, identity: EmailIdentity) -> Sender:
    """Return the writer: From, or whom a group or a form of our own domain names instead."""
    written = addresses(message, "From")
    if written and is_of_our_domain(written[0][1], identity):
        for name, address in addresses(message, *_ORIGINAL_SENDERS):
            if not is_of_our_domain(address, identity) and email_address(address) is not None:
                return _sender(name, address, identity, is_passed_on=True)
    return _sender(*written[0], identity) if written else Sender("", "")


def is_own_address(address: str, identity: EmailIdentity) -> bool:
    """Return whether this is our address, with or without a token, in whichever disguise."""
    return delivers_to(address, identity.address)


def is_of_our_domain(address: str, identity: EmailIdentity) -> bool:
    """Return whether the address is of our own domain, or of one below it such as a shop's."""
    domain, own = ascii_domain(address.rpartition("@")[2]), ascii_domain(identity.domain)
    return domain == own or domain.endswith(f".{own}")


def _sender(name: str, address: str, identity: EmailIdentity, *, is_passed_on: bool = False) -> Sender:
    """Return the sender. A name that is an address is left out, as is ours: it may be somebody else's."""
    folded, ours = _folded(name), _folded(identity.name)
    is_disguise = "@" in folded or (bool(ours) and f" {ours} " in f" {folded} ")
    shown = "" if is_disguise else name[:_MAX_NAME_LENGTH]
    return Sender(shown or address[:_MAX_NAME_LENGTH], email_address(address) or "", is_passed_on)


def _folded(name: str) -> str:
    """Return the name as it looks: compatible letters as one (NFKC), without case or what is invisible."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Cf").split())
