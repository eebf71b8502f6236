"""What belongs to hand-offs is stored as it is, and found by what it is looked for by, on both databases."""

from dataclasses import replace

import pytest

from domain.cases.files import File
from domain.cases.messages import Delivery, Direction, Message
from domain.chat.rating import Rating, Satisfaction
from domain.chat.session import ChatSession
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.venues import Venue
from storage.engine import Store
from tests.storage.made import DAY, NOW, SECOND, a_case, a_handoff, a_message, stored


def added(store: Store, *handoffs: Handoff) -> list[Handoff]:
    with store.unit_of_work() as uow:
        return [uow.handoffs.add(handoff) for handoff in handoffs]


def a_stored_message(store: Store, message: Message) -> Message:
    with store.unit_of_work() as uow:
        [kept] = uow.messages.add_many([message], network="x:dm", account_id="1")
        return kept


# --- hand-offs ------------------------------------------------------------------------------------------------------------------


def test_every_field_comes_back_as_it_was_stored_and_as_it_was_saved(store: Store) -> None:
    [case] = stored(store)
    message = a_stored_message(store, a_message(case.id))
    [plain] = added(store, a_handoff(case.id))
    full = replace(
        plain,
        state=HandoffState.ARRIVED,
        remind_at=NOW + SECOND,
        message_id=message.id,
        address="ana@example.com",
        arrived_at=NOW + 2 * SECOND,
        ended_at=NOW + 3 * SECOND,
        proof=Proof.AGENT,
        verified_at=NOW + 4 * SECOND,
        verified_by="U1",
        verified_reason="her voice",
        shut_at=NOW + 5 * SECOND,
    )
    with store.unit_of_work() as uow:
        assert uow.handoffs.get(plain.id) == plain
        uow.handoffs.save(full)
    with store.unit_of_work() as uow:
        assert uow.handoffs.get(plain.id) == full
        assert uow.handoffs.by_nonce("n1") == full
        assert uow.handoffs.by_nonce("n2") is None


def test_what_is_not_there_is_said_to_be_missing(store: Store) -> None:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        for act in (
            lambda: uow.handoffs.get(99),
            lambda: uow.handoffs.save(a_handoff(case.id)),
            lambda: uow.files.get(99),
            lambda: uow.files.save(a_file(case.id, 1)),
        ):
            with pytest.raises(LookupError):
                act()


def test_the_current_one_is_the_newest_that_is_offered_or_arrived(store: Store) -> None:
    case, other = stored(store, a_case(), a_case())
    made = added(
        store,
        a_handoff(case.id, "a", state=HandoffState.ARRIVED),
        a_handoff(case.id, "b", state=HandoffState.OFFERED),
        a_handoff(case.id, "c", state=HandoffState.EXPIRED),
        a_handoff(other.id, "d", state=HandoffState.RETURNED),
    )
    with store.unit_of_work() as uow:
        assert uow.handoffs.current(case.id) == made[1]
        assert uow.handoffs.current(other.id) is None
        assert uow.handoffs.of_case(case.id) == made[:3]


def test_an_address_finds_those_at_its_venue_whose_case_is_not_too_old(store: Store) -> None:
    case, old = stored(store, a_case(), a_case(last_message_at=NOW - DAY))
    first, second, *_ = added(
        store,
        a_handoff(case.id, "a", address="77"),
        a_handoff(case.id, "b", address="77", state=HandoffState.REPLACED),
        a_handoff(case.id, "c", address="77", venue=Venue.DM),
        a_handoff(case.id, "d", address="78"),
        a_handoff(old.id, "e", address="77"),
    )
    with store.unit_of_work() as uow:
        assert uow.handoffs.by_address(Venue.CHAT, "77", since=NOW) == [second, first]


def test_due_are_offers_to_remind_of_or_to_end_the_soonest_first(store: Store) -> None:
    [case] = stored(store)
    over, reminded, *_ = added(
        store,
        a_handoff(case.id, "a", expires_at=NOW),
        a_handoff(case.id, "b", remind_at=NOW),
        a_handoff(case.id, "c", remind_at=NOW + SECOND),
        a_handoff(case.id, "d", expires_at=NOW, state=HandoffState.ARRIVED),
    )
    with store.unit_of_work() as uow:
        assert uow.handoffs.due(NOW, limit=9) == [over, reminded]
        assert uow.handoffs.due(NOW, limit=1) == [over]


