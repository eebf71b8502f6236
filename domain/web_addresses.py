"""Validate web addresses from the settings."""

import re
from urllib.parse import urlsplit


def web_address(given: str) -> str:
    """Validate an http:// or https:// address and strip its trailing slash.

    Raises `ValueError` for anything else.
    """
    try:
        has_port = urlsplit(given).port != 0
    except ValueError:
        has_port = False
    if not has_port or not re.match(r"https?://[^/?#]", given):
        raise ValueError("must be a web address that begins with http:// or https://")
    return given.rstrip("/")
