"""Count from the ledger what a killed bot lost or did twice; nothing of the bot is asked."""

import json
import re
from collections import Counter
from typing import Any

from sandbox.ledger import Entry, Ledger
from sandbox.x import XNetwork

_POST_LINK = re.compile(r"/status/(\d+)")


def evidence(ledger: Ledger, network: XNetwork, since: float) -> dict[str, int]:
    """Return how many mentions came `since` a moment, how many Slack links to, and how much came twice.

    Twice are messages in Slack with the same mark of the bot's, answers of one text to one post, and mails
    with one Message-ID.
    """
    posts = [post for post in network.mentioning.get(network.brand.id, ()) if post.created_at >= since]
    mentions = {post.original_id for post in posts if post.author is not network.brand and not post.deleted}
    linked: set[str] = set()
    acts: Counter[tuple[Any, ...]] = Counter()
    for entry in ledger.entries:
        acts.update(_identity(entry))
        if entry.system == "slack" and (blocks := entry.detail.get("blocks")):
            linked.update(_POST_LINK.findall(json.dumps(blocks)))
    shown = sum(not linked.isdisjoint(network.posts[one].history) for one in mentions)
    return {"mentions": len(mentions), "shown": shown, "twice": acts.total() - len(acts)}


def _identity(entry: Entry) -> list[tuple[Any, ...]]:
    """Return what must be one of its kind, if anything."""
    detail = entry.detail
    match entry.system, entry.call:
        case "slack", "chat.postMessage":
            token = ((detail.get("metadata") or {}).get("event_payload") or {}).get("token")
            return [("slack", detail["channel"], detail["thread_ts"], token)] if token else []
        case "x", "POST /2/tweets":
            return [("x", detail["text"], detail["in_reply_to"])]
        case "mail", "sent":
            return [("mail", detail["message_id"])]
        case _:
            return []