# --- messages of a hand-off -----------------------------------------------------------------------------------------------------


def test_a_private_message_keeps_what_only_it_has(store: Store) -> None:
    [case] = stored(store)
    said = a_message(
        case.id,
        "<m1>",
        venue=Venue.EMAIL,
        delivered_at=NOW,
        thread_ts="7.1",
        subject="Parcel",
        original="all",
        handoff_id=4,
    )
    kept = a_stored_message(store, said)
    with store.unit_of_work() as uow:
        assert uow.messages.get(kept.id) == kept == replace(said, id=kept.id)


def test_ours_are_found_by_what_the_other_side_calls_them_and_lines_by_what_came_after(
    store: Store,
) -> None:
    [case] = stored(store)
    ours = a_message(case.id, "<a>", direction=Direction.OUT, delivery=Delivery.SENT)
    first = a_stored_message(store, ours)
    second = a_stored_message(store, replace(ours, external_id="<b>"))
    theirs = a_stored_message(store, a_message(case.id, "<c>", created_at=NOW - DAY))
    with store.unit_of_work() as uow:
        assert uow.messages.ours_by_external_id(["<a>", "<b>", "<c>"]) == [second, first]
        assert uow.messages.ours_by_external_id([]) == []
        assert uow.messages.after(case.id, message_id=first.id, limit=9) == [second, theirs]
        assert uow.messages.after(case.id, message_id=first.id, limit=1) == [second]


def test_the_answer_that_somebody_must_speak_of_goes_before_the_newest(store: Store) -> None:
    [case] = stored(store)
    ours = a_message(case.id, None, direction=Direction.OUT, delivery=Delivery.UNSURE)
    doubtful = a_stored_message(store, ours)
    newest = a_stored_message(store, replace(ours, delivery=Delivery.SENT, created_at=NOW + DAY))
    with store.unit_of_work() as uow:
        assert uow.messages.newest_answer(case.id) == doubtful
        uow.messages.save(replace(doubtful, delivery=Delivery.FAILED))
        assert uow.messages.newest_answer(case.id) == newest


def test_our_text_in_private_is_not_said_in_public(store: Store) -> None:
    [case] = stored(store)
    ours = a_message(
        case.id, None, direction=Direction.OUT, delivery=Delivery.SENT, text="Hi", venue=Venue.DM
    )
    a_stored_message(store, ours)
    with store.unit_of_work() as uow:
        assert not uow.messages.our_text_since("1", "Hi", NOW - DAY)
    a_stored_message(store, replace(ours, venue=Venue.PUBLIC))
    with store.unit_of_work() as uow:
        assert uow.messages.our_text_since("1", "Hi", NOW - DAY)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("GROSSE STRASSE", "große straße"),
        ("große Straße", "STRASSE"),
        ("Ελλάδα Ϊ\u0301", "ΕΛΛΆΔΑ ΐ"),
        ("ｆｕｌｌ width", "full WIDTH"),
        ("caf\u0065\u0301", "CAF\u00c9"),
        ("50% _off_", "50% _OFF_"),
    ],
)
def test_words_are_found_however_they_are_written(store: Store, said: str, asked: str) -> None:
    [case] = stored(store)
    a_stored_message(store, a_message(case.id, text="nothing", subject=said))
    with store.unit_of_work() as uow:
        assert [found.id for found in uow.cases.find(asked.split(), limit=5)] == [case.id]
        assert uow.cases.find(["50%x"], limit=5) == []


# --- files ----------------------------------------------------------------------------------------------------------------------


def a_file(case_id: int, message_id: int, name: str = "a.png", **changes: object) -> File:
    file = File(
        id=0,
        case_id=case_id,
        message_id=message_id,
        name=name,
        media_type="image/png",
        size=3,
        created_at=NOW,
    )
    return replace(file, **changes)  # type: ignore[arg-type]


