"""Mail a chat's transcript: deduplicated, only what the browser may see, to a limited number of addresses."""

from dataclasses import replace

import pytest

from domain.cases.case import Case
from domain.chat.transcript import (
    ADDRESS_PAUSE,
    MAX_TRANSCRIPTS,
    Transcript,
    TranscriptEmail,
    TranscriptState,
)
from domain.intake.bounce_reasons import BounceKind
from domain.intake.email import Bounce
from domain.records.audit import Action
from domain.venues import Venue
from handlers.chat.link import open_session
from handlers.chat.session import NoChat, view_chat
from handlers.chat.transcript import (
    OtherAddressJustNow,
    TooManyTranscripts,
    assign_message_id,
    load_transcript,
    record_transcript_failed,
    record_transcript_sent,
    request_transcript,
)
from handlers.delivery.bounces import ingest_bounce
from handlers.intake.private_messages import CHAT_IDLE_AFTER
from storage.engine import Store
from tests.handlers.chat.made import ANA_BY_MAIL, COOKIE, a_chat, a_requested_transcript
from tests.handlers.handoffs.made import (
    LATER,
    MAILBOX,
    agent_verifies,
    handoffs,
    incoming_mail,
    ingest_message,
    offered,
    private_reply,
)
from tests.handlers.made import BEN, MINUTE, PAYMENT, POLICY, a_stored_case, do, in_parallel, queued, trail


def texts(store: Store, transcript: Transcript) -> list[str]:
    letter = do(store, load_transcript, transcript_id=transcript.id)
    return [message.text for message in letter.messages]


def transcript_entries(store: Store, case: Case) -> list[tuple[Action, object, object]]:
    mailed = (Action.TRANSCRIPT_ASKED, Action.TRANSCRIPT_SENT, Action.TRANSCRIPT_FAILED)
    return [
        (entry.action, entry.detail.get("address"), entry.detail.get("reason"))
        for entry in trail(store, case.id)
        if entry.action in mailed
    ]


def reported(store: Store, bounce: Bounce) -> None:
    do(
        store,
        ingest_bounce,
        bounce,
        account=MAILBOX,
        position="1",
        wait_for_sent=True,
        policy=POLICY,
        now=LATER,
    )


def test_it_holds_what_the_browser_shows_as_far_as_it_was_asked_for(store: Store) -> None:
    case, chat = a_chat(store)
    asked = a_requested_transcript(store)
    private_reply(store, case, "One more thing", client_key="k3")
    public = "Direct message (en): https://x.example/compose"
    assert texts(store, asked) == [PAYMENT, public, "Here I am", "Welcome to the chat"]
    assert [row["payload"]["transcript_id"] for row in queued(store, "send_transcript")] == [asked.id]
    assert transcript_entries(store, case) == [(Action.TRANSCRIPT_ASKED, ANA_BY_MAIL, None)]
    shown = do(store, view_chat, secret_hash=COOKIE, now=LATER).transcript
    assert shown is not None
    assert (shown.handoff_id, shown.state) == (chat.id, TranscriptState.SENDING)


def test_whoever_is_known_gets_what_was_said_there_alone(store: Store) -> None:
    case, chat = a_chat(store)
    before = texts(store, a_requested_transcript(store))
    agent_verifies(store, case, chat, reason="her voice")
    assert texts(store, a_requested_transcript(store)) == before
    assert "Hi, it is me" not in before


def test_asking_twice_is_asking_once_until_something_is_said(store: Store) -> None:
    case, _ = a_chat(store)
    results = in_parallel([lambda: a_requested_transcript(store)] * 3)
    [first] = {one.id for one in results if isinstance(one, Transcript)}
    assert len(queued(store, "send_transcript")) == 1
    private_reply(store, case, "One more thing", client_key="k3")
    assert a_requested_transcript(store).id > first


def test_nobody_has_us_write_to_many(store: Store) -> None:
    a_chat(store)
    hours = [LATER + number * ADDRESS_PAUSE for number in range(MAX_TRANSCRIPTS + 1)]
    first, *_ = [a_requested_transcript(store, f"{at:%H}@example.com", at) for at in hours[:-1]]
    with pytest.raises(TooManyTranscripts, match="3 mails"):
        a_requested_transcript(store, "one.more@example.com", hours[-1])
    again = a_requested_transcript(store, first.address, hours[-1])
    assert again == first, "what was asked for before is no new mail"


def test_within_an_hour_a_chat_goes_to_one_address_and_a_mailbox_gets_one_chat(store: Store) -> None:
    a_chat(store)
    a_requested_transcript(store)
    just_before = LATER + ADDRESS_PAUSE - MINUTE
    with pytest.raises(OtherAddressJustNow):
        a_requested_transcript(store, "eve@example.com", just_before)
    other = offered(store, a_stored_case(store, author=BEN), Venue.CHAT)
    do(store, open_session, nonce=other.nonce, secret_hash="b", known_hash=None, now=LATER)
    local, _, domain = ANA_BY_MAIL.partition("@")
    for same in (ANA_BY_MAIL, f"{local}+1@{domain}"):
        with pytest.raises(OtherAddressJustNow):
            do(store, request_transcript, secret_hash="b", address=same, now=just_before)
    later = LATER + ADDRESS_PAUSE
    asked = do(store, request_transcript, secret_hash="b", address=ANA_BY_MAIL, now=later)
    assert asked.handoff_id == other.id


