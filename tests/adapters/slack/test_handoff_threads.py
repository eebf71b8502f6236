"""Render a private conversation in the thread: what was written where, and whether the sender is verified."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.cards import render_card
from adapters.slack.thread import render_thread
from domain.cases.files import File
from domain.cases.messages import Delivery, Message
from domain.cases.views import ThreadView
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.intake.posts import Author
from domain.records.audit import SYSTEM, Action, Entry
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from tests.adapters.slack.inspection import check_message, labels, said
from tests.adapters.slack.samples import (
    NOW,
    OURS,
    case,
    handoff,
    post,
    reply,
    view,
    written,
)

PEOPLE = frozenset({"U0SAM", "U0MIA"})


def thread(entry: Entry, *messages: Message, **changes: Any) -> str:  # noqa: ANN401 - any field of a view
    shown = ThreadView(case=case(), entries=[entry], messages={one.id: one for one in messages})
    part = render_thread(replace(shown, **changes), ours=OURS)
    if part.content is None:
        return ""
    check_message(part.content, people=PEOPLE)
    return said(part.content) + " ".join(labels(part.content))


def entry(action: Action, message_id: int | None = None, actor: str = SYSTEM, **detail: object) -> Entry:
    return Entry(
        at=NOW, actor=actor, action=action, case_id=12, version=7, message_id=message_id, detail=detail, id=1
    )


def test_a_message_in_the_thread_shows_venue_and_author() -> None:
    mail = written(
        Venue.EMAIL, author_name="A. Ruiz", subject="My order", handoff_id=5, sender_authenticated=True
    )
    told = thread(entry(Action.CUSTOMER_WROTE, 33), mail, handoff=handoff(venue=Venue.EMAIL))
    assert "A. Ruiz  ana@example.org · E-mail · unverified · {time}\nMy order\n" in told


def test_a_direct_message_of_the_author_is_verified_in_any_state() -> None:
    told = thread(entry(Action.CUSTOMER_WROTE, 33), written(author_id="501", sender_authenticated=True))
    assert "Ana Ruiz  @anaruiz · Direct message · verified · {time}" in told


@pytest.mark.parametrize(
    ("written_by", "known"),
    [
        ({"sender_authenticated": True}, "verified"),
        ({}, "not proven to come from this address"),
        ({"author_id": "eve@evil.example"}, "another address: do not trust"),
        ({"handoff_id": 4, "author_id": "eve@evil.example"}, "not proven to come from this address"),
        ({"handoff_id": 4, "sender_authenticated": True}, ""),
    ],
)
def test_a_mail_is_verified_by_its_own_proof_not_by_its_handoff(
    written_by: dict[str, Any], known: str
) -> None:
    there = handoff(venue=Venue.EMAIL, address="ana@example.org", proof=Proof.CODE)
    mail = written(Venue.EMAIL, **{"author_name": "Ana", "handoff_id": 5} | written_by)
    told = thread(entry(Action.CUSTOMER_WROTE, 33), mail, handoff=there)
    assert f"Ana  {mail.author_id} · E-mail{known and f' · {known}'} · {{time}}\n" in told


def test_a_mail_to_a_case_that_began_by_mail_is_not_verified_by_its_sender() -> None:
    began = case(author=Author(id="ana@example.org", handle="ana@example.org", name="Ana"))
    told = thread(entry(Action.CUSTOMER_WROTE, 33), written(Venue.EMAIL), case=began)
    assert "E-mail · not proven to come from this address ·" in told


def test_a_chat_message_is_verified_with_its_handoff() -> None:
    there = handoff(venue=Venue.CHAT, proof=Proof.CODE)
    line = written(Venue.CHAT, handoff_id=5, sender_authenticated=True)
    assert "Live chat · verified" in thread(entry(Action.CUSTOMER_WROTE, 33), line, handoff=there)
    assert "Live chat · unverified" in thread(
        entry(Action.CUSTOMER_WROTE, 33), line, handoff=replace(there, proof=None)
    )


def test_files_are_named_and_refused_ones_with_the_reason() -> None:
    kept = File(
        id=1,
        case_id=12,
        message_id=33,
        name="bill.pdf",
        media_type="application/pdf",
        size=120_400,
        created_at=NOW,
    )
    refused = [{"name": "setup.exe", "why": "it is a program"}, {"name": "a.png", "why": "empty"}]
    wrote = entry(Action.CUSTOMER_WROTE, 33, refused=refused)
    told = thread(wrote, written(), files={33: [kept]})
    assert "📎 bill.pdf · 120 KB" in told
    assert "🚫 setup.exe was not taken: it is a program" in told
    assert "🚫 a.png was not taken: it is empty" in told
    alone = thread(entry(Action.CUSTOMER_WROTE, 33), written(text=" "), files={33: [kept]})
    assert "📎 bill.pdf · 120 KB" in alone
    assert "(no text)" not in alone
    assert "(no text)" in thread(entry(Action.CUSTOMER_WROTE, 33), written(text=" "))


def test_a_stripped_mail_offers_the_original() -> None:
    assert "Show original" in thread(
        entry(Action.CUSTOMER_WROTE, 33), written(Venue.EMAIL, original="Order 4711\n\n> earlier")
    )
    assert "Show original" not in thread(
        entry(Action.CUSTOMER_WROTE, 33), written(Venue.EMAIL, original="Order 4711\n")
    )


def test_a_message_that_the_thread_cuts_offers_all_of_it() -> None:
    told = entry(Action.CUSTOMER_WROTE, 33)
    assert "Show all of it" in thread(told, written(text="w" * 3001))
    assert "Show all of it" in thread(told, written(Venue.PUBLIC, text="w" * 3001))
    for whole in (written(text="w" * 3000), written(text="w" * 3001, deleted_at=NOW)):
        assert "Show all of it" not in thread(told, whole)


def test_a_reply_written_in_the_thread_is_not_repeated_there() -> None:
    ours = reply(Delivery.SENT, venue=Venue.DM, url=None)
    sent = entry(Action.REPLY_SENT, 32)
    assert "✓ <@U0SAM> answered by DM · {time}" in thread(sent, ours)
    assert thread(sent, replace(ours, thread_ts="1795269961.000200")) == ""
    # The event's thread was deleted with the former card; this thread must show it.
    assert "answered by DM" in thread(sent, replace(ours, thread_ts="1795269959.000200"))
    there = replace(ours, thread_ts="1795269961.000200", thread_channel="C0SUPPORT")
    assert thread(sent, there) == ""
    # Shown in the thread of a card that has moved here since.
    assert "answered by DM" in thread(sent, replace(there, thread_channel="C0OLD"))


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (entry(Action.OFFERED, actor="U0SAM", venue="chat"), "<@U0SAM> offered live chat"),
        (entry(Action.OFFER_REMINDED, venue="dm"), "The offer of a DM is not taken up yet"),
        (entry(Action.OFFER_EXPIRED, venue="email"), "The offer of e-mail expired: nobody came"),
        (
            entry(Action.CODE_ANSWERED, text="If not, NO"),
            "We told them by DM what their code confirms: “If not",
        ),
        (entry(Action.LINK_REUSED, venue="chat"), "Somebody else has tried the link too"),
        (entry(Action.LINK_REUSED, venue="chat", proof="code"), "the customer may have lost the chat"),
        (entry(Action.VERIFICATION_DENIED, venue="chat"), "The customer says that it was not them"),
        (entry(Action.ARRIVED, venue="chat", proof=None), "Somebody came to the live chat · unverified"),
        (entry(Action.ARRIVED, venue="dm", proof="same_account"), "to a direct message · verified"),
        (entry(Action.ARRIVED, venue="email", proof=None), "Somebody came to e-mail · unverified"),
        (entry(Action.VERIFIED, proof="code"), "they sent our code from the account that posted"),
        (
            entry(Action.VERIFIED, actor="U0MIA", proof="agent", reason="<b>"),
            "Verified by <@U0MIA>: “&lt;b&gt;”",
        ),
        (entry(Action.RETURNED, actor="U0SAM"), "Back to public by <@U0SAM>"),
        (entry(Action.OPTED_OUT, said="stop"), "They asked not to be written to in private: “stop”"),
        (entry(Action.RATED, solved=True, comment="quick!"), "They say that it was solved: “quick!”"),
        (entry(Action.RATED, solved=False), "They say that it was not solved"),
    ],
)
def test_each_event_of_a_handoff_is_one_line(one: Entry, words: str) -> None:
    assert words in thread(one)


def test_an_arrival_by_mail_is_not_shown_as_verified() -> None:
    assert "verified" not in thread(entry(Action.ARRIVED, venue="email", proof="code"))


CODE_NOTE = "The verification code proves nothing here: it counts by direct message from @anaruiz alone"


@pytest.mark.parametrize("venue", [Venue.EMAIL, Venue.CHAT, Venue.PUBLIC])
def test_a_code_that_was_written_elsewhere_than_by_direct_message_is_told_to_prove_nothing(
    venue: Venue,
) -> None:
    """Whoever took the public link is shown the code, and may write it where they are."""
    there = handoff(venue=Venue.CHAT if venue is Venue.PUBLIC else venue)
    said_it = written(venue, text="My code is 123 456", handoff_id=5, author_id="501")
    assert f"⚠️ {CODE_NOTE}." in thread(entry(Action.CUSTOMER_WROTE, 33), said_it, handoff=there)
    card = render_card(view(messages=[said_it], handoff=there), ours=OURS)
    check_message(card, people=PEOPLE)
    assert f"⚠️ {CODE_NOTE}." in said(card)
    other = replace(case().assessment, situation=Situation.OTHER, urgency=Urgency.NORMAL, reasons=())
    alone = replace(said_it, text="123456", assessment=other)
    after_words = render_card(view(messages=[post(), alone], handoff=there), ours=OURS)
    assert "“123456”" in said(after_words)
    assert said(after_words).count(CODE_NOTE) == 1


@pytest.mark.parametrize(
    ("message", "there"),
    [
        (written(Venue.CHAT, text="My code is 654 321", handoff_id=5), handoff(venue=Venue.CHAT)),
        (
            written(Venue.CHAT, text="123456", handoff_id=5),
            handoff(venue=Venue.CHAT, proof=Proof.AGENT, verified_by="U0SAM", verified_at=NOW),
        ),
        (written(Venue.CHAT, text="123456", handoff_id=5), handoff(HandoffState.RETURNED, venue=Venue.CHAT)),
        (written(Venue.DM, text="123456", author_id="501"), handoff(venue=Venue.CHAT)),
        (written(Venue.CHAT, text="123456", handoff_id=5), None),
    ],
)
def test_other_numbers_and_codes_that_count_are_not_warned_of(
    message: Message, there: Handoff | None
) -> None:
    assert "proves nothing" not in thread(entry(Action.CUSTOMER_WROTE, 33), message, handoff=there)
    card = render_card(view(messages=[message], handoff=there), ours=OURS)
    assert "proves nothing" not in said(card)
