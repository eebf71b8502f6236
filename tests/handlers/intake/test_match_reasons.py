"""Store why a post reached us, keep the stronger reason, and decide from it what can be answered."""

from dataclasses import replace
from typing import Any

from domain.intake.posts import MatchReason, Post, ReplyBlock
from domain.intake.stream_names import SEARCH
from domain.networks import Capability
from handlers.intake.mentions import IngestResult, ingest_posts
from handlers.intake.redaction import redact_post
from storage.engine import Store
from tests.handlers.made import (
    ACME,
    NOW,
    POLICY,
    PROFILE,
    a_classifier,
    a_post,
    arrive,
    case_of,
    cases,
    do,
    messages,
    queued,
)


def by_search(post_id: str = "900", **changes: Any) -> Post:  # noqa: ANN401 - any of the fields
    """Build a search hit that neither mentions nor quotes us."""
    return a_post(post_id, "the acme app eats my payment", match_reason=MatchReason.SEARCH, **changes)


def reasons(store: Store) -> list[MatchReason | None]:
    [case] = cases(store)
    return [message.match_reason for message in messages(store, case.id)]


def test_each_post_of_a_case_keeps_its_own_reason(store: Store) -> None:
    """A search hit that is folded into the case of a mention is none itself."""
    arrive(store, a_post())
    arrive(store, by_search("901"), a_post("902", match_reason=MatchReason.QUOTE), stream=SEARCH)
    assert reasons(store) == [MatchReason.MENTION, MatchReason.SEARCH, MatchReason.QUOTE]
    [case] = cases(store)
    assert (case.reply_to_id, case.reply_block) == ("902", None)


def test_a_search_hit_that_is_listed_as_a_mention_later_can_be_answered(store: Store) -> None:
    arrive(store, by_search(), stream=SEARCH)
    [case] = cases(store)
    assert case.reply_block is ReplyBlock.NOT_ADDRESSED
    mention = replace(by_search(), match_reason=MatchReason.MENTION)
    assert arrive(store, mention) == IngestResult()
    [after] = cases(store)
    assert (after.reply_to_id, after.reply_block, after.version) == ("900", None, case.version + 1)
    [message] = messages(store, case.id)
    assert (message.match_reason, message.reply_block) == (MatchReason.MENTION, None)
    assert len(queued(store, "update_card")) == 1
    arrive(store, mention)
    arrive(store, by_search(), stream=SEARCH)
    assert reasons(store) == [MatchReason.MENTION]
    assert case_of(store, case.id) == after


def test_a_mention_that_matches_a_search_later_stays_a_mention(store: Store) -> None:
    arrive(store, replace(by_search(), match_reason=MatchReason.MENTION))
    [before] = cases(store)
    arrive(store, by_search(), stream=SEARCH)
    assert reasons(store) == [MatchReason.MENTION]
    assert cases(store) == [before]


def test_a_post_from_before_reasons_were_stored_is_left_alone(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    [message] = messages(store, case.id)
    with store.unit_of_work() as uow:
        uow.messages.save(replace(message, match_reason=None))
    arrive(store, by_search(), stream=SEARCH)
    assert reasons(store) == [None]
    assert case_of(store, case.id) == case


def test_a_stronger_reason_does_not_bring_back_a_deleted_post(store: Store) -> None:
    arrive(store, by_search(), stream=SEARCH)
    [case] = cases(store)
    [message] = messages(store, case.id)
    do(store, redact_post, message_id=message.id, policy=POLICY, now=NOW)
    gone = case_of(store, case.id)
    arrive(store, replace(by_search(), match_reason=MatchReason.MENTION))
    assert case_of(store, case.id) == gone
    assert reasons(store) == [MatchReason.SEARCH]


def test_a_network_that_lets_us_answer_anybody_lets_us_answer_a_search_hit(store: Store) -> None:
    anywhere = frozenset(Capability) - {Capability.REPLIES_ONLY_WHERE_MENTIONED}
    do(
        store,
        ingest_posts,
        account=ACME,
        profile=replace(PROFILE, capabilities=anywhere),
        posts=[by_search()],
        stream=SEARCH,
        newest_id="900",
        classifier=a_classifier(),
        now=NOW,
    )
    assert reasons(store) == [MatchReason.SEARCH]
    assert cases(store)[0].reply_block is None
