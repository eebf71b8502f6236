"""Open a live chat by its link, and serve its session."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.chat.session import SESSION_LIFETIME, ChatSession, LinkFault, LinkRefused
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.records.audit import Action
from domain.venues import Venue
from handlers.cases.views import view_case
from handlers.chat.link import check_link, open_session, record_second_browser
from handlers.chat.session import (
    ChatEnded,
    NoChat,
    PostedMessage,
    load_session,
    post_message,
    rate,
    record_seen,
    view_chat,
)
from handlers.handoffs.arrival import return_to_public
from storage.engine import Store
from storage.messages import Messages
from tests.handlers.chat.made import COOKIE, a_chat
from tests.handlers.handoffs.made import (
    LATER,
    handoff_of,
    incoming_message,
    ingest_message,
    offered,
    private_reply,
)
from tests.handlers.made import (
    MINUTE,
    SAM,
    a_classifier,
    a_stored_case,
    do,
    in_parallel,
    messages,
    trail,
)

OPENED = LATER + MINUTE


def an_offer(store: Store, venue: Venue = Venue.CHAT) -> Handoff:
    """Offer a live chat for a new case."""
    return offered(store, a_stored_case(store), venue)


def opened(store: Store, handoff: Handoff, secret_hash: str = "a", **more: Any) -> ChatSession:  # noqa: ANN401 - any argument of `open_session`
    """Open the hand-off's link in a browser whose new cookie has this hash."""
    given = {"nonce": handoff.nonce, "secret_hash": secret_hash, "known_hash": None, "now": OPENED}
    return do(store, open_session, **given | more)


def posted(store: Store, text: str, key: str = "key-1") -> int:
    """Post a message in the chat with `COOKIE`; return its id."""
    message = do(
        store,
        post_message,
        PostedMessage(key=key, text=text),
        secret_hash=COOKIE,
        classifier=a_classifier(),
        now=OPENED,
    )
    return message.id


def test_the_first_browser_gets_a_session_and_the_customer_has_arrived(store: Store) -> None:
    handoff = an_offer(store)
    session = opened(store, handoff)
    assert (session.handoff_id, session.secret_hash, session.created_at) == (handoff.id, "a", OPENED)
    assert handoff_of(store, handoff.id).state is HandoffState.ARRIVED


def test_the_same_browser_opens_its_session_again(store: Store) -> None:
    handoff = an_offer(store)
    first = opened(store, handoff)
    assert opened(store, handoff, "b", known_hash="a").id == first.id
    assert opened(store, handoff, "a").id == first.id


def test_the_check_of_a_link_does_not_use_it_up(store: Store) -> None:
    handoff = an_offer(store)
    given: dict[str, Any] = {"nonce": handoff.nonce, "secret_hash": "a", "known_hash": None, "now": OPENED}
    assert do(store, check_link, **given) is None
    assert handoff_of(store, handoff.id).state is HandoffState.OFFERED
    session = opened(store, handoff)
    assert do(store, check_link, **given) == session


def test_who_comes_second_is_told_of_once_and_once_more_when_the_first_is_verified(store: Store) -> None:
    handoff = an_offer(store)
    note = partial(do, store, record_second_browser, nonce=handoff.nonce, now=OPENED)
    note()
    assert Action.LINK_REUSED not in [entry.action for entry in trail(store, handoff.case_id)]
    opened(store, handoff)
    note(), note()
    assert [entry.action for entry in trail(store, handoff.case_id)].count(Action.LINK_REUSED) == 1
    verified = replace(handoff_of(store, handoff.id), proof=Proof.CODE)
    with store.unit_of_work() as uow:
        uow.handoffs.save(verified)
        uow.cases.save(uow.cases.get(handoff.case_id))
    note(), note()
    told = [one.detail["proof"] for one in trail(store, handoff.case_id) if one.action is Action.LINK_REUSED]
    assert told == [None, Proof.CODE.value], "who is verified may have lost their tab"


def test_of_two_browsers_at_once_one_gets_the_session(store: Store) -> None:
    handoff = an_offer(store)
    results = in_parallel([lambda name=name: opened(store, handoff, name) for name in ("a", "b")])  # type: ignore[misc]
    [refused] = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refused, LinkRefused)
    assert refused.fault is LinkFault.USED


