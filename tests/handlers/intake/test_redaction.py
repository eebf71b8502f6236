"""Redact a deleted post everywhere, once, and re-render what quoted it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.cases.preconditions import PublicReplyBlocked
from domain.delivery.effects import DraftReply
from domain.delivery.outcomes import Failed
from domain.errors import Refused
from domain.intake.posts import MatchReason, ReplyBlock
from domain.intake.stream_names import MENTIONS
from domain.knowledge.reply_drafts import as_example
from domain.knowledge.saved_replies import ReplyChange, ReplyVersion
from domain.records.audit import SYSTEM, Action, ThreadPost
from domain.replies.forms import PublicReplyForm
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement
from domain.triage.drafts import Source
from domain.triage.situations import Situation
from handlers.cases.views import view_thread_post
from handlers.intake.mentions import ingest_posts
from handlers.intake.redaction import alert_not_redrawn, record_thread_post, redact_post, redact_reply_target
from handlers.knowledge.teaching import correct
from handlers.replies.public import PublicReplySubmission, submit_public_reply
from handlers.replies.results import record_failed
from handlers.replies.retries import retry_reply
from handlers.triage.draft import draft_request, save_draft
from storage.engine import Store
from storage.outbox_tables import outbox
from storage.tables import metadata
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import (
    ACME,
    FREE,
    MINUTE,
    NOW,
    POLICY,
    PROFILE,
    SAM,
    a_classifier,
    a_post,
    a_stored_case,
    alerts,
    an_answer,
    arrive,
    audit_actions,
    card_view,
    case_of,
    do,
    in_parallel,
    messages,
    networks,
    public_form,
    queued,
    trail,
)
from tests.replies import a_reply

WORDS = "@acme my zebra costume never came"
BEFORE = "@acme my zebra costume never cmae"
LATER = NOW + 5 * MINUTE
DRAFT: dict[str, Any] = {
    "text": "We are sorry that your zebra costume never came.",
    "language": "en",
    "grounded_in": ["late-parcel"],
    "title": "Late parcel",
    "missing": ["which zebra"],
    "model": "small-1",
    "prompt": "reply",
    "prompt_version": "3",
}


def everything(store: Store) -> str:
    """Return every value of every column of every table."""
    with store.engine.connect() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return "\n".join(map(str, rows))


def an_edited_case(store: Store) -> tuple[Case, Message]:
    """Store a case whose only post was edited, drafted for, and shown in the thread."""
    case = a_stored_case(store, BEFORE)
    arrive(store, a_post("9000", WORDS, revision_id="9001"), now=NOW + MINUTE)
    [message] = messages(store, case.id)
    effect = DraftReply(case.id, message.id)
    do(store, _add, effect)
    with store.engine.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.key == effect.key).values(result=DRAFT))
    draft_kept(store, case, message)
    entries = trail(store, case.id)
    tell(store, case, "5.1", entries[0].id, entries[-1].id)
    return case_of(store, case.id), message


def _add(uow: UnitOfWork, effect: DraftReply) -> None:
    uow.outbox.add([effect], now=NOW)


def _save_reply(uow: UnitOfWork, version: ReplyVersion) -> None:
    assert uow.saved_replies.add(version)


def _examples(uow: UnitOfWork) -> list[tuple[str, ...]]:
    [reply] = uow.saved_replies.latest()
    return [version.content.examples for version in uow.saved_replies.versions(reply.name, limit=9)]


def _revision(uow: UnitOfWork) -> int:
    return uow.saved_replies.revision()


def draft_kept(store: Store, case: Case, message: Message, *, asked_at: Any = NOW) -> None:  # noqa: ANN401 - a moment
    do(
        store,
        save_draft,
        case_id=case.id,
        message_id=message.id,
        draft=DRAFT,
        asked_at=asked_at,
        now=NOW + MINUTE,
    )


def tell(store: Store, case: Case, ts: str, first: int, last: int) -> None:
    post = ThreadPost(case_id=case.id, channel="C0SUPPORT", ts=ts, first_audit_id=first, last_audit_id=last)
    do(store, record_thread_post, post=post, now=NOW)


def remove(store: Store, message: Message) -> bool:
    return do(store, redact_post, message_id=message.id, policy=POLICY, now=LATER)


def redrawn(store: Store) -> list[str]:
    return [row["payload"]["ts"] for row in queued(store, "redraw_thread")]


def test_a_deleted_posts_text_is_left_in_no_table(store: Store) -> None:
    case, message = an_edited_case(store)
    assert everything(store).count("zebra") == 7
    own = "where is my order"
    for version in (1, 2):
        do(
            store,
            _save_reply,
            a_reply(
                version=version,
                change=ReplyChange.EDITED,
                by=SAM,
                at=NOW,
                examples=(as_example(WORDS, "acme"), own),
            ),
        )
    before = do(store, _revision)
    assert remove(store, message)
    assert "zebra" not in everything(store)
    assert do(store, _examples) == [(own,), (own,)]
    assert do(store, _revision) > before
    [after] = messages(store, case.id)
    assert after == replace(message, text="", assessment=None, deleted_at=LATER)
    assert audit_actions(store, case.id)[-1] == (SYSTEM, Action.POST_GONE, case.version + 1)
    assert trail(store, case.id)[-1].at == LATER
    assert case_of(store, case.id).reply_block is ReplyBlock.GONE
    assert case_of(store, case.id).state is case.state
    assert redrawn(store) == ["5.1"]


def test_a_second_redaction_changes_nothing(store: Store) -> None:
    case, message = an_edited_case(store)
    assert in_parallel([lambda: remove(store, message)] * 2).count(True) == 1
    assert not remove(store, message)
    assert [action for _, action, _ in audit_actions(store, case.id)].count(Action.POST_GONE) == 1


def test_an_edit_does_not_restore_a_redacted_post(store: Store) -> None:
    case, message = an_edited_case(store)
    remove(store, message)
    arrive(store, a_post("9000", f"{WORDS} at all", revision_id="9002"), now=LATER)
    assert messages(store, case.id)[0].text == ""
    assert case_of(store, case.id).reply_block is ReplyBlock.GONE


def test_a_concurrent_edit_does_not_undo_the_redaction(store: Store) -> None:
    case, message = an_edited_case(store)

    def edited() -> object:
        return do(
            store,
            ingest_posts,
            account=ACME,
            profile=PROFILE,
            posts=[a_post("9000", f"{WORDS} at all", revision_id="9002")],
            stream=MENTIONS,
            newest_id=None,
            classifier=a_classifier(),
            now=LATER,
        )

    results = in_parallel([lambda: remove(store, message), edited])
    assert not [result for result in results if isinstance(result, Exception)]
    assert messages(store, case.id)[0].text == ""
    assert "zebra" not in everything(store)


def test_the_customers_older_post_stays_and_is_answered(store: Store) -> None:
    case = a_stored_case(store)
    [older] = messages(store, case.id)
    arrive(store, a_post("9500", WORDS, created_at=NOW + MINUTE), now=NOW + MINUTE)
    newer = messages(store, case.id)[-1]
    remove(store, newer)
    after = case_of(store, case.id)
    assert (after.reply_to_id, after.reply_block) == (older.revision_id, None)
    assert messages(store, case.id)[0] == older
    suggestion = card_view(store, case).suggestion
    assert suggestion is not None
    assert suggestion.message_id == older.id


def test_the_reply_block_of_the_older_post_is_kept(store: Store) -> None:
    case = a_stored_case(store)
    [first] = messages(store, case.id)
    unaddressed = a_post("9400", "acme again", created_at=NOW + MINUTE, match_reason=MatchReason.SEARCH)
    arrive(store, unaddressed, now=NOW + MINUTE)
    remove(store, first)
    after = case_of(store, case.id)
    assert (after.reply_to_id, after.reply_block) == ("9400", ReplyBlock.NOT_ADDRESSED)


def test_only_thread_messages_that_quoted_it_are_redrawn(store: Store) -> None:
    case = a_stored_case(store)
    arrive(store, a_post("9500", WORDS, created_at=NOW + MINUTE), now=NOW + MINUTE)
    first, second = trail(store, case.id)
    tell(store, case, "5.1", first.id, first.id)
    tell(store, case, "5.2", second.id, second.id)
    remove(store, messages(store, case.id)[-1])
    assert redrawn(store) == ["5.2"]
    post, view = do(store, view_thread_post, case_id=case.id, ts="5.2")
    assert (post.channel, [entry.id for entry in view.entries]) == ("C0SUPPORT", [second.id])
    with pytest.raises(LookupError):
        do(store, view_thread_post, case_id=case.id, ts="5.3")


def test_a_thread_message_in_flight_is_redrawn(store: Store) -> None:
    case, message = an_edited_case(store)
    remove(store, message)
    entries = trail(store, case.id)
    tell(store, case, "5.2", entries[0].id, entries[1].id)
    tell(store, case, "5.3", entries[-1].id, entries[-1].id)
    assert redrawn(store) == ["5.1", "5.2"]


@pytest.mark.parametrize(
    ("situation", "asked_at", "is_kept"),
    [
        (Situation.DELIVERY, NOW, False),
        (Situation.DELIVERY, LATER, True),
        (None, NOW, True),
    ],
    ids=["another situation since", "another situation before", "the same situation"],
)
def test_a_draft_asked_for_before_a_correction_is_dropped(
    store: Store, situation: Situation | None, asked_at: datetime, *, is_kept: bool
) -> None:
    case = a_stored_case(store)
    [message] = messages(store, case.id)
    do(
        store,
        correct,
        case_id=case.id,
        message_id=message.id,
        judgement=Judgement(
            situation=situation or case.assessment.situation, urgency=Urgency.HIGH, request=True
        ),
        user_id=SAM,
        policy=POLICY,
        now=NOW + MINUTE,
    )
    draft_kept(store, case, message, asked_at=asked_at)
    found = card_view(store, case).suggestion
    assert (found is not None and found.source is Source.MODEL) is is_kept


def test_a_draft_for_a_redacted_post_is_discarded(store: Store) -> None:
    case, message = an_edited_case(store)
    arrive(store, a_post("9500", "@acme hello?", created_at=LATER), now=LATER)
    remove(store, message)
    newest = messages(store, case.id)[-1]
    effect = DraftReply(case.id, newest.id)
    do(store, _add, effect)
    with store.engine.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.key == effect.key).values(result=DRAFT))
    draft_kept(store, case, newest)
    assert "zebra" not in everything(store)
    draft_kept(store, case, newest, asked_at=LATER + MINUTE)
    found = card_view(store, case).suggestion
    assert found is not None
    assert found.source is Source.MODEL


def test_the_model_is_not_shown_redacted_posts(store: Store) -> None:
    case, message = an_edited_case(store)
    arrive(store, a_post("9500", "@acme hello?", created_at=LATER), now=LATER)
    remove(store, message)
    newest = messages(store, case.id)[-1]
    asked = do(
        store,
        draft_request,
        case_id=case.id,
        message_id=newest.id,
        classifier=a_classifier(),
        networks=networks(),
        rules=FREE,
        now=LATER,
    )
    assert asked is not None
    assert (asked.text, asked.earlier) == ("@acme hello?", ())


def an_attempt(store: Store, case: Case, seen: int, *, key: str = "V1") -> PublicReplySubmission:
    return an_answer(store, case, seen=seen, client_key=key)


def submit(store: Store, attempt: PublicReplySubmission) -> Any:  # noqa: ANN401 - accepted, or the form
    return do(
        store,
        submit_public_reply,
        attempt,
        classifier=a_classifier(),
        rules=FREE,
        networks=networks(),
        now=LATER,
    )


def test_an_agent_who_answers_meanwhile_gets_the_form_again(store: Store) -> None:
    case = a_stored_case(store)
    arrive(store, a_post("9500", WORDS, created_at=NOW + MINUTE), now=NOW + MINUTE)
    newer = messages(store, case.id)[-1]
    public_form(store, case.id)
    attempt = an_attempt(store, case, newer.id)
    remove(store, newer)
    form = submit(store, attempt)
    assert isinstance(form, PublicReplyForm)
    assert [message.id for message in form.new_messages] == [newer.id]
    assert queued(store, "send_reply") == []


def test_no_answer_is_queued_for_a_deleted_post(store: Store) -> None:
    case, message = an_edited_case(store)
    attempt = an_attempt(store, case, message.id)
    remove(store, message)
    with pytest.raises(PublicReplyBlocked) as refused:
        submit(store, attempt)
    assert refused.value.block is ReplyBlock.GONE


def test_an_answer_that_fails_for_a_deleted_post_redacts_it_and_is_not_retried_elsewhere(
    store: Store,
) -> None:
    case = a_stored_case(store)
    [older] = messages(store, case.id)
    arrive(store, a_post("9500", WORDS, created_at=NOW + MINUTE), now=NOW + MINUTE)
    newer = messages(store, case.id)[-1]
    ours = submit(store, an_attempt(store, case, newer.id)).message
    assert ours.reply_to_id == "9500"
    do(store, record_failed, message_id=ours.id, reason="gone", now=LATER)
    do(store, redact_reply_target, message_id=ours.id, policy=POLICY, now=LATER)
    after = case_of(store, case.id)
    assert (after.reply_to_id, after.reply_block) == (older.revision_id, None)
    assert "zebra" not in everything(store)
    with pytest.raises(Refused, match="Press Edit"):
        do(store, retry_reply, message_id=ours.id, version=after.version, user_id=SAM, now=LATER)
    again = submit(store, an_attempt(store, case, newer.id, key="V2")).message
    assert again.reply_to_id == older.revision_id


def test_nobody_waits_once_all_that_asked_is_gone(store: Store) -> None:
    case = a_stored_case(store)
    arrive(store, a_post("9500", WORDS, created_at=NOW + MINUTE), now=NOW + MINUTE)
    older, newer = messages(store, case.id)
    remove(store, newer)
    left = case_of(store, case.id)
    assert (left.waiting_since, left.reply_due) == (case.waiting_since, case.reply_due)
    assert None not in (left.waiting_since, left.reply_due)
    remove(store, older)
    gone = case_of(store, case.id)
    assert (gone.waiting_since, gone.reply_due, gone.reply_block) == (None, None, ReplyBlock.GONE)
    arrive(store, a_post("9501", WORDS, created_at=LATER), now=LATER)
    again = case_of(store, case.id)
    assert again.waiting_since == LATER
    assert again.reply_due is not None
    assert again.reply_block is None


def test_an_edited_post_is_left_to_the_daily_sweep(store: Store) -> None:
    case = a_stored_case(store, WORDS)
    [message] = messages(store, case.id)
    ours = submit(store, an_attempt(store, case, message.id)).message
    arrive(store, a_post("9000", f"{WORDS} at all", revision_id="9001"), now=LATER)
    do(store, redact_reply_target, message_id=ours.id, policy=POLICY, now=LATER)
    assert messages(store, case.id)[0].deleted_at is None


def test_a_thread_message_that_slack_cannot_change_raises_an_alert(store: Store) -> None:
    case, message = an_edited_case(store)
    locked = Failed("a setting of the workspace forbids it", code="edit_window_closed")

    def fail(failure: Failed) -> list[str]:
        do(store, alert_not_redrawn, POLICY, case_id=case.id, failure=failure, now=LATER)
        return alerts(store)

    assert fail(locked) == []
    remove(store, message)
    assert fail(Failed("somebody deleted it", code="message_not_found")) == []
    [text] = fail(locked)
    assert "delete that message by hand" in text