def test_spellings_of_one_mailbox_of_gmail_get_one_chat_within_an_hour(store: Store) -> None:
    a_chat(store)
    a_requested_transcript(store, "ana.ruiz@gmail.com")
    other = offered(store, a_stored_case(store, author=BEN), Venue.CHAT)
    do(store, open_session, nonce=other.nonce, secret_hash="b", known_hash=None, now=LATER)
    for same in ("anaruiz@gmail.com", "a.naruiz+x@googlemail.com"):
        with pytest.raises(OtherAddressJustNow):
            do(store, request_transcript, secret_hash="b", address=same, now=LATER)


def test_a_clock_that_was_set_back_makes_nobody_wait_for_as_long(store: Store) -> None:
    a_chat(store)
    a_requested_transcript(store, now=LATER + 3 * ADDRESS_PAUSE)
    assert a_requested_transcript(store, "other@example.com", LATER + MINUTE).address == "other@example.com"


def test_an_address_is_proven_by_a_mail_from_it(store: Store) -> None:
    case, chat = a_chat(store)
    asked = a_requested_transcript(store)

    def load() -> TranscriptEmail:
        return do(store, load_transcript, transcript_id=asked.id)

    assert not load().is_address_proven
    message = ingest_message(store, incoming_mail("It is mine", ANA_BY_MAIL, handoff_id=chat.id))
    assert message is not None
    assert not load().is_address_proven, "anybody can write From: lines"
    with store.unit_of_work() as uow:
        uow.messages.save(replace(message, sender_authenticated=True))
        uow.cases.save(uow.cases.get(case.id))
    assert load().is_address_proven


def test_without_a_cookie_of_ours_there_is_nothing(store: Store) -> None:
    a_chat(store)
    with pytest.raises(NoChat):
        do(store, request_transcript, secret_hash="d" * 64, address=ANA_BY_MAIL, now=LATER)


def test_sent_and_come_back_are_told_once_each(store: Store) -> None:
    case, _ = a_chat(store)
    asked = a_requested_transcript(store)
    do(store, assign_message_id, transcript_id=asked.id, external_id="t1@acme.example")
    for _ in range(2):
        do(store, record_transcript_sent, transcript_id=asked.id, now=LATER)
    assert do(store, view_chat, secret_hash=COOKIE, now=LATER).transcript.state is TranscriptState.SENT  # type: ignore[union-attr]
    bounce = Bounce(is_proven=True, message_ids=["t1@acme.example"], reason="550 nobody")
    for _ in range(2):
        reported(store, bounce)
    assert transcript_entries(store, case)[1:] == [
        (Action.TRANSCRIPT_SENT, ANA_BY_MAIL, None),
        (Action.TRANSCRIPT_FAILED, ANA_BY_MAIL, "550 nobody"),
    ]
    assert do(store, view_chat, secret_hash=COOKIE, now=LATER).transcript.state is TranscriptState.FAILED  # type: ignore[union-attr]
    assert a_requested_transcript(store).id > asked.id, "after a failure the same address may be tried again"


@pytest.mark.parametrize("kind", [BounceKind.PERMANENT, BounceKind.COMPLAINT])
def test_a_report_that_anybody_may_have_written_is_told_once_and_changes_nothing(
    store: Store, kind: BounceKind
) -> None:
    case, _ = a_chat(store)
    asked = a_requested_transcript(store)
    do(store, assign_message_id, transcript_id=asked.id, external_id="t1@acme.example")
    before = do(store, load_transcript, transcript_id=asked.id)
    for _ in range(2):
        reported(store, Bounce(message_ids=["t1@acme.example"], reason="550 nobody", kind=kind))
    assert do(store, load_transcript, transcript_id=asked.id) == before
    [entry] = [one for one in trail(store, case.id) if one.action is Action.MAIL_REPORT_UNPROVEN]
    is_complaint = kind is BounceKind.COMPLAINT
    assert entry.detail == {"reason": "550 nobody", "complaint": is_complaint, "transcript": asked.id}


def test_one_that_failed_says_why(store: Store) -> None:
    case, _ = a_chat(store)
    do(
        store,
        record_transcript_failed,
        transcript_id=a_requested_transcript(store).id,
        reason="no such place",
        now=LATER,
    )
    assert transcript_entries(store, case)[-1] == (Action.TRANSCRIPT_FAILED, ANA_BY_MAIL, "no such place")


def test_who_answers_it_is_at_their_mailbox_from_then_on(store: Store) -> None:
    case, chat = a_chat(store)
    ingest_message(store, incoming_mail("Who are you?", handoff_id=chat.id, external_id="<m0>"))
    assert handoffs(store, case)[-1][:2] == ("chat", "arrived"), "a chat that is open is not ended by a mail"
    message = ingest_message(
        store, incoming_mail("One question", handoff_id=chat.id), now=LATER + CHAT_IDLE_AFTER
    )
    assert message is not None
    assert message.case_id == case.id
    assert [(venue, state) for venue, state, _ in handoffs(store, case)] == [
        ("dm", "replaced"),
        ("chat", "replaced"),
        ("email", "arrived"),
    ]
    assert private_reply(store, case, "An answer", client_key="k9").venue is Venue.EMAIL
