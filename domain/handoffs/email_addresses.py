"""E-mail addresses as people type them."""

import re

LONGEST = 254  # characters, RFC 5321 section 4.5.3.1
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*[a-z0-9]")
_LONGEST_LOCAL = 64


def email_address(typed: str) -> str | None:
    """The address in the form that it is kept in; `None` where this is none.

    It becomes small letters, which no server in use tells from capitals, and its domain ASCII where it is not (IDNA). What stands before the @
    must be ASCII: few servers take more (RFC 6531).
    """
    local, at, domain = typed.strip().removeprefix("mailto:").rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    try:
        plain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    address = f"{local.lower()}@{plain}"
    return address if _DOMAIN.fullmatch(plain) and len(address) <= LONGEST else None


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one person's: no server in use tells capitals from small letters."""
    return one.casefold() == other.casefold()


def comes_to(address: str, ours: str) -> bool:
    """Whether mail to `address` comes to the mailbox of `ours`: it is the same, with whatever tag (subaddressing, RFC 5233)."""
    return same_address(_untagged(address), _untagged(ours))


def _untagged(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"
