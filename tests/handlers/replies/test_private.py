"""Send private replies: once, by the case's assignee, to the person of the hand-off; react to delivered."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.refusal_texts import refusal_text
from domain.cases.case import CaseState
from domain.cases.messages import Delivery, Message
from domain.cases.preconditions import PublicReplyBlocked
from domain.chat.topics import chat_topic
from domain.errors import AlreadyClosed, ConversationMoved, CustomerInPrivate, CustomerLeft, Refused
from domain.intake.posts import ReplyBlock
from domain.records.audit import Action
from domain.replies.forms import PrivateReplyForm
from domain.replies.private_limits import OutgoingAttachment
from domain.replies.rules_of_engagement import Rule, RulesBroken, RulesOfEngagement, Where
from domain.venues import MAX_PRIVATE_LENGTH, Venue
from handlers.cases.assignment import claim, release
from handlers.cases.resolution import resolve
from handlers.cases.views import view_case
from handlers.handoffs.arrival import return_to_public
from handlers.intake.deletion_sweep import SweepBatch, posts_in_batch
from handlers.intake.redaction import redact_post
from handlers.replies.doubts import settle_by_person
from handlers.replies.private import (
    PrivateReply,
    load_outgoing,
    open_private_reply_form,
    record_delivered,
    send_private_reply,
)
from handlers.replies.results import record_failed, record_sent, record_unsure
from handlers.replies.retries import retry_reply
from handlers.triage.draft import draft_request
from storage.engine import Store
from tests.handlers.context import RULES
from tests.handlers.handoffs.made import (
    FREE,
    LATER,
    agent_verifies,
    handoff_of,
    in_private,
    incoming_mail,
    incoming_message,
    ingest_message,
    newest_inbound,
    offered,
    private_reply,
    submit_private_reply,
)
from tests.handlers.made import (
    ACME,
    ANA,
    HOUR,
    MIA,
    NOW,
    POLICY,
    PROFILE,
    SAM,
    a_classifier,
    a_post,
    a_stored_case,
    audit_actions,
    case_of,
    do,
    in_parallel,
    messages,
    networks,
    public_form,
    queued,
    trail,
)
from tests.handlers.made import (
    arrive as post_arrives,
)

SHOT = OutgoingAttachment(source="F1", name="shot.png", media_type="image/png", size=9)


def opt_out(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.opt_outs.add("x", ACME.id, ANA.id, text="STOP", now=LATER)


def reactions(store: Store) -> list[tuple[str, str]]:
    return [(row["payload"]["ts"], row["payload"]["mark"]) for row in queued(store, "mark_message")]


def card(store: Store, case_id: int) -> None:
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case_id, channel="C0SUPPORT", ts="5.0", digest="d")


# --- accepted ---------------------------------------------------------------------------------


def test_what_the_assignee_says_goes_by_the_outbox_once(store: Store) -> None:
    case, there = in_private(store)
    first = private_reply(store, case, " Hi Ana ", files=[SHOT])
    assert private_reply(store, case, " Hi Ana ", files=[SHOT]) == first
    assert (first.text, first.venue, first.delivery, first.handoff_id, first.sent_by) == (
        "Hi Ana",
        Venue.DM,
        Delivery.QUEUED,
        there.id,
        SAM,
    )
    [row] = queued(store, "send_private")
    assert (row["payload"]["message_id"], row["destination"]) == (first.id, "x:dm")
    entry = trail(store, case.id)[-1]
    assert (entry.actor, entry.action, entry.detail["text"], entry.detail["files"]) == (
        SAM,
        Action.REPLY_QUEUED,
        "Hi Ana",
        ["shot.png"],
    )
    assert case_of(store, case.id).state is CaseState.WAITING


def test_two_deliveries_of_one_thread_message_at_once_are_one(store: Store) -> None:
    case, _ = in_private(store)
    results = in_parallel([lambda: private_reply(store, case)] * 3)
    assert len({getattr(result, "id", result) for result in results}) == 1
    assert len(queued(store, "send_private")) == 1


def test_a_chat_message_is_sent_on_commit_and_delivered_once_it_is_shown(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    card(store, case.id)
    message = private_reply(store, case)
    assert (message.delivery, message.sent_at, message.delivered_at) == (Delivery.SENT, LATER, None)
    assert queued(store, "send_private") == []
    after = case_of(store, case.id)
    assert (after.state, after.waiting_since, after.first_replied_at) == (CaseState.WAITING, None, LATER)
    assert audit_actions(store, case.id)[-1] == (SAM, Action.REPLY_SENT, after.version)
    for _ in range(2):
        do(store, record_delivered, message_id=message.id, now=LATER + HOUR)
    assert messages(store, case.id)[-1].delivered_at == LATER + HOUR
    assert reactions(store) == [("7.1", "white_check_mark")]
    assert case_of(store, case.id).version == after.version
    assert there.venue is Venue.CHAT


def test_a_reply_signals_the_chat_page(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    with store.unit_of_work() as uow:
        form = open_private_reply_form(uow, case_id=case.id, user_id=SAM, networks=networks(), now=LATER)
        assert (form.handoff, form.limit) == (there, MAX_PRIVATE_LENGTH[Venue.CHAT])
    submit_private_reply(store, case)
    with store.unit_of_work() as uow:
        send_private_reply(
            uow,
            PrivateReply(case_id=case.id, user_id=SAM, text="more", client_key="k2"),
            rules=FREE,
            networks=networks(),
            now=LATER,
        )
        assert uow.signals.sent == {chat_topic(there.id)}


@pytest.mark.parametrize("fails", [True, False])
def test_the_form_begins_with_an_answer_that_failed_alone(store: Store, fails: bool) -> None:
    case, _ = in_private(store)
    message = private_reply(store, case)
    if fails:
        do(store, record_failed, message_id=message.id, reason="no", now=LATER)
    else:
        do(store, record_sent, message_id=message.id, result={"id": "55"}, now=LATER)
    form = do(store, open_private_reply_form, case_id=case.id, user_id=SAM, networks=networks(), now=LATER)
    assert form.text == (message.text if fails else "")


def test_a_closed_case_has_no_form(store: Store) -> None:
    case, _ = in_private(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    with pytest.raises(AlreadyClosed):
        do(store, open_private_reply_form, case_id=case.id, user_id=SAM, networks=networks(), now=LATER)


def test_an_open_offer_leaves_the_conversation_where_it_is(store: Store) -> None:
    case, there = in_private(store, venue=Venue.DM)
    offered(store, case, Venue.CHAT)
    assert private_reply(store, case).handoff_id == there.id


# --- rules of engagement ----------------------------------------------------------------------


def in_private_rule(check: str, *, hard: bool) -> RulesOfEngagement:
    rule = Rule(name=check, reason=f"It is {check}.", hard=hard, where=Where.EVERYWHERE)
    return RulesOfEngagement(version="7", rules=[rule])


def test_a_form_asks_about_a_broken_rule_and_stores_what_was_overridden(store: Store) -> None:
    case, there = in_private(store)
    rules = in_private_rule("promises_money", hard=False)
    text = "We will refund you 20 €"
    seen = newest_inbound(store, case)
    asked = submit_private_reply(store, case, text, rules=rules, seen=seen, handoff_id=there.id)
    assert isinstance(asked, PrivateReplyForm)
    assert [(found.rule, found.hard) for found in asked.violations] == [("promises_money", False)]
    assert (asked.text, asked.revision) == (text, 1)
    sent = private_reply(
        store, case, text, rules=rules, seen=seen, confirmed=frozenset({"promises_money", "all_caps"})
    )
    assert sent.rules_version == "7"
    detail = trail(store, case.id)[-1].detail
    assert (detail["rules"], detail["confirmed"]) == ("7", ["promises_money"])


def test_a_hard_rule_blocks_a_private_reply_whatever_was_confirmed(store: Store) -> None:
    case, _ = in_private(store)
    rules = in_private_rule("shows_card_number", hard=True)
    confirmed = frozenset({"shows_card_number"})
    seen = newest_inbound(store, case)
    text = "4111 1111 1111 1111"
    blocked = submit_private_reply(store, case, text, rules=rules, seen=seen, confirmed=confirmed)
    assert isinstance(blocked, PrivateReplyForm)
    assert queued(store, "send_private") == []


@pytest.mark.parametrize(("hard", "hint"), [(True, False), (False, True)])
def test_a_thread_has_no_form_and_is_told_what_to_do(store: Store, hard: bool, hint: bool) -> None:
    case, _ = in_private(store)
    rules = in_private_rule("all_caps", hard=hard)
    with pytest.raises(RulesBroken) as refused:
        submit_private_reply(store, case, "WE ARE WORKING ON IT", rules=rules)
    told = refusal_text(refused.value)
    assert "It is all_caps." in told
    assert ("write it again with “send anyway:”" in told) is hint
    assert queued(store, "send_private") == []


# --- refused ----------------------------------------------------------------------------------


def test_a_thread_reply_in_public_is_refused(store: Store) -> None:
    case = a_stored_case(store)
    with pytest.raises(Refused, match="conversation is public"):
        submit_private_reply(store, case)
    offered(store, case, Venue.CHAT)
    with pytest.raises(Refused, match="not there yet"):
        submit_private_reply(store, case)
    assert queued(store, "send_private") == []


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"user_id": MIA}, "somebody else has claimed"),
        ({"text": "x" * (PROFILE.direct_message_length + 1)}, "10,001 characters"),
        ({"files": [replace(SHOT, media_type="text/html")]}, "neither a picture"),
    ],
)
def test_a_reply_that_breaks_a_limit_is_refused_with_the_reason(
    store: Store, more: dict[str, Any], why: str
) -> None:
    case, _ = in_private(store)
    before = messages(store, case.id)
    with pytest.raises(Refused) as refused:
        submit_private_reply(store, case, **more)
    assert why in refusal_text(refused.value)
    assert messages(store, case.id) == before


def test_a_reply_in_a_closed_case_is_refused(store: Store) -> None:
    case, _ = in_private(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    with pytest.raises(AlreadyClosed):
        submit_private_reply(store, case)


def test_a_form_comes_back_where_the_customer_wrote_meanwhile(store: Store) -> None:
    case, there = in_private(store)
    seen = newest_inbound(store, case)
    ingest_message(store, incoming_message("one more thing", external_id="d2"))
    form = submit_private_reply(store, case, "As I said", seen=seen, handoff_id=there.id)
    assert isinstance(form, PrivateReplyForm)
    assert ([m.text for m in form.new_messages], form.text, form.revision) == (
        ["one more thing"],
        "As I said",
        1,
    )
    assert private_reply(store, case, "As I said", seen=form.seen).text == "As I said"


def test_a_form_of_an_earlier_handoff_sends_nothing(store: Store) -> None:
    case, there = in_private(store, venue=Venue.DM)
    mail = offered(store, case, Venue.EMAIL)
    ingest_message(store, incoming_mail(handoff_id=mail.id))
    with pytest.raises(ConversationMoved) as moved_on:
        submit_private_reply(store, case, seen=newest_inbound(store, case), handoff_id=there.id)
    assert moved_on.value.venue is Venue.EMAIL


# --- opted out --------------------------------------------------------------------------------


def test_an_opted_out_customer_gets_no_direct_message(store: Store) -> None:
    case, _ = in_private(store)
    message = private_reply(store, case)
    do(store, record_failed, message_id=message.id, reason="busy", now=LATER)
    opt_out(store)
    with pytest.raises(Refused, match="asked not to be written to"):
        submit_private_reply(store, case, "more")
    with pytest.raises(Refused, match="asked not to be written to"):
        do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)


def test_an_opted_out_customer_may_be_answered_by_mail(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.EMAIL)
    opt_out(store)
    assert private_reply(store, case).venue is Venue.EMAIL


# --- sent, failed, unsure ---------------------------------------------------------------------


def test_sent_and_failed_replies_are_marked_in_the_thread(store: Store) -> None:
    case, _ = in_private(store)
    card(store, case.id)
    good = private_reply(store, case, "one", thread_ts="7.1")
    do(store, record_sent, message_id=good.id, result={"id": "55"}, now=LATER)
    bad = private_reply(store, case, "two", thread_ts="7.2")
    do(store, record_failed, message_id=bad.id, reason="their inbox is closed", now=LATER)
    assert reactions(store) == [("7.1", "white_check_mark"), ("7.2", "warning")]
    sent, failed = messages(store, case.id)[-2:]
    assert (sent.delivery, sent.external_id, sent.delivered_at) == (Delivery.SENT, "55", LATER)
    assert (failed.delivery, failed.error) == (Delivery.FAILED, "their inbox is closed")
    assert case_of(store, case.id).state is CaseState.OPEN


def test_a_failed_reply_is_retried_only_where_the_customer_still_is(store: Store) -> None:
    case, _ = in_private(store)
    message = private_reply(store, case)
    do(store, record_failed, message_id=message.id, reason="busy", now=LATER)
    do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)
    assert [row["payload"]["attempt"] for row in queued(store, "send_private")] == [1, 2]
    do(store, record_failed, message_id=message.id, reason="busy", now=LATER)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    with pytest.raises(CustomerLeft) as left:
        do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)
    assert left.value.venue is Venue.DM


def test_an_unsure_reply_stays_on_the_card_until_a_person_settles_it(store: Store) -> None:
    case, _ = in_private(store)
    doubtful = private_reply(store, case, "one")
    do(store, record_unsure, message_id=doubtful.id, reason="the line broke", now=LATER)
    newer = private_reply(store, case, "two")
    view = do(store, view_case, case_id=case.id, now=LATER)
    assert view.latest_reply is not None
    assert view.latest_reply.id == doubtful.id
    with store.unit_of_work() as uow:
        [job] = uow.outbox.claim(now=LATER, lease=HOUR, owner="me", limit=1, paces=lambda _destination: None)
        uow.outbox.mark_unsure(job, now=NOW, due=None, reason="the line broke", responded=False)
    do(store, settle_by_person, message_id=doubtful.id, sent=True, user_id=SAM, now=LATER)
    view = do(store, view_case, case_id=case.id, now=LATER)
    assert view.latest_reply is not None
    assert view.latest_reply.id == newer.id
    assert queued(store, "link_reply") == []


# --- privacy ----------------------------------------------------------------------------------


def test_the_public_form_is_closed_while_the_customer_is_in_private(store: Store) -> None:
    case, _ = in_private(store)
    message = private_reply(store, case, "Your card ends in 4242")
    do(store, record_failed, message_id=message.id, reason="busy", now=LATER)

    def form() -> str:
        opened = public_form(store, case.id, now=LATER)
        return opened.text

    with pytest.raises(CustomerInPrivate) as refused:
        form()
    assert refused.value.venue is Venue.DM
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    assert "4242" not in form()


def test_a_case_that_began_in_private_says_so_to_whoever_would_answer_in_public(store: Store) -> None:
    message = ingest_message(store, incoming_mail())
    assert message is not None
    with pytest.raises(PublicReplyBlocked) as refused:
        public_form(store, message.case_id, now=LATER)
    assert refused.value.block is ReplyBlock.NO_POST


def test_the_model_is_not_shown_private_messages(store: Store) -> None:
    case, _ = in_private(store)
    ingest_message(store, incoming_message("my card is 4242", external_id="d2"))
    post_arrives(store, a_post("950", "@acme hello?", created_at=LATER), now=LATER)
    newest = messages(store, case.id)[-1]
    with store.unit_of_work() as uow:
        asked = draft_request(
            uow,
            case_id=case.id,
            message_id=newest.id,
            classifier=a_classifier(),
            networks=networks(),
            rules=RULES,
            now=LATER,
        )
    assert asked is not None
    assert [asked.text, *asked.earlier] == ["@acme hello?", messages(store, case.id)[0].text]


def test_redacting_a_post_keeps_private_messages_and_makes_none_the_reply_target(store: Store) -> None:
    case, _ = in_private(store)
    ingest_message(store, incoming_message("still here", external_id="d2"))
    post = messages(store, case.id)[0]
    do(store, redact_post, message_id=post.id, policy=POLICY, now=LATER)
    assert [m.text for m in messages(store, case.id) if m.venue is Venue.DM] == ["Hi, it is me", "still here"]
    after = case_of(store, case.id)
    assert (after.reply_to_id, after.reply_block) == (case.reply_to_id, ReplyBlock.GONE)


def test_the_deletion_sweep_looks_up_posts_only(store: Store) -> None:

    case, _ = in_private(store)
    batch = SweepBatch(since=NOW - HOUR, after_id=0, size=9, started_at=LATER)
    found = do(store, posts_in_batch, account=ACME, batch=batch, after_id=0, limit=9)
    assert [m.id for m in found] == [messages(store, case.id)[0].id]


def test_an_outgoing_message_quotes_what_its_reader_may_read(store: Store) -> None:
    """Ana's direct messages are not quoted in a mail, whoever has its address."""
    case, _ = in_private(store, venue=Venue.DM)
    secret = private_reply(store, case, "Your order is 4711")
    do(store, record_sent, message_id=secret.id, result={"id": "55"}, now=LATER)
    mail = offered(store, case, Venue.EMAIL)
    ingest_message(store, incoming_mail("As I said there", handoff_id=mail.id))
    ours = private_reply(store, case, "Thank you", files=[SHOT])
    parcel = do(store, load_outgoing, message_id=ours.id)
    assert messages(store, case.id)[0] in parcel.earlier
    assert [m.text for m in parcel.earlier if m.venue.is_private] == ["As I said there"]
    assert (parcel.handoff.address, [file.source for file in parcel.files]) == ("ana@example.com", ["F1"])
    agent_verifies(store, case, mail)
    verified = do(store, load_outgoing, message_id=ours.id)
    assert verified.earlier == parcel.earlier, "what was said elsewhere stays there"


