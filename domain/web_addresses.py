"""Web addresses as people set them."""

import re
from urllib.parse import urlsplit


def web_address(given: str) -> str:
    """The address without a slash at its end; raises ValueError where it is none that begins with http:// or https://."""
    try:
        has_port = urlsplit(given).port != 0
    except ValueError:
        has_port = False
    if not has_port or not re.match(r"https?://[^/?#]", given):
        raise ValueError("must be a web address that begins with http:// or https://")
    return given.rstrip("/")
