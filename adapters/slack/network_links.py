"""Build links to a network's pages, within Slack's URL length."""

from dataclasses import replace

from adapters.slack.escaping import MAX_URL_LENGTH, strip_control
from domain.cases.messages import Message
from domain.intake.posts import Author
from domain.networks import OurAccount


def view_label(ours: OurAccount) -> str:
    """Return the text of a link to a post, whose words no line break parts."""
    return f"View on {ours.profile.label}".replace(" ", "\N{NO-BREAK SPACE}")


def post_page(message: Message) -> str | None:
    """Return the page of a public post; `None` where it has none, or was deleted."""
    is_there = not message.venue.is_private and message.deleted_at is None
    return message.url if is_there else None


def reply_page(ours: OurAccount, post_id: str, text: str = "") -> str | None:
    """Return the page to reply to a post in the browser, prefilled with `text` unless the URL is too long."""
    filled = ours.profile.reply_page(post_id, strip_control(text))
    if filled is not None and len(filled) > MAX_URL_LENGTH:
        return ours.profile.reply_page(post_id, "")
    return filled


def author_page(ours: OurAccount, author: Author) -> str | None:
    """Return the page of the customer's profile; `None` where the network has none."""
    return ours.profile.author_page(replace(author, handle=strip_control(author.handle)))


def own_replies_page(ours: OurAccount) -> str | None:
    """Return the page that lists our own replies."""
    return ours.profile.own_replies_page(strip_control(ours.handle))