def test_an_outgoing_message_goes_to_the_handoff_it_was_written_for(store: Store) -> None:
    """The customer wrote from elsewhere before the mail was sent."""
    case, first = in_private(store, venue=Venue.EMAIL)
    ours = private_reply(store, case)
    ingest_message(store, incoming_message("are you there?"))
    assert do(store, load_outgoing, message_id=ours.id).handoff == handoff_of(store, first.id)
    assert private_reply(store, case, "Yes").venue is Venue.DM
    public = messages(store, case.id)[0]
    with pytest.raises(LookupError):
        do(store, load_outgoing, message_id=public.id)


def test_in_the_thread_nobodys_case_is_claimed_before_anybody_speaks(store: Store) -> None:
    case, _ = in_private(store)
    do(store, release, case_id=case.id, user_id=SAM, now=LATER)
    with pytest.raises(Refused, match="Press Claim on the card first"):
        submit_private_reply(store, case)
    assert queued(store, "send_private") == []


@pytest.mark.parametrize("holder", [SAM, None])
def test_an_answer_in_the_chat_that_takes_the_case_ends_its_wait(store: Store, holder: str | None) -> None:
    case, _ = in_private(store, venue=Venue.CHAT)
    do(store, release, case_id=case.id, user_id=SAM, now=LATER)
    if holder is not None:
        do(store, claim, case_id=case.id, user_id=holder, now=LATER)
    newest = max(message.id for message in messages(store, case.id))
    with store.unit_of_work() as uow:
        uow.cases.save(replace(uow.cases.get(case.id), waiting_since=LATER))
    sent = submit_private_reply(
        store, case, user_id=MIA, seen=newest, take_over_from=holder or "", thread_ts=None
    )
    assert isinstance(sent, Message)
    answered = case_of(store, case.id)
    assert (answered.claimed_by, answered.waiting_since) == (MIA, None)
