"""Describe X statically: name, limits, prices and pages."""

from datetime import timedelta
from urllib.parse import quote

from adapters.networks.x import prices
from adapters.networks.x.ids import is_id
from adapters.networks.x.parsing import NETWORK
from adapters.networks.x.text_length import cost, count, links, post_cost
from domain.accounts import Account
from domain.delivery.pacing import Pace
from domain.intake.posts import Author
from domain.networks import Capability, NetworkProfile
from domain.surge.spending import Act


def reply_page(post_id: str, text: str) -> str | None:
    """Return X's web intent for a reply (developer.x.com, "Web Intents"), with `text` in the box."""
    if not is_id(post_id):
        return None
    page = f"https://x.com/intent/tweet?in_reply_to={post_id}"
    return f"{page}&text={quote(text, safe='')}" if text else page


def own_replies_page(handle: str) -> str | None:
    """Return the page that lists an account's own replies."""
    return f"https://x.com/{quote(handle, safe='')}/with_replies" if handle else None


def direct_message_page(account: Account) -> str | None:
    """Return the page that opens a direct message to the account."""
    return f"https://x.com/messages/compose?recipient_id={account.id}"


def author_page(author: Author) -> str | None:
    """Return an author's profile."""
    return f"https://x.com/{quote(author.handle, safe='')}" if author.handle else None


PROFILE = NetworkProfile(
    name=NETWORK,
    label="X",
    # Since 23 Feb 2026 X accepts a self-serve reply only to an author who mentioned or quoted the replying
    # account.
    capabilities=frozenset(
        {
            Capability.DIRECT_MESSAGES,
            Capability.REPLIES_ONLY_WHERE_MENTIONED,
            Capability.SEARCH,
            Capability.POSTS,
        }
    ),
    # X allows 100 posts and 15 direct messages in 15 minutes; bursts avoid delay where little is sent.
    paces={
        "reply": Pace(timedelta(seconds=9), burst=20),
        "post": Pace(timedelta(seconds=9), burst=20),
        "find": Pace(timedelta(seconds=3), burst=5),
        "dm": Pace(timedelta(seconds=60), burst=15),
    },
    direct_message_length=10_000,  # docs.x.com, "POST /2/dm_conversations/with/:participant_id/messages"
    count=count,
    counting_rule="where a link counts 23 and an emoji or a Chinese, Japanese or Korean character counts 2",
    price=cost,
    post_price=post_cost,
    prices={
        Act.MENTIONS: prices.MENTION_READ.dollars,
        Act.LOOK_BACK: prices.MENTION_READ.dollars,
        Act.SEARCH: prices.POST_READ.dollars,
        Act.PUSHED: prices.POST_PUSHED.dollars,
        Act.RECHECK: prices.POST_READ.dollars,
        Act.DIRECT_MESSAGES_SENT: prices.MESSAGE_SENT.dollars,
    },
    unread_venue="X Chat",  # encrypted end to end; docs.x.com, "Chat API"
    links=links,
    reply_page=reply_page,
    own_replies_page=own_replies_page,
    direct_message_page=direct_message_page,
    author_page=author_page,
)
