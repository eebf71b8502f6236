"""Many mentions at once, the same for the same seed: for crash tests and benchmarks."""

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
    """Let `count` mentions by `authors` people happen now. Every text is unique, so losses can be counted."""
    return list(_mentions(network, count, authors, seed))


async def flood_for(
    network: XNetwork, seconds: float, per_second: float, authors: int, seed: int
) -> list[Post]:
    """Let mentions happen evenly for a while."""
    coming = _mentions(network, max(1, round(seconds * per_second)), authors, seed)
    began, posts = time.monotonic(), []
    for number, post in enumerate(coming, start=1):
        posts.append(post)
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
    return posts


def _mentions(network: XNetwork, count: int, authors: int, seed: int) -> Iterator[Post]:
    dice = random.Random(seed)
    for number in range(count):
        who = dice.randrange(authors)
        author = network.accounts.get(f"crowd_{seed}_{who}", f"Person {who}", followers=dice.randrange(5000))
        text = f"{dice.choice(OPENINGS)} {dice.choice(TROUBLES)} (no. {number})"
        yield network.post(author, text)
