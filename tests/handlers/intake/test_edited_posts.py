"""Store the edit of a post as a new revision of its message."""

from dataclasses import replace

import pytest

from domain.intake.posts import MatchReason, Media, MediaKind, ReplyBlock
from domain.records.audit import SYSTEM, Action
from domain.triage.situations import Situation
from handlers.cases.assignment import claim
from handlers.intake.mentions import IngestResult
from storage.engine import Store
from tests.handlers.made import (
    MINUTE,
    NOW,
    PAYMENT,
    SAM,
    a_post,
    arrive,
    audit_actions,
    case_of,
    cases,
    do,
    messages,
    queued,
    trail,
)

PICTURE = Media(
    kind=MediaKind.PICTURE,
    url="https://pbs.twimg.com/media/A.jpg",
    alt_text="Checkout page: Payment failed, error 51",
)
AGAIN = "@acme hello? anybody?"


def test_an_edit_changes_the_message_and_is_audited(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    edit = a_post("900", "@acme it works again", revision_id="950")
    assert arrive(store, edit, now=NOW + MINUTE) == IngestResult(edited=1)
    [message] = messages(store, case.id)
    assert (message.text, message.revision_id, message.edited_at) == (
        "@acme it works again",
        "950",
        NOW + MINUTE,
    )
    after = case_of(store, case.id)
    assert (after.reply_to_id, after.claimed_by, after.version) == ("950", SAM, 3)
    assert audit_actions(store, case.id)[-1] == (SYSTEM, Action.CUSTOMER_EDITED, 3)
    assert trail(store, case.id)[-1].detail == {"before": PAYMENT}
    assert {"update_card", "post_thread"} <= {row["kind"] for row in queued(store)}
    assert arrive(store, edit) == IngestResult()


@pytest.mark.parametrize("revision", ["900", "901", "99"])
def test_an_older_revision_changes_nothing(store: Store, revision: str) -> None:
    arrive(store, a_post("900", revision_id="901"))
    assert arrive(store, a_post("900", "as it was before", revision_id=revision)) == IngestResult()
    [case] = cases(store)
    assert (case.version, messages(store, case.id)[0].text) == (1, PAYMENT)


def test_an_edit_that_takes_our_name_out_takes_the_answer_away(store: Store) -> None:
    arrive(store, a_post())
    arrive(store, a_post(revision_id="950", match_reason=MatchReason.SEARCH))
    assert cases(store)[0].reply_block is ReplyBlock.NOT_ADDRESSED
    [message] = messages(store, cases(store)[0].id)
    assert message.match_reason is MatchReason.SEARCH


def test_edits_of_several_posts_of_one_case_in_one_batch(store: Store) -> None:
    arrive(store, a_post("900"), a_post("901", AGAIN))
    edits = [a_post("900", "one", revision_id="950"), a_post("901", "two", revision_id="951")]
    assert arrive(store, *edits, a_post("952", "three")) == IngestResult(added=1, edited=2)
    [case] = cases(store)
    assert [message.text for message in messages(store, case.id)] == ["one", "two", "three"]
    assert case.version == 4


def test_alt_text_counts_as_words_and_an_edit_brings_its_own_pictures(store: Store) -> None:
    arrive(store, a_post("900", "@acme ???", media=(PICTURE,)))
    [case] = cases(store)
    assert case.assessment.situation is Situation.CANNOT_PAY
    other = replace(PICTURE, url="https://pbs.twimg.com/media/B.jpg", alt_text="A cat")
    arrive(store, a_post("900", "@acme ???", revision_id="950", media=(other,)), now=NOW + MINUTE)
    [message] = messages(store, case.id)
    assert message.media == (other,)
    assert case_of(store, case.id).assessment.situation is not Situation.CANNOT_PAY
