"""What the networks are called, and where a person answers a post in the browser."""

from urllib.parse import quote

from adapters.slack.escaping import LONGEST_URL, strip_control

_NAMES = {"x": "X", "bluesky": "Bluesky", "mastodon": "Mastodon", "email": "E-mail"}


def network_name(network: str) -> str:
    """The name as people write it."""
    return _NAMES.get(network, network.capitalize())


def reply_page(network: str, post_id: str, text: str = "") -> str | None:
    """Where a reply can be written by hand, with `text` in the box; `None` where the network has no such page.

    X's web intents: developer.x.com, "Web Intents".
    """
    if network != "x" or not (post_id.isascii() and post_id.isdigit()):
        return None
    page = f"https://x.com/intent/tweet?in_reply_to={post_id}"
    filled = f"{page}&text={quote(strip_control(text), safe='')}" if text else page
    return filled if len(filled) <= LONGEST_URL else page


def our_replies(network: str, brand: str) -> str | None:
    """Where our own replies can be seen."""
    return (
        f"https://x.com/{quote(strip_control(brand), safe='')}/with_replies"
        if network == "x" and brand
        else None
    )
