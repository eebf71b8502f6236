"""Gather the cases of an open outage on one board instead of a card each, and give all others theirs."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.outages.folding import is_grave
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase
from domain.surge.flood import (
    CALM_FOR,
    COMPARED_WITHIN,
    GATHER_FROM,
    MAX_CARDS_AFTER,
    MAX_WAITING,
    UNDECIDED_FOR,
    Flood,
    Holding,
    is_urgent,
)
from handlers.cases.resolution import dismiss
from handlers.outages.bulk_answers import answer_row
from handlers.outages.links import confirm_links, propose_links, undo_links
from handlers.replies.results import record_failed, record_unsure
from handlers.surge.flood import gather_cases, pull_next, tend_flood
from handlers.surge.flood_board import view_board
from storage.engine import Store
from tests.handlers.context import RULES
from tests.handlers.handoffs.made import incoming_message, ingest_message
from tests.handlers.made import FIRE, MINUTE, NOW, PAYMENT, SAM, a_post, arrive, case_of, do, networks, queued
from tests.handlers.outages.made import SAM_MAY, a_notice, content, sent
from tests.handlers.outages.test_bulk_answers import rows, start
from tests.handlers.outages.test_links import POLICY, WHERE, announced
from tests.handlers.surge.test_flood import (
    CHANNEL,
    QUESTION,
    a_flood,
    case_by,
    crowd,
    floods,
    held,
    post_waiting,
    waiting_cards,
)

LATER = NOW + 5 * MINUTE
LAWYER = f"{PAYMENT}, you will hear from my lawyer"


def compare(store: Store, now: datetime = NOW) -> None:
    """Compare new posts with the outage, as the timer does."""
    do(store, propose_links, policy=POLICY, encoder="", now=now)
    do(store, gather_cases, compared_until=now, now=now)


def gathering(store: Store, count: int = GATHER_FROM) -> int:
    """Announce an outage about which so many have written, each with a card; return its id."""
    crowd(store, count, PAYMENT)
    while post_waiting(store):
        pass
    outage_id = announced(store)
    compare(store)
    return outage_id


def resolve(store: Store, outage_id: int) -> None:
    over = a_notice(store, outage_id, NoticeKind.RESOLUTION, content("Over", phase=Phase.RESOLVED), now=LATER)
    sent(store, over, WHERE, now=LATER)


def test_few_posts_about_an_outage_have_a_card_each(store: Store) -> None:
    gathering(store, GATHER_FROM - 1)
    assert floods(store) == []
    crowd(store, 1, QUESTION, first=100)
    assert waiting_cards(store) == [case_by(store, "a100").id]


def test_a_maintenance_gathers_once_it_has_begun(store: Store) -> None:
    crowd(store, GATHER_FROM, PAYMENT)
    outage_id = announced(store)
    for phase, many in ((Phase.SCHEDULED, 0), (Phase.IN_PROGRESS, 1)):
        with store.unit_of_work() as uow:
            planned = uow.outages.get(outage_id).changed(kind=OutageKind.MAINTENANCE, phase=phase)
            uow.outages.save(planned)
        compare(store)
        assert len(floods(store)) == many


def test_what_is_not_posted_yet_is_gathered_too(store: Store) -> None:
    crowd(store, GATHER_FROM, PAYMENT)
    crowd(store, 1, FIRE, first=200)
    crowd(store, 2, QUESTION, first=300)
    announced(store)
    compare(store)
    assert sorted(waiting_cards(store)) == [case_by(store, author).id for author in ("a200", "a300", "a301")]
    assert held(store) == GATHER_FROM


def test_further_posts_wait_on_one_board_and_all_others_get_their_card(store: Store) -> None:
    outage_id = gathering(store)
    [flood] = floods(store)
    assert (flood.channel, flood.holds) == (CHANNEL, Holding.OUTAGES)
    assert [row["payload"]["flood_id"] for row in queued(store, "post_flood_board")] == [flood.id]
    crowd(store, 3, PAYMENT, first=100, now=LATER)
    crowd(store, 1, FIRE, first=200, now=LATER)
    crowd(store, 1, QUESTION, first=300, now=LATER)
    assert waiting_cards(store) == [case_by(store, "a200").id], "the urgent one alone"
    compare(store, LATER)
    assert sorted(waiting_cards(store)) == sorted(case_by(store, author).id for author in ("a200", "a300"))
    with store.unit_of_work() as uow:
        view = view_board(uow, flood_id=flood.id, now=LATER)
    assert view is not None
    [counted] = view.outages
    assert (counted.outage_id, counted.held, counted.oldest) == (outage_id, 3, NOW)
    assert counted.cases == counted.proposed == GATHER_FROM + 3
    assert view.held_total == held(store) == 3
    assert len(floods(store)) == 1, "one board, however many come"


def test_who_is_vulnerable_or_about_to_sue_gets_their_card_at_once(store: Store) -> None:
    gathering(store)
    crowd(store, 1, PAYMENT, first=100, now=LATER)
    crowd(store, 1, LAWYER, first=200, now=LATER)
    suing = case_by(store, "a200")
    assert is_grave(suing.assessment)
    assert not is_urgent(suing.assessment)
    assert waiting_cards(store) == [suing.id]


def test_those_who_are_linked_stay_on_the_board_until_somebody_pulls_them(store: Store) -> None:
    outage_id = gathering(store)
    crowd(store, 3, PAYMENT, first=100, now=LATER)
    compare(store, LATER)
    ids = [case_by(store, f"a{number}").id for number in (100, 101, 102)]
    do(store, confirm_links, outage_id=outage_id, case_ids=ids, actor=SAM_MAY, now=LATER)
    compare(store, LATER)
    assert (held(store), waiting_cards(store)) == (3, [])
    [flood] = floods(store)
    pulled = do(store, pull_next, flood_id=flood.id, user_id=SAM, now=LATER)
    assert sorted(case.id for case in pulled) == sorted(waiting_cards(store)) == ids


def test_a_case_whose_link_is_refused_gets_its_card(store: Store) -> None:
    outage_id = gathering(store)
    crowd(store, 2, PAYMENT, first=100, now=LATER)
    compare(store, LATER)
    wrong = case_by(store, "a100")
    do(store, undo_links, outage_id=outage_id, case_ids=[wrong.id], user_id=SAM, now=LATER)
    [flood] = floods(store)
    do(store, tend_flood, flood_id=flood.id, now=LATER + COMPARED_WITHIN)
    assert waiting_cards(store) == [wrong.id]
    assert held(store) == 1


def test_what_is_proposed_gets_its_card_where_nobody_decides(store: Store) -> None:
    outage_id = gathering(store)
    crowd(store, 2 + MAX_WAITING + 1, PAYMENT, first=100, now=LATER)
    compare(store, LATER)
    [flood] = floods(store)
    one, two, *undecided = (case_by(store, f"a{number}").id for number in range(100, 103 + MAX_WAITING))
    do(store, confirm_links, outage_id=outage_id, case_ids=[one, two], actor=SAM_MAY, now=LATER)
    do(store, tend_flood, flood_id=flood.id, now=LATER + UNDECIDED_FOR - MINUTE)
    assert waiting_cards(store) == []
    do(store, tend_flood, flood_id=flood.id, now=LATER + UNDECIDED_FOR)
    given = waiting_cards(store)
    assert len(given) == MAX_WAITING, "no more at once than leave room for other cards"
    post_waiting(store, LATER + UNDECIDED_FOR)
    do(store, tend_flood, flood_id=flood.id, now=LATER + UNDECIDED_FOR)
    assert sorted([*given, *waiting_cards(store)]) == undecided
    assert [one.holds for one in floods(store)] == [Holding.OUTAGES]


def test_who_writes_again_gets_their_card(store: Store) -> None:
    outage_id = gathering(store)
    crowd(store, 4, PAYMENT, first=100, now=LATER)
    compare(store, LATER)
    linked, proposed, private, silent = (case_by(store, f"a{number}") for number in range(100, 104))
    ids = [linked.id, private.id, silent.id]
    do(store, confirm_links, outage_id=outage_id, case_ids=ids, actor=SAM_MAY, now=LATER)
    [flood] = floods(store)
    do(store, tend_flood, flood_id=flood.id, now=LATER)
    assert waiting_cards(store) == []
    for number, case in enumerate((linked, proposed)):
        again = a_post(f"5{number}", "@acme and what now", created_at=LATER, author=case.author)
        arrive(store, again, now=LATER)
    ingest_message(store, incoming_message(author=private.author), now=LATER)
    do(store, tend_flood, flood_id=flood.id, now=LATER)
    assert sorted(waiting_cards(store)) == [linked.id, proposed.id, private.id]


def test_nobody_waits_for_a_comparison_that_does_not_come(store: Store) -> None:
    gathering(store)
    crowd(store, 1, QUESTION, first=300, now=LATER)
    [flood] = floods(store)
    do(store, tend_flood, flood_id=flood.id, now=LATER + COMPARED_WITHIN / 2)
    assert waiting_cards(store) == []
    do(store, tend_flood, flood_id=flood.id, now=LATER + COMPARED_WITHIN)
    assert waiting_cards(store) == [case_by(store, "a300").id]


def test_once_it_is_resolved_those_who_waited_get_their_cards(store: Store) -> None:
    outage_id = gathering(store)
    crowd(store, 3, PAYMENT, first=100, now=LATER)
    compare(store, LATER)
    resolve(store, outage_id)
    [flood] = floods(store)
    do(store, tend_flood, flood_id=flood.id, now=LATER)
    assert len(waiting_cards(store)) == 3
    assert floods(store) == []
    assert queued(store, "post_flood_summary") == []
    crowd(store, 1, PAYMENT, first=200, now=LATER)
    assert case_by(store, "a200").id in waiting_cards(store)


def test_many_who_are_left_when_it_is_resolved_stay_on_the_board_and_get_cards_by_rank(store: Store) -> None:
    outage_id = gathering(store)
    crowd(store, MAX_CARDS_AFTER + 8, PAYMENT, first=100, now=LATER)
    compare(store, LATER)
    for number in range(GATHER_FROM):
        done = case_by(store, f"a{1 + number}")
        do(store, dismiss, case_id=done.id, version=done.version, user_id=SAM, now=LATER)
    resolve(store, outage_id)
    [flood] = floods(store)
    do(store, tend_flood, flood_id=flood.id, now=LATER)
    assert len(waiting_cards(store)) == MAX_WAITING
    assert held(store) == MAX_CARDS_AFTER + 8 - MAX_WAITING


def test_too_many_about_something_else_are_a_flood(store: Store) -> None:
    gathering(store)
    crowd(store, 130, QUESTION, first=1_000, now=LATER)
    compare(store, LATER)
    [flood] = floods(store)
    assert flood.holds is Holding.ALL
    assert held(store) == 130
    do(store, tend_flood, flood_id=flood.id, now=LATER)
    assert 0 < len(waiting_cards(store)) <= 3


def test_after_a_flood_the_cases_of_an_open_outage_are_gathered_on_its_board(store: Store) -> None:
    flood = a_flood(store, 130)
    crowd(store, GATHER_FROM, PAYMENT, first=1_000)
    announced(store)
    compare(store)
    assert [one.holds for one in floods(store)] == [Holding.ALL]
    calm = NOW + timedelta(minutes=2)
    for moment in (calm, calm + CALM_FOR):
        do(store, tend_flood, flood_id=flood.id, now=moment)
    [after] = floods(store)
    assert (after.id, after.holds, after.is_active) == (flood.id, Holding.OUTAGES, True)
    assert len(queued(store, "post_flood_summary")) == 1
    give_out_leftovers(store, after, calm + CALM_FOR)


def give_out_leftovers(store: Store, flood: Flood, began: datetime) -> None:
    """Tend the flood a few times: it goes on gathering, and what is left of the flood gets cards by rank."""
    while post_waiting(store, began):
        pass
    left = held(store)
    for turn in range(1, 4):
        compare(store, began + turn * MINUTE)
        do(store, tend_flood, flood_id=flood.id, now=began + turn * MINUTE)
        assert [one.holds for one in floods(store)] == [Holding.OUTAGES]
        posted = post_waiting(store, began + turn * MINUTE)
        assert len(posted) == MAX_WAITING
        assert all(int(case_of(store, case_id).author.id[1:]) < 1_000 for case_id in posted)
    assert held(store) == left - 3 * MAX_WAITING


def test_what_is_left_of_a_flood_that_is_over_is_no_new_one_when_an_outage_is_announced(store: Store) -> None:
    flood = a_flood(store, 130)
    calm = NOW + timedelta(minutes=2)
    for moment in (calm, calm + CALM_FOR):
        do(store, tend_flood, flood_id=flood.id, now=moment)
    while post_waiting(store, calm + CALM_FOR):
        pass
    crowd(store, GATHER_FROM, PAYMENT, first=1_000, now=calm + CALM_FOR)
    while post_waiting(store, calm + CALM_FOR):
        pass
    announced(store)
    compare(store, calm + CALM_FOR)
    [gathers] = floods(store)
    assert gathers.id != flood.id
    give_out_leftovers(store, gathers, calm + CALM_FOR)


@pytest.mark.parametrize("settle", [record_failed, record_unsure])
def test_an_answer_in_bulk_gives_a_card_only_where_a_person_has_to_decide(
    store: Store, settle: Callable[..., object]
) -> None:
    outage_id = gathering(store)
    crowd(store, 2, PAYMENT, first=100, now=LATER)
    compare(store, LATER)
    ids = [case_by(store, author).id for author in ("a100", "a101")]
    do(store, confirm_links, outage_id=outage_id, case_ids=ids, actor=SAM_MAY, now=LATER)
    answered = rows(store, start(store, outage_id))
    for row in answered:
        do(store, answer_row, row_id=row.id, networks=networks(), rules=RULES, now=LATER)
    assert (held(store), waiting_cards(store)) == (2, [])
    failed, _ = rows(store, answered[0].bulk_id)
    do(store, settle, message_id=failed.message_id, reason="X says no", now=LATER)
    assert waiting_cards(store) == [failed.case_id]
