"""Open a case, fold posts and edits into it, mark it answered."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases.case import ACTIVE, CLOSED, Case, CaseState
from domain.cases.case_assessment import Statement
from domain.cases.case_lifecycle import add_post, apply_edit, mark_answered, open_case, reassess_without
from domain.intake.posts import Post, ReplyBlock
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from tests.domain.made import ACME, ANA, HOUR, MINUTE, NOW, POLICY, SAM, a_case, a_post, an_assessment

NORMAL, URGENT = an_assessment(Urgency.NORMAL), an_assessment(Urgency.URGENT)
LOW = an_assessment(Urgency.LOW)
REOPENED_BOOST = 20 * 60


LEVELS = POLICY.service_levels


def opened(post: Post, assessment: Assessment = NORMAL, now: datetime = NOW) -> Case:
    return open_case(ACME, post, assessment, POLICY, now)


def with_post(case: Case, post: Post, assessment: Assessment = NORMAL, now: datetime | None = None) -> Case:
    since = case.waiting_since
    earlier = [] if since is None else [said(case.assessment, since)]
    return add_post(case, post, assessment, POLICY, now or post.created_at, earlier=earlier)


def said(assessment: Assessment = NORMAL, at: datetime = NOW) -> Statement:
    return Statement(text="I was charged twice, where is my money?", at=at, assessment=assessment)


def not_answerable(post_id: str) -> Post:
    return a_post(post_id, reply_block=ReplyBlock.NOT_ADDRESSED)


# --- opening ----------------------------------------------------------------------------------


def test_a_new_case_waits_since_its_post_was_written() -> None:
    case = opened(a_post(created_at=NOW - MINUTE))
    assert (case.waiting_since, case.last_message_at, case.opened_at) == (NOW - MINUTE, NOW - MINUTE, NOW)
    assert case.reply_due == NOW + LEVELS.defaults[Urgency.NORMAL]
    assert (case.reply_to_id, case.reply_block, case.reopened_at) == ("900", None, None)


def test_a_post_from_the_future_was_written_now() -> None:
    case = opened(a_post(created_at=NOW + timedelta(days=400)))
    assert (case.waiting_since, case.last_message_at) == (NOW, NOW)
    answered = replace(case, waiting_since=None)
    again = with_post(answered, a_post("901", created_at=NOW + timedelta(days=400)), now=NOW + MINUTE)
    assert (again.waiting_since, again.last_message_at) == (NOW + MINUTE, NOW + MINUTE)


# --- further posts ----------------------------------------------------------------------------


def test_ten_posts_do_not_rank_a_case_above_one_post() -> None:
    case = opened(a_post("900"))
    for number in range(901, 910):
        case = with_post(case, a_post(str(number)))
    assert case.sort_key == opened(a_post("999", author=replace(ANA, id="502"))).sort_key


@given(st.lists(st.sampled_from(Urgency), min_size=1, max_size=6))
def test_the_most_urgent_assessment_wins(urgencies: list[Urgency]) -> None:
    case = opened(a_post(), an_assessment(urgencies[0]))
    for number, urgency in enumerate(urgencies[1:], start=901):
        case = with_post(case, a_post(str(number)), an_assessment(urgency))
    assert case.assessment.urgency is max(urgencies)
    assert case.reply_due == NOW + LEVELS.defaults[max(urgencies)]


def test_an_urgent_post_raises_the_rank_and_a_mild_one_does_not_lower_it() -> None:
    mild = opened(a_post(), LOW)
    urgent = with_post(mild, a_post("901", created_at=NOW + MINUTE), URGENT)
    assert urgent.sort_key > mild.sort_key
    assert urgent.reply_due == NOW + 15 * MINUTE
    after = with_post(urgent, a_post("902", created_at=NOW + 2 * MINUTE), LOW)
    assert (after.assessment, after.reply_due) == (urgent.assessment, urgent.reply_due)


@pytest.mark.parametrize("state", CaseState)
def test_a_post_opens_a_case_in_any_state(state: CaseState) -> None:
    before = a_case(
        state=state, snoozed_until=NOW + HOUR, closed_by=SAM, closed_at=NOW, claimed_by=SAM, claimed_at=NOW
    )
    after = with_post(before, a_post("901", created_at=NOW + MINUTE))
    assert (after.state, after.snoozed_until, after.closed_by, after.closed_at) == (
        CaseState.OPEN,
        None,
        None,
        None,
    )
    assert (after.claimed_by, after.claimed_at) == ((SAM, NOW) if state in ACTIVE else (None, None))


def test_an_answered_case_waits_from_the_next_post_on_and_ranks_as_reopened() -> None:
    before = a_case()
    again = NOW + HOUR
    after = with_post(mark_answered(before, None, NOW, levels=LEVELS), a_post("901", created_at=again))
    assert (after.state, after.waiting_since, after.first_replied_at) == (CaseState.OPEN, again, NOW)
    assert after.sort_key == before.sort_key - 3600 + REOPENED_BOOST


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_a_closed_case_waits_from_the_post_that_reopens_it(state: CaseState) -> None:
    back = NOW + timedelta(days=10)
    closed = a_case(state=state, reply_due=NOW + HOUR)
    after = with_post(closed, a_post("901", created_at=back))
    assert (after.waiting_since, after.reopened_at) == (back, back)
    assert after.reply_due == back + LEVELS.defaults[Urgency.NORMAL]
    further = with_post(after, a_post("902", created_at=back + MINUTE))
    assert (further.waiting_since, further.reopened_at, further.sort_key) == (back, back, after.sort_key)
    fresh = opened(a_post("903", created_at=back), now=back)
    assert after.sort_key == fresh.sort_key + REOPENED_BOOST


def test_a_case_that_was_neither_answered_nor_closed_is_not_reopened_by_a_post() -> None:
    case = a_case()
    after = with_post(case, a_post("901", created_at=NOW + MINUTE))
    assert (after.reopened_at, after.sort_key) == (None, case.sort_key)


# --- which post a reply answers ---------------------------------------------------------------


def test_a_reply_goes_to_the_newest_post_that_can_be_replied_to() -> None:
    """A keyword match without our handle must not make the mention unanswerable."""
    case = opened(not_answerable("900"))
    steps: list[tuple[Post, str, ReplyBlock | None]] = [
        (not_answerable("901"), "901", ReplyBlock.NOT_ADDRESSED),
        (a_post("903"), "903", None),
        (not_answerable("904"), "903", None),
        (a_post("902"), "903", None),
        (a_post("1000"), "1000", None),
        (a_post("private", reply_block=ReplyBlock.NO_POST), "1000", None),
    ]
    for post, reply_to, block in steps:
        case = with_post(case, post)
        assert (case.reply_to_id, case.reply_block, case.conversation_id) == (reply_to, block, reply_to)


@given(st.permutations([a_post("900"), a_post("901"), not_answerable("902"), not_answerable("1000")]))
def test_the_order_of_arrival_does_not_change_the_reply_target(posts: list[Post]) -> None:
    case = opened(posts[0])
    for post in posts[1:]:
        case = with_post(case, post)
    assert (case.reply_to_id, case.reply_block) == ("901", None)


# --- edits ------------------------------------------------------------------------------------


def test_an_edit_of_the_reply_target_moves_the_reply_to_its_revision() -> None:
    edited = apply_edit(a_case(), "900", a_post(revision_id="950"), said(), POLICY, others=[])
    assert (edited.reply_to_id, edited.reply_block) == ("950", None)


def test_an_edit_of_an_earlier_post_leaves_the_reply_target() -> None:
    case = with_post(a_case(), a_post("901"))
    edited = apply_edit(case, "900", a_post(revision_id="950"), said(), POLICY, others=[])
    assert edited.reply_to_id == "901"


def test_an_edit_that_removes_our_handle_blocks_the_reply() -> None:
    edit = a_post(revision_id="950", reply_block=ReplyBlock.NOT_ADDRESSED)
    assert (
        apply_edit(a_case(), "900", edit, said(), POLICY, others=[]).reply_block is ReplyBlock.NOT_ADDRESSED
    )


def test_an_edit_may_raise_the_urgency_and_lower_it() -> None:
    mild = opened(a_post(), LOW)
    urgent = apply_edit(mild, "900", a_post(revision_id="950"), said(URGENT), POLICY, others=[])
    assert urgent.assessment.urgency is Urgency.URGENT
    assert urgent.reply_due == NOW + 15 * MINUTE
    assert urgent.sort_key - mild.sort_key >= 48 * 3600
    assert abs(urgent.sort_key - opened(a_post("990"), URGENT).sort_key) < 1
    milder = apply_edit(urgent, "950", a_post(revision_id="960"), said(LOW), POLICY, others=[])
    assert (milder.assessment, milder.reply_due) == (mild.assessment, mild.reply_due)
    others = [said(URGENT)]
    kept = apply_edit(urgent, "950", a_post(revision_id="960"), said(LOW), POLICY, others=others)
    assert (kept.assessment, kept.reply_due) == (urgent.assessment, urgent.reply_due)


def test_an_edit_that_makes_it_spam_leaves_nothing_due() -> None:
    mild = opened(a_post(), LOW)
    spam = replace(LOW, situation=Situation.SPAM)
    edited = apply_edit(mild, "900", a_post(revision_id="950"), said(spam), POLICY, others=[])
    assert (mild.reply_due is None, edited.reply_due) == (False, None)
    assert edited.waiting_since == mild.waiting_since
    assert opened(a_post(), spam).reply_due is None


def test_an_edit_of_an_answered_post_may_only_raise_the_urgency() -> None:
    answered = mark_answered(opened(a_post(), NORMAL), None, NOW, levels=LEVELS)
    edit = a_post(revision_id="950")
    raised = replace(said(URGENT), is_answered=True)
    urgent = apply_edit(answered, "900", edit, raised, POLICY, others=[])
    assert (urgent.assessment, urgent.reply_due) == (URGENT, None)
    lowered = replace(said(LOW), is_answered=True)
    assert apply_edit(urgent, "950", edit, lowered, POLICY, others=[]).assessment == URGENT


# --- answers ----------------------------------------------------------------------------------


def test_a_reopened_case_stays_so_until_an_answer_leaves_nothing_unanswered() -> None:
    back = NOW + HOUR
    reopened = with_post(a_case(state=CaseState.RESOLVED), a_post("901", created_at=back))
    crossed = mark_answered(reopened, back + MINUTE, back + MINUTE, levels=LEVELS)
    assert (crossed.reopened_at, crossed.waiting_since) == (back, back + MINUTE)
    done = mark_answered(crossed, None, back + HOUR, levels=LEVELS)
    assert (done.reopened_at, done.waiting_since) == (None, None)
    assert done.first_replied_at == back + MINUTE, "the first reply stays the first"


# --- deleting ---------------------------------------------------------------------------------


def test_nobody_waits_where_the_last_unanswered_words_are_gone() -> None:
    late = replace(opened(a_post()), raised_at=NOW)
    gone = reassess_without(late, [said()], [], POLICY)
    assert (gone.waiting_since, gone.reply_due, gone.raised_at) == (None, None, None)
    assert (gone.state, gone.assessment) == (late.state, late.assessment)
    earlier = [said(URGENT)]
    left = reassess_without(late, [*earlier, said(at=NOW + MINUTE)], earlier, POLICY)
    assert (left.waiting_since, left.raised_at, left.assessment.urgency) == (NOW, NOW, Urgency.URGENT)


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_what_is_deleted_later_changes_no_closed_case(state: CaseState) -> None:
    closed = replace(opened(a_post()), state=state)
    assert reassess_without(closed, [said()], [], POLICY) == closed


def test_who_waits_though_all_was_answered_waits_on_whatever_is_deleted() -> None:
    """As where an answer came back: what it answered counts as answered."""
    bounced = opened(a_post())
    answered = replace(said(), is_answered=True)
    assert reassess_without(bounced, [answered], [], POLICY) == bounced