def test_a_nonce_of_no_chat_is_refused_as_forged(store: Store) -> None:
    by_mail = an_offer(store, Venue.EMAIL)
    for nonce in ("unknown", by_mail.nonce):
        with pytest.raises(LinkRefused) as refused:
            opened(store, by_mail, nonce=nonce)
        assert refused.value.fault is LinkFault.FORGED


def test_a_message_that_is_posted_twice_is_one(store: Store) -> None:
    a_chat(store)
    first = posted(store, "Are you there?")
    assert posted(store, "Are you there?") == first
    assert posted(store, "Are you there?", key="key-2") != first


def test_our_messages_are_seen_up_to_the_one_that_the_browser_showed(store: Store) -> None:
    a_chat(store)
    view = do(store, view_chat, secret_hash=COOKIE, now=OPENED)
    newest = view.messages[-1]
    assert newest.text == "Welcome to the chat"
    assert newest.delivered_at is None
    do(store, record_seen, secret_hash=COOKIE, message_id=newest.id, now=OPENED)
    seen = do(store, view_chat, secret_hash=COOKIE, now=OPENED)
    assert seen.messages[-1].delivered_at == OPENED
    assert seen.session.last_read_message_id == newest.id


def test_a_cookie_opens_its_session_until_that_expires(store: Store) -> None:
    _, chat = a_chat(store)
    _, handoff, *_ = do(store, load_session, COOKIE, LATER)
    assert handoff.id == chat.id
    for secret_hash, now in (("d" * 64, LATER), (COOKIE, LATER + SESSION_LIFETIME + MINUTE)):
        with pytest.raises(NoChat):
            do(store, view_chat, secret_hash=secret_hash, now=now)


def test_what_comes_while_the_chat_ends_is_not_stored_in_it(
    postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat is read once, so that whatever ends it meanwhile has the case's version conflict."""
    case, _ = a_chat(postgres)
    known, ended = Messages.known, list[Case]()

    def end_before(self: Messages, *asked: Any) -> dict[str, Message]:  # noqa: ANN401 - as it is called
        if not ended:
            with ThreadPoolExecutor(1) as other:
                end = partial(do, postgres, return_to_public, case_id=case.id, user_id=SAM, now=OPENED)
                ended.append(other.submit(end).result())
        return known(self, *asked)

    monkeypatch.setattr(Messages, "known", end_before)
    with pytest.raises(ChatEnded):
        posted(postgres, "Are you there?")
    assert len(ended) == 1
    assert "Are you there?" not in [one.text for one in messages(postgres, case.id)]


def test_messages_of_one_browser_at_once_are_all_stored(store: Store) -> None:
    case, handoff = a_chat(store)
    texts = [f"line {number}" for number in range(4)]
    results = in_parallel([partial(posted, store, text, f"key-{text}") for text in texts])
    assert all(isinstance(one, int) for one in results), results
    assert sorted({one.text for one in messages(store, case.id)} & set(texts)) == texts
    with store.unit_of_work() as uow:
        [session] = uow.chat_sessions.of_handoff(handoff.id)
    assert session.last_seen_at == OPENED


def test_the_card_knows_since_when_it_is_not_solved_until_they_write_or_it_is(store: Store) -> None:
    case, chat = a_chat(store)

    def unsolved_at() -> datetime | None:
        return do(store, view_case, case_id=case.id, now=OPENED).unsolved_at

    assert unsolved_at() is None
    do(store, rate, secret_hash=COOKIE, solved=False, comment="", now=OPENED)
    assert unsolved_at() == OPENED
    said = incoming_message(
        "It still fails", Venue.CHAT, external_id="k3", handoff_id=chat.id, address="chat.1"
    )
    ingest_message(store, replace(said, at=OPENED + MINUTE))
    assert unsolved_at() is None
    private_reply(store, case, "Try again, please", client_key="k4")
    do(store, rate, secret_hash=COOKIE, solved=False, comment="no", now=OPENED + 2 * MINUTE)
    assert unsolved_at() == OPENED + 2 * MINUTE
    do(store, rate, secret_hash=COOKIE, solved=True, comment="", now=OPENED + 3 * MINUTE)
    assert unsolved_at() is None
