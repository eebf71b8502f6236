"""Validate the addresses of mail servers, and our own address."""

from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from domain.handoffs.email_addresses import email_address

_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


def valid_smtp_url(value: SecretStr) -> SecretStr:
    """Validate the address of a mail server that sends."""
    _mail_server(value.get_secret_value(), "smtp")
    return value


def valid_imap_url(value: SecretStr) -> SecretStr:
    """Validate the address of a mailbox; the password must not be read on the way."""
    parts = _mail_server(value.get_secret_value(), "imap")
    if parts.scheme == "imap" and parts.hostname not in _LOOPBACK_HOSTS:
        raise PydanticCustomError(
            "setting", "must begin with imaps://: without TLS the password would be read on the way"
        )
    if not parts.username or not parts.password:
        raise PydanticCustomError("setting", "must hold the user and the password of the mailbox")
    return value


def _mail_server(url: str, scheme: str) -> SplitResult:
    parts = urlsplit(url) if is_url(url) else None
    if parts is None or parts.scheme not in {scheme, f"{scheme}s"} or not parts.hostname:
        raise PydanticCustomError(
            "setting", f"must be {scheme}://user:password@host or {scheme}s://user:password@host"
        )
    login = unquote(f"{parts.username or ''}{parts.password or ''}")
    if any(ord(character) < ord(" ") for character in login):
        raise PydanticCustomError("setting", "must hold no line break or other control character")
    return parts


def valid_email_from(value: str) -> str:
    """Validate and normalise our address."""
    name, address = parseaddr(value)
    if email_address(address) is None or any(ord(character) < ord(" ") for character in value):
        raise PydanticCustomError(
            "setting", "must be an address, or a name with an address: Acme Support <support@example.com>"
        )
    return f"{name} <{address}>" if name else address


def is_url(value: str) -> bool:
    """Return whether the text has the form of a URL."""
    try:
        return urlsplit(value).port != 0
    except ValueError:
        return False
