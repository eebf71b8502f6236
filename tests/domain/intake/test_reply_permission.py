"""Decide from how a post matched, and from the network's capabilities, whether it can be replied to."""

import pytest

from domain.intake.posts import MatchReason, ReplyBlock
from domain.intake.reply_permission import with_reply_block
from domain.networks import Capability
from tests.handlers.made import a_post

MENTIONED_ONLY = frozenset({Capability.SEARCH, Capability.REPLIES_ONLY_WHERE_MENTIONED})
ANYWHERE = frozenset(Capability) - {Capability.REPLIES_ONLY_WHERE_MENTIONED}


@pytest.mark.parametrize("reported", [None, ReplyBlock.RESTRICTED])
@pytest.mark.parametrize("reason", [*MatchReason, None])
def test_only_a_search_hit_is_blocked_and_only_where_the_network_wants_a_mention(
    reason: MatchReason | None, reported: ReplyBlock | None
) -> None:
    post = a_post(match_reason=reason, reply_block=reported)
    expected = ReplyBlock.NOT_ADDRESSED if reason is MatchReason.SEARCH else reported
    assert with_reply_block(post, MENTIONED_ONLY).reply_block is expected
    assert with_reply_block(post, ANYWHERE) == post


@pytest.mark.parametrize(
    ("one", "other", "is_stronger"),
    [
        (MatchReason.MENTION, MatchReason.QUOTE, True),
        (MatchReason.MENTION, MatchReason.SEARCH, True),
        (MatchReason.QUOTE, MatchReason.SEARCH, True),
        (MatchReason.QUOTE, MatchReason.MENTION, False),
        (MatchReason.SEARCH, MatchReason.QUOTE, False),
        (MatchReason.SEARCH, MatchReason.SEARCH, False),
    ],
)
def test_a_mention_is_the_strongest_reason(one: MatchReason, other: MatchReason, is_stronger: bool) -> None:
    assert one.is_stronger_than(other) is is_stronger
