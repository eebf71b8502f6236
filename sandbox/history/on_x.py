"""Put the posts of a history on the simulated X."""

from collections.abc import Iterable

from sandbox.history.events import Customer, Event, OwnPost, Posted
from sandbox.x import Account, XNetwork


def publish(network: XNetwork, events: Iterable[Event], own_posts: Iterable[OwnPost]) -> None:
    """Publish the customers' posts and ours, in order of time, with the ids that they have."""
    posts: list[Posted | OwnPost] = [event for event in events if isinstance(event, Posted)]
    for one in sorted([*posts, *own_posts], key=lambda post: int(post.post_id)):
        author, language = network.brand, "und"
        if isinstance(one, Posted):
            author, language = _account(network, one.customer), one.customer.language
        network.post(
            author,
            one.text,
            reply_to=one.reply_to,
            lang=language,
            published=(one.post_id, one.at.timestamp()),
            call="history",
        )


def _account(network: XNetwork, customer: Customer) -> Account:
    account = network.accounts.get(
        customer.handle, customer.name, followers=customer.followers, account_id=customer.id
    )
    account.dms_open = customer.takes_messages
    return account
