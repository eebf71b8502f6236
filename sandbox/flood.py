"""Generate many mentions at once, deterministic per seed, for crash tests and benchmarks."""

import asyncio
import random
import time
from collections.abc import Iterator

from sandbox.x import Post, XNetwork

OPENINGS = ("Hey @acme", "@acme", "Dear @acme", "@acme please", "Why @acme")
TROUBLES = (
    "the app took my payment twice",
    "how do I change my address?",
    "nothing has loaded since this morning",
    "thank you for the quick help",
    "the parcel never arrived and I need it tomorrow",
    "la app se come mi pago",
    "die Zahlung geht nicht durch",
    "impossible de me connecter",
    "支払いができません",
    "your charger smells of burning",
)


def flood(network: XNetwork, count: int, authors: int, seed: int) -> list[Post]:
    """Publish `count` mentions by `authors` authors now. Every text is unique, so losses can be counted."""
    return list(_mentions(network, count, authors, seed))


async def flood_for(
    network: XNetwork, seconds: float, per_second: float, authors: int, seed: int
) -> list[Post]:
    """Publish mentions at an even rate for `seconds`."""
    mentions = _mentions(network, max(1, round(seconds * per_second)), authors, seed)
    began, posts = time.monotonic(), []
    for number, post in enumerate(mentions, start=1):
        posts.append(post)
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
    return posts


def _mentions(network: XNetwork, count: int, authors: int, seed: int) -> Iterator[Post]:
    rng = random.Random(seed)
    for number in range(count):
        author_number = rng.randrange(authors)
        author = network.accounts.get(
            f"crowd_{seed}_{author_number}", f"Person {author_number}", followers=rng.randrange(5000)
        )
        text = f"{rng.choice(OPENINGS)} {rng.choice(TROUBLES)} (no. {number})"
        yield network.post(author, text)
