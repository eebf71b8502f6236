"""Pages of a network, as links that Slack takes."""

from adapters.slack.escaping import LONGEST_URL, strip_control
from domain.networks import OurAccount


def reply_page(ours: OurAccount, post_id: str, text: str = "") -> str | None:
    """The page on which a person answers a post in the browser, with `text` in the box where the link is not too long for that."""
    filled = ours.profile.reply_page(post_id, strip_control(text))
    if filled is not None and len(filled) > LONGEST_URL:
        return ours.profile.reply_page(post_id, "")
    return filled


def own_replies_page(ours: OurAccount) -> str | None:
    """The page that lists our own replies."""
    return ours.profile.own_replies_page(strip_control(ours.handle))
