"""Tell who resolved an outage and who leads it, once, where customers go on writing about it."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.outages.board import BoardView
from domain.outages.notices import NoticeKind
from domain.outages.outage import Phase
from domain.outages.truth_meter import COMPARED, WATCHED_AFTER
from handlers.outages.links import propose_links
from handlers.outages.truth import follow_boards
from handlers.outages.views import view_board
from storage.engine import Store
from tests.handlers.made import ANA, MIA, NOW, PAYMENT, SAM, a_post, arrive, do, queued
from tests.handlers.outages.made import ListDestination, a_notice, content, destinations, sent
from tests.handlers.outages.test_links import POLICY, WHERE, announced

RESOLVED_AT = NOW + timedelta(hours=1)
DUE = RESOLVED_AT + COMPARED


def resolved(store: Store) -> int:
    """Announce an outage and resolve it an hour later; Mia approves both."""
    outage_id = announced(store)
    last = a_notice(
        store, outage_id, NoticeKind.RESOLUTION, content("Solved", phase=Phase.RESOLVED), now=RESOLVED_AT
    )
    sent(store, last, destinations(page=ListDestination()), now=RESOLVED_AT)
    return outage_id


def somebody_writes(store: Store, at: datetime, first: int, last: int, text: str = PAYMENT) -> None:
    """Have a customer for each of these numbers write, and compare the posts."""
    for number in range(first, last):
        author = replace(ANA, id=f"w{number}", handle=f"w{number}")
        arrive(store, a_post(f"77{number}", text, author=author, created_at=at), now=at)
    do(store, propose_links, policy=POLICY, encoder="", now=at)


def board(store: Store, outage_id: int, now: datetime) -> BoardView:
    seen: BoardView = do(store, view_board, outage_id=outage_id, destinations=WHERE, now=now)
    return seen


def warnings(store: Store) -> list[tuple[str, str]]:
    return [(one["payload"]["channel"], one["payload"]["text"]) for one in queued(store, "alert")]


def test_who_resolved_it_and_who_leads_it_are_told_once(store: Store) -> None:
    outage_id = resolved(store)
    somebody_writes(store, RESOLVED_AT + timedelta(minutes=5), 0, 3)
    do(store, follow_boards, now=DUE - timedelta(seconds=1))
    assert warnings(store) == []
    for minute in range(3):
        do(store, follow_boards, now=DUE + timedelta(minutes=minute))
    told = warnings(store)
    assert sorted(channel for channel, _ in told) == [MIA, SAM], "Mia approved it, Sam leads"
    [text] = {text for _, text in told}
    assert "“Payments fail”" in text
    assert "3 posts in the last 20 minutes, 0 in the 20 minutes before" in text
    truth = board(store, outage_id, DUE).truth
    assert truth is not None
    assert truth.goes_on


def test_the_board_counts_posts_in_each_ten_minutes(store: Store) -> None:
    outage_id = announced(store)
    for number, minutes in enumerate((1, 10, 10.5, 29)):
        somebody_writes(store, NOW + timedelta(minutes=minutes), number, number + 1)
    assert board(store, outage_id, NOW + timedelta(minutes=30)).reports == (2, 1, 1)
    assert board(store, outage_id, NOW + timedelta(minutes=40)).reports == (2, 1, 1, 0)
    assert board(store, outage_id, NOW + timedelta(hours=3)).reports == ()


def test_where_posts_fall_nobody_is_told(store: Store) -> None:
    outage_id = announced(store)
    somebody_writes(store, RESOLVED_AT - timedelta(minutes=5), 0, 8)
    last = a_notice(
        store, outage_id, NoticeKind.RESOLUTION, content("Solved", phase=Phase.RESOLVED), now=RESOLVED_AT
    )
    sent(store, last, destinations(page=ListDestination()), now=RESOLVED_AT)
    somebody_writes(store, RESOLVED_AT + timedelta(minutes=5), 8, 12)
    do(store, follow_boards, now=DUE)
    assert warnings(store) == []
    truth = board(store, outage_id, DUE).truth
    assert truth is not None
    assert (truth.before, truth.latest) == (8, 4)


def test_a_customer_who_says_again_that_it_fails_counts_and_thanks_do_not(store: Store) -> None:
    outage_id = announced(store)
    somebody_writes(store, NOW, 0, 1)
    author = replace(ANA, id="w0", handle="w0")
    for number, text in enumerate((PAYMENT, "@acme thank you so much, you are great")):
        at = NOW + timedelta(minutes=30 + number)
        arrive(store, a_post(f"88{number}", text, author=author, created_at=at), now=at)
    assert board(store, outage_id, NOW + timedelta(minutes=32)).reports == (1, 0, 0, 1)


def test_it_is_watched_for_two_hours(store: Store) -> None:
    outage_id = resolved(store)
    assert board(store, outage_id, RESOLVED_AT + WATCHED_AFTER).truth is not None
    late = RESOLVED_AT + WATCHED_AFTER + timedelta(seconds=1)
    assert board(store, outage_id, late).truth is None
    assert do(store, follow_boards, now=late) == 0
