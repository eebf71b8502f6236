"""Posts that fit two open outages: the one that a person chose has them, and the other does not take them."""

from datetime import timedelta

from sqlalchemy import delete

from domain.delivery.outage_effects import UpdateBoard
from domain.outages.links import LinkState
from domain.outages.outage import OutageState
from handlers.outages.link_pages import load_all_links, load_link_page
from handlers.outages.links import confirm_links, decide_range, link_case, undo_links
from storage.engine import Store
from storage.outbox_tables import outbox
from tests.handlers.made import ANA, BEN, NOW, SAM, a_stored_case, case_of, do, queued
from tests.handlers.outages.made import SAM_MAY
from tests.handlers.outages.test_links import POLICY, announced, propose, proposed

LATER = NOW + timedelta(minutes=5)


def two_outages(store: Store) -> tuple[int, int]:
    """Store two posts, and two outages that both of them fit."""
    for author in (ANA, BEN):
        a_stored_case(store, author=author)
    one, other = announced(store), announced(store)
    propose(store)
    assert len(proposed(store, one)) == len(proposed(store, other)) == 2
    return one, other


def counts(store: Store, outage_id: int) -> dict[LinkState, int]:
    with store.unit_of_work() as uow:
        return uow.outage_links.counts(outage_id)


def test_what_one_has_is_not_offered_to_the_other_in_bulk(store: Store) -> None:
    one, other = two_outages(store)
    ana, ben = (case.id for case in proposed(store, one))
    do(store, confirm_links, outage_id=one, case_ids=[ana], actor=SAM_MAY, now=NOW)
    page = do(store, load_link_page, outage_id=other, state=LinkState.PROPOSED, page=0, reader=SAM)
    assert [row.case.id for row in page.rows] == [ben]
    assert counts(store, other) == {LinkState.PROPOSED: 1}
    every = do(store, load_all_links, outage_id=other, state=LinkState.PROPOSED, reader=SAM, now=LATER)
    assert do(store, decide_range, links=every.links, actor=SAM_MAY, now=LATER) == 1
    assert (case_of(store, ana).outage_id, case_of(store, ben).outage_id) == (one, other)


def test_what_is_undone_at_one_is_offered_to_the_other(store: Store) -> None:
    one, other = two_outages(store)
    ana, ben = (case.id for case in proposed(store, one))
    do(store, confirm_links, outage_id=one, case_ids=[ana, ben], actor=SAM_MAY, now=NOW)
    assert counts(store, other) == {}
    do(store, undo_links, outage_id=one, case_ids=[ana], user_id=SAM, now=LATER)
    assert [case.id for case in proposed(store, other)] == [ana]
    with store.unit_of_work() as uow:
        uow.outages.save(uow.outages.get(one).changed(state=OutageState.RESOLVED, resolved_at=LATER))
    assert len(proposed(store, other)) == 2, "who wrote about one that is over may mean this one"


def test_a_case_that_changes_over_by_hand_counts_for_one_alone(store: Store) -> None:
    one, other = two_outages(store)
    ana, ben = (case.id for case in proposed(store, one))
    do(store, confirm_links, outage_id=one, case_ids=[ana, ben], actor=SAM_MAY, now=NOW)
    do(store, link_case, outage_id=other, case_id=ana, user_id=SAM, now=LATER)
    assert case_of(store, ana).outage_id == other
    assert counts(store, one) == {LinkState.CONFIRMED: 1}
    assert counts(store, other) == {LinkState.CONFIRMED: 1}
    do(store, undo_links, outage_id=other, case_ids=[ana], user_id=SAM, now=LATER)
    assert [case.id for case in proposed(store, one)] == [ana], "it is offered to the first again"


def test_the_board_of_the_one_that_loses_a_case_says_so(store: Store) -> None:
    one, other = two_outages(store)
    ana, _ = (case.id for case in proposed(store, one))
    do(store, confirm_links, outage_id=one, case_ids=[ana], actor=SAM_MAY, now=NOW)
    with store.engine.begin() as connection:
        connection.execute(delete(outbox))
    do(store, link_case, outage_id=other, case_id=ana, user_id=SAM, now=LATER)
    drawn = {row["payload"]["outage_id"] for row in queued(store, UpdateBoard.kind)}
    assert drawn == {one, other}


def test_one_that_is_over_keeps_whom_it_had_and_does_not_keep_them_from_another(store: Store) -> None:
    one, other = two_outages(store)
    ana, ben = (case.id for case in proposed(store, one))
    do(store, confirm_links, outage_id=one, case_ids=[ana, ben], actor=SAM_MAY, now=NOW)
    with store.unit_of_work() as uow:
        uow.outages.save(uow.outages.get(one).changed(state=OutageState.RESOLVED, resolved_at=LATER))
        assert uow.linked_cases.elsewhere(other, [ana, ben]) == set()
    do(store, link_case, outage_id=other, case_id=ana, user_id=SAM, now=LATER)
    assert counts(store, one) == {LinkState.CONFIRMED: 2}, "it had both when it ended"
    assert case_of(store, ana).outage_id == other


def test_without_a_person_the_first_keeps_what_fits_both(store: Store) -> None:
    sure = POLICY.__class__(
        components=POLICY.components, oncall_channel=POLICY.oncall_channel, link_above=0.01
    )
    for author in (ANA, BEN):
        a_stored_case(store, author=author)
    one, other = announced(store), announced(store)
    propose(store, sure)
    assert counts(store, one) == {LinkState.CONFIRMED: 2}
    assert counts(store, other) == {}
