"""Load the views of cards, threads, histories and the queue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases.case import CaseState
from domain.cases.messages import Direction, Message
from domain.errors import CaseNotFound
from domain.handoffs.handoff import HandoffState
from domain.records.audit import Action
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike, SpikeState
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.cases.queue import (
    MAX_ROW_MESSAGES,
    MAX_SEARCH_WORDS,
    NOT_ALLOWED,
    ONLY_OUTAGES,
    list_claimed,
    search_cases,
    view_home,
)
from handlers.cases.resolution import dismiss, resolve, snooze
from handlers.cases.views import (
    MAX_CARD_MESSAGES,
    MAX_HISTORY_CASES,
    get_case,
    newest_inbound_id,
    view_case,
    view_details,
    view_thread,
)
from handlers.replies.results import record_sent
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import (
    ANA,
    BEN,
    FIRE,
    HOUR,
    MIA,
    MINUTE,
    NOW,
    PAYMENT,
    SAM,
    THANKS,
    a_post,
    a_stored_case,
    arrive,
    case_of,
    cases,
    do,
    messages,
)
from tests.handlers.replies.test_results import answered
from tests.storage.made import a_file, a_handoff

SPIKE = Spike(
    series=Series(SeriesKind.SITUATION, "cannot_pay"),
    since=NOW - 5 * MINUTE,
    found_at=NOW,
    window=5 * MINUTE,
    count=12,
    expected=0.2,
    log_p=-30.0,
)


def test_a_card_shows_the_newest_part_of_the_transcript_oldest_first(store: Store) -> None:
    many = MAX_CARD_MESSAGES + 10
    posts = [a_post(str(1000 + n), f"no. {n}", created_at=NOW + n * MINUTE) for n in range(many)]
    arrive(store, *posts, now=NOW + 2 * HOUR)
    [case] = cases(store)
    view = do(store, view_case, case_id=case.id, now=NOW + 2 * HOUR)
    assert [message.text for message in view.messages] == [post.text for post in posts[-MAX_CARD_MESSAGES:]]
    assert view.contacts == 1
    assert view.latest_reply is None


def test_contacts_count_the_last_thirty_days(store: Store) -> None:
    for day in (0, 20, 40):
        moment = NOW + timedelta(days=day)
        arrive(store, a_post(str(900 + day), created_at=moment), now=moment)
    newest = cases(store)[-1]
    assert do(store, view_case, case_id=newest.id, now=NOW + timedelta(days=40)).contacts == 2


def test_the_answer_is_our_newest(store: Store) -> None:
    case = a_stored_case(store)
    for number in range(2):
        message = answered(store, case, text=f"Answer {number}", key=str(number))
        do(store, record_sent, message_id=message.id, result={"id": str(number)}, now=NOW)
    view = do(store, view_case, case_id=case.id, now=NOW)
    assert view.latest_reply is not None
    assert view.latest_reply.text == "Answer 1"
    lines = messages(store, case.id)
    assert newest_inbound_id(lines) == next(m.id for m in lines if m.direction is Direction.IN)
    assert newest_inbound_id([]) == 0


def test_the_answer_is_seen_however_much_the_customer_wrote_since(store: Store) -> None:
    case = a_stored_case(store)
    answered(store, case, text="Our answer", key="k")
    arrive(
        store,
        *[a_post(str(9000 + number), created_at=NOW + timedelta(minutes=number)) for number in range(1, 61)],
        now=NOW + timedelta(hours=2),
    )
    view = do(store, view_case, case_id=case.id, now=NOW + timedelta(hours=2))
    assert view.latest_reply is not None
    assert view.latest_reply.text == "Our answer"


def test_a_thread_view_holds_the_entries_that_are_not_shown_yet(store: Store) -> None:
    case = a_stored_case(store)
    assert do(store, view_thread, case_id=case.id).entries == [], "the card alone tells how it began"
    arrive(store, a_post("901", "@acme hello?"))
    view = do(store, view_thread, case_id=case.id)
    assert [entry.action for entry in view.entries] == [Action.CASE_OPENED, Action.CUSTOMER_WROTE]
    assert {message.text for message in view.messages.values()} == {PAYMENT, "@acme hello?"}
    with store.unit_of_work() as uow:
        uow.cases.record_thread_position(case.id, audit_id=view.entries[-1].id)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    answered(store, case)
    assert [entry.action for entry in do(store, view_thread, case_id=case.id).entries] == [Action.CLAIMED]


def test_a_history_lists_the_authors_other_cases_newest_first(store: Store) -> None:
    arrive(store, a_post("1", author=BEN))
    for number in range(MAX_HISTORY_CASES + 3):
        case = a_stored_case(store)
        do(store, dismiss, case_id=case.id, version=None, user_id=SAM, now=NOW)
        assert number >= 0
    view, others = do(store, view_details, case_id=case.id, now=NOW)
    case = view.case
    assert case.id not in [other.id for other in others]
    assert {other.author.id for other in others} == {ANA.id}
    assert [other.id for other in others] == sorted((other.id for other in others), reverse=True)
    assert len(others) == MAX_HISTORY_CASES - 1


def test_an_unknown_case_raises(store: Store) -> None:
    for read in (get_case, view_thread):
        with pytest.raises(CaseNotFound):
            do(store, read, case_id=4711)
    for read_now in (view_case, view_details):
        with pytest.raises(CaseNotFound):
            do(store, read_now, case_id=4711, now=NOW)


def test_home_shows_claimed_unclaimed_due_and_waiting_cases(store: Store) -> None:
    writers = {name: replace(ANA, id=f"50{n}") for n, name in enumerate("abcde")}
    mine = a_stored_case(store, author=writers["a"])
    free = a_stored_case(store, THANKS, author=writers["b"])
    urgent = a_stored_case(store, FIRE, author=writers["c"])
    waiting = a_stored_case(store, author=writers["d"])
    asleep = a_stored_case(store, author=writers["e"])
    do(store, claim, case_id=mine.id, user_id=SAM, now=NOW)
    message = answered(store, waiting, user_id=MIA)
    do(store, record_sent, message_id=message.id, result={"id": "1"}, now=NOW)
    do(store, snooze, case_id=asleep.id, version=None, until=NOW + HOUR, user_id=MIA, now=NOW)
    home = do(store, view_home, user_id=SAM, chosen="all", now=NOW)
    assert [row.case.id for row in home.mine] == [mine.id]
    assert [row.case.id for row in home.unclaimed] == [urgent.id, free.id]
    assert [row.case.id for row in home.due_soon] == [urgent.id]
    assert [row.case.id for row in home.waiting] == [waiting.id]
    assert home.counts["unclaimed"] == 2
    assert [[m.text for m in row.messages] for row in home.unclaimed] == [[FIRE], [THANKS]]
    assert home.counts[CaseState.SNOOZED] == 1
    [ours] = home.waiting
    assert [m.direction for m in ours.messages] == [Direction.IN, Direction.OUT]


def test_home_has_the_open_spikes_for_whoever_acts_on_outages(store: Store) -> None:
    with store.unit_of_work() as uow:
        going_on = uow.spikes.add(SPIKE)
        uow.spikes.add(replace(SPIKE, state=SpikeState.ENDED, ended_at=NOW))
    for chosen in ("all", ONLY_OUTAGES):
        home = do(store, view_home, user_id=SAM, chosen=chosen, now=NOW, sees_spikes=True)
        assert ([one.id for one in home.spikes], home.only_outages) == ([going_on.id], chosen == ONLY_OUTAGES)
        assert not do(store, view_home, user_id=SAM, chosen=chosen, now=NOW).spikes


def test_a_row_of_home_knows_where_the_customer_is_and_that_they_opted_out(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    with store.unit_of_work() as uow:
        uow.handoffs.add(a_handoff(case.id, "n1", venue=Venue.CHAT, state=HandoffState.ARRIVED))
        uow.handoffs.add(a_handoff(case.id, "n2", venue=Venue.DM, state=HandoffState.ARRIVED))
        uow.handoffs.add(a_handoff(case.id, "n3", venue=Venue.EMAIL))
    [row] = do(store, view_home, user_id=SAM, chosen="mine", now=NOW).mine
    assert (row.venue, row.opted_out) == (Venue.DM, False)
    with store.unit_of_work() as uow:
        uow.opt_outs.add(case.network, case.account_id, case.author.id, text="STOP", now=NOW)
    [row] = do(store, view_home, user_id=SAM, chosen="mine", now=NOW).mine
    assert row.opted_out


def test_a_row_of_home_has_the_newest_messages_oldest_first(store: Store) -> None:
    many = MAX_ROW_MESSAGES + 5
    posts = [a_post(str(1000 + n), f"no. {n}", created_at=NOW + n * MINUTE) for n in range(many)]
    arrive(store, *posts, now=NOW + HOUR)
    [row] = do(store, view_home, user_id=SAM, chosen="all", now=NOW + HOUR).unclaimed
    assert [message.text for message in row.messages] == [post.text for post in posts[-MAX_ROW_MESSAGES:]]


def test_home_of_an_unauthorized_person_holds_no_case(store: Store) -> None:
    a_stored_case(store)
    home = do(store, view_home, user_id=SAM, chosen=NOT_ALLOWED, now=NOW)
    assert not any((home.mine, home.unclaimed, home.due_soon, home.waiting, home.counts))
    assert "Ask to be added" in home.problems[0]


def test_my_cases_are_claimed_by_me_and_open(store: Store) -> None:
    assigned, closed = a_stored_case(store), a_stored_case(store, author=BEN)
    for case in (assigned, closed):
        do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    do(store, resolve, case_id=closed.id, version=None, user_id=SAM, now=NOW)
    assert [case.id for case in do(store, list_claimed, user_id=SAM)] == [assigned.id]
    assert do(store, list_claimed, user_id=MIA) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("payment", True),
        ("PAYMENT error", True),
        ("payment parcel", False),
        ("ruiz", True),
        ("anaruiz payment", True),
        ("@AnaRuiz payment", True),
        ("@payment", True),
        ('"ruiz"', True),
        ("%", False),
        ("_", False),
        ("'; DROP TABLE cases; --", False),
        ("a\0b", False),
        ("\ud800", False),
    ],
)
def test_a_search_matches_all_words(store: Store, words: str, found: bool) -> None:
    case = a_stored_case(store)
    ids = [hit.case.id for hit in do(store, search_cases, words=words)]
    assert ids == ([case.id] if found else [])


def test_a_search_shows_the_words_that_were_found_and_not_their_beginnings(store: Store) -> None:
    card = a_stored_case(store, "@acme my card was declined")
    arrive(
        store, a_post("950", "@acme greetings from Cardiff", author=replace(ANA, id="950", name="Cardigan"))
    )
    [found] = do(store, search_cases, words="CARD declined")
    assert found.case.id == card.id
    assert found.excerpt is not None
    assert [found.excerpt.text[start:end] for start, end in found.excerpt.matches] == ["card", "declined"]
    both = do(store, search_cases, words="card")
    assert [hit.case.id for hit in both][1:] == [card.id], "a name may begin with the word"
    assert both[0].excerpt is None
    assert [hit.excerpt.text for hit in do(store, search_cases, words="cardif*") if hit.excerpt] == [
        "@acme greetings from Cardiff"
    ]


def test_a_search_takes_any_number_of_words(store: Store) -> None:
    case = a_stored_case(store)
    assert [hit.case.id for hit in do(store, search_cases, words="payment " * 1500)] == [case.id]
    assert do(store, search_cases, words="payment " * (MAX_SEARCH_WORDS - 1) + "parcel") == []


def test_a_case_is_read_by_its_id(store: Store) -> None:
    case = a_stored_case(store)
    assert case_of(store, case.id) == do(store, get_case, case_id=case.id)


def test_files_are_loaded_where_a_private_message_has_no_words(store: Store) -> None:
    case = a_stored_case(store)
    for number, text in enumerate(("", "Here it is"), 1):
        message = replace(
            messages(store, case.id)[0], external_id=f"4{number}", text=text, venue=Venue.DM, revision_id=None
        )
        do(store, _with_a_file, message=message)
    view = do(store, view_case, case_id=case.id, now=NOW)
    wordless = next(one for one in view.messages if not one.text)
    assert {key: [file.name for file in files] for key, files in view.files.items()} == {
        wordless.id: ["a.png"]
    }


def _with_a_file(uow: UnitOfWork, *, message: Message) -> None:
    [stored] = uow.messages.add_many([message], network="x", account_id=message.author_id)
    uow.files.add_many([a_file(stored.case_id, stored.id)])
