"""Decide whether the network lets us reply to a post."""

from collections.abc import Collection
from dataclasses import replace

from domain.intake.posts import MatchReason, Post, ReplyBlock
from domain.networks import Capability


def with_reply_block(post: Post, capabilities: Collection[Capability]) -> Post:
    """Block the reply to a post that only matched a search, where the network requires to be addressed.

    The post's own block, which the network reported, is kept in every other case.
    """
    is_addressed = post.match_reason is not MatchReason.SEARCH
    if is_addressed or Capability.REPLIES_ONLY_WHERE_MENTIONED not in capabilities:
        return post
    return replace(post, reply_block=ReplyBlock.NOT_ADDRESSED)