def test_a_files_content_comes_with_the_file_and_not_with_the_list(store: Store) -> None:
    [case] = stored(store)
    first, second = (a_stored_message(store, a_message(case.id, key)) for key in ("<a>", "<b>"))
    whole = bytes(range(256)) * 3
    with store.unit_of_work() as uow:
        one, two, three = uow.files.add_many(
            [
                a_file(case.id, first.id, content=whole),
                a_file(case.id, first.id, "b.png", source="F1"),
                a_file(case.id, second.id, "c.png"),
            ]
        )
        assert uow.files.add_many([]) == []
        uow.files.save(replace(two, content=b"abc", shared_at=NOW))
    with store.unit_of_work() as uow:
        assert uow.files.get(one.id) == replace(one, content=whole)
        assert uow.files.get(two.id).content == b"abc"
        assert uow.files.of_messages([first.id, second.id]) == {
            first.id: [replace(one, content=None), replace(two, shared_at=NOW)],
            second.id: [three],
        }
        assert uow.files.of_messages([]) == {}


# --- opt-outs, chats, ratings, signals ------------------------------------------------------------------------------------------


def test_an_opt_out_holds_for_one_author_at_one_account_until_it_is_taken_back(store: Store) -> None:
    for _ in range(2):
        with store.unit_of_work() as uow:
            uow.opt_outs.add("x", "1", "77", said="STOP", now=NOW)
    with store.unit_of_work() as uow:
        assert uow.opt_outs.has("x", "1", "77")
        for other in (("y", "1", "77"), ("x", "2", "77"), ("x", "1", "78")):
            assert not uow.opt_outs.has(*other)
            uow.opt_outs.remove(*other)
        assert uow.opt_outs.has("x", "1", "77")
        uow.opt_outs.remove("x", "1", "77")
        assert not uow.opt_outs.has("x", "1", "77")


def test_what_a_browser_has_shown_never_goes_back(store: Store) -> None:
    [case] = stored(store)
    [handoff] = added(store, a_handoff(case.id))
    fresh = ChatSession(id=0, handoff_id=handoff.id, secret_hash="ab", created_at=NOW, last_seen_at=NOW)
    with store.unit_of_work() as uow:
        session = uow.chat_sessions.add(fresh)
        assert uow.chat_sessions.by_secret("ab") == session
        assert uow.chat_sessions.by_secret("cd") is None
        for shown in (5, 3):
            uow.chat_sessions.seen(session.id, now=NOW + SECOND, message_id=shown)
        other = uow.chat_sessions.add(replace(fresh, secret_hash="cd"))
    with store.unit_of_work() as uow:
        [first, second] = uow.chat_sessions.of_handoff(handoff.id)
        assert (first.seen_id, first.last_seen_at) == (5, NOW + SECOND)
        assert second == other


def test_a_second_rating_takes_the_first_ones_place(store: Store) -> None:
    [case] = stored(store)
    [handoff] = added(store, a_handoff(case.id))
    rating = Rating(handoff_id=handoff.id, case_id=case.id, solved=True, comment="", at=NOW)
    later = replace(rating, solved=False, comment="no", at=NOW + SECOND)
    with store.unit_of_work() as uow:
        assert uow.ratings.of_handoff(handoff.id) is None
        uow.ratings.put(rating)
        uow.ratings.put(later)
    with store.unit_of_work() as uow:
        assert uow.ratings.of_handoff(handoff.id) == later


def test_satisfaction_counts_each_chat_once_by_its_last_word(store: Store) -> None:
    [case] = stored(store)
    offers = added(store, *(a_handoff(case.id, nonce=f"n{n}") for n in range(4)))
    with store.unit_of_work() as uow:
        assert uow.ratings.satisfaction(since=NOW) == Satisfaction(solved=0, rated=0)
        for offer, at in zip(offers, (NOW - SECOND, NOW, NOW, NOW), strict=True):
            uow.ratings.put(Rating(handoff_id=offer.id, case_id=case.id, solved=True, comment="", at=at))
        uow.ratings.put(
            Rating(handoff_id=offers[3].id, case_id=case.id, solved=False, comment="", at=NOW + SECOND)
        )
        assert uow.ratings.satisfaction(since=NOW) == Satisfaction(solved=2, rated=3)


def test_a_topic_is_sent_once_in_a_transaction(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.signals.send("chat:1")
        uow.signals.send("chat:1")
        uow.signals.send("chat:2")
        assert uow.signals.sent == {"chat:1", "chat:2"}
    with store.unit_of_work() as uow:
        assert uow.signals.sent == frozenset()
