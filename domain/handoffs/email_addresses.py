"""Validate, normalize and compare e-mail addresses."""

import re
import unicodedata

MAX_ADDRESS_LENGTH = 254  # characters; RFC 5321 section 4.5.3.1, erratum 1690 to RFC 3696
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*[a-z0-9]")
_MAX_LOCAL_LENGTH = 64
_MAX_DOMAIN_LENGTH = 255  # RFC 1035; Python takes more than linear time to encode one
_MAX_TYPED_LENGTH = 1_000  # characters of an address with a name before it
#: An address behind a name, as mail programs copy it. A name with an @ may be the address that is meant.
_NAMED = re.compile(r"([^<>@]*)<([^<>]*)>")
_AROUND, _BEHIND = " \t\"'“”„«»‘’()[]", ".,;:!"
#: Providers for which dots before the @ do not matter, by each of their domains, which share mailboxes.
_DOTLESS = {
    "gmail.com": "gmail.com",
    "googlemail.com": "gmail.com",
    "proton.me": "proton.me",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
}


def email_address(typed: str) -> str | None:
    """Validate and normalize an address; `None` where it is not valid.

    It is lowercased, because no mail server in use is case-sensitive, and its domain is encoded to ASCII
    (IDNA). The local part must be ASCII: few servers accept more (RFC 6531).
    """
    local, at, domain = typed.strip().removeprefix("mailto:").rpartition("@")
    is_too_long = len(local) > _MAX_LOCAL_LENGTH or len(domain) > _MAX_DOMAIN_LENGTH
    if not at or is_too_long or not _LOCAL.fullmatch(local):
        return None
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    address = f"{local.lower()}@{ascii_domain}"
    return address if _DOMAIN.fullmatch(ascii_domain) and len(address) <= MAX_ADDRESS_LENGTH else None


def typed_address(typed: str) -> str | None:
    """Return the address that somebody types or pastes into a form, as `email_address` does.

    A name before it, quotes around it, punctuation behind it, invisible characters and the full-width letters
    of Japanese keyboards are no part of it.
    """
    if len(typed) > _MAX_TYPED_LENGTH:
        return None
    normal = unicodedata.normalize("NFKC", typed)
    text = "".join(character for character in normal if unicodedata.category(character) != "Cf").strip()
    named = _NAMED.fullmatch(text.rstrip(_BEHIND))
    bare = (named[2] if named is not None and named[1].strip() else text).strip(_AROUND)
    return email_address(bare.rstrip(_BEHIND + _AROUND))


def ascii_domain(domain: str) -> str:
    """Return the domain as DNS knows it, whatever it is disguised as: IDNA, NFKC, without case.

    What is no domain is returned without case.
    """
    plain = unicodedata.normalize("NFKC", domain).casefold()
    if len(plain) > _MAX_DOMAIN_LENGTH:
        return plain
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def same_address(one: str, other: str) -> bool:
    """Compare two addresses, ignoring case: no mail server in use is case-sensitive."""
    return one.casefold() == other.casefold()


def delivers_to(address: str, ours: str) -> bool:
    """Return whether mail to `address` is delivered to the mailbox `ours`.

    "+tags" (RFC 5233) do not matter, nor how a domain with other letters than ASCII's is written.
    """
    return same_address(_untagged(address), _untagged(ours))


def mailbox_of(address: str) -> str:
    """Return what addresses of one mailbox have in common, for counting what it is sent.

    Dots are left out, and other names of a domain replaced, for those providers alone that do so: elsewhere
    another mailbox has them.
    """
    local, at, domain = _untagged(address).casefold().rpartition("@")
    if (provider := _DOTLESS.get(domain)) is None:
        return f"{local}{at}{domain}"
    return f"{local.replace('.', '')}{at}{provider}"


def has_tag(address: str) -> bool:
    """Return whether there is a "+tag" (RFC 5233), of which anybody may write any number for a mailbox."""
    return "+" in unicodedata.normalize("NFKC", address.rpartition("@")[0])


def _untagged(address: str) -> str:
    local, at, domain = address.rpartition("@")
    plain = unicodedata.normalize("NFKC", local)
    return f"{plain.partition('+')[0]}{at}{ascii_domain(domain)}"
