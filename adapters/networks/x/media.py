"""Parse the media of a post, and decide which addresses are shown and which are fetched."""

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from domain.intake.posts import MAX_ALT_TEXT, MAX_MEDIA_URL, Media, MediaKind
from domain.surrogates import replace_lone_surrogates

MEDIA_HOST = "pbs.twimg.com"
_KINDS = {
    "photo": (MediaKind.PICTURE, "url"),
    "video": (MediaKind.VIDEO, "preview_image_url"),
    "animated_gif": (MediaKind.VIDEO, "preview_image_url"),
}


def media_of(item: Mapping[str, Any], api_url: str) -> Media | None:
    """Parse an object of `includes.media`; `None` where it has no kind or no address that may be shown."""
    kind_name = item.get("type")
    if not isinstance(kind_name, str) or kind_name not in _KINDS:
        return None
    kind, address_field = _KINDS[kind_name]
    address, alt_text = item.get(address_field), item.get("alt_text")
    if not isinstance(address, str) or not is_shown(address, api_url):
        return None
    said = " ".join(replace_lone_surrogates(alt_text).split()) if isinstance(alt_text, str) else ""
    return Media(kind=kind, url=address, alt_text=said[:MAX_ALT_TEXT])


def is_shown(address: str, api_url: str) -> bool:
    """Return whether an address may be shown: https at a public host, or at the address of the API."""
    parts = _split(address)
    if parts is None:
        return False
    return _is_at(parts, api_url) or (parts.scheme == "https" and _is_public(parts.hostname or ""))


def is_fetched(address: str, api_url: str) -> bool:
    """Return whether we fetch from an address: from X's host of media alone, or at the address of the API."""
    parts = _split(address)
    if parts is None:
        return False
    is_media_host = (parts.scheme, parts.hostname, parts.port) == ("https", MEDIA_HOST, None)
    return is_media_host or _is_at(parts, api_url)


def _split(address: str) -> SplitResult | None:
    """Split a web address; `None` for what is none, is too long, or names a user before its host."""
    is_printable = address.isascii() and address.isprintable() and not set(address) & set(' "<>\\`')
    if not is_printable or len(address) > MAX_MEDIA_URL:
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises ValueError where it is no port
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return parts if is_web and "@" not in parts.netloc else None


def _is_at(parts: SplitResult, api_url: str) -> bool:
    api = urlsplit(api_url)
    return (parts.scheme, parts.netloc.lower()) == (api.scheme, api.netloc.lower())


def _is_public(host: str) -> bool:
    """Return whether a host is no literal private address and no name of a local machine."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        *_, domain = host.rstrip(".").split(".")
        return (
            "." in host.rstrip(".")
            and not domain.isdigit()
            and domain not in {"localhost", "local", "internal"}
        )
