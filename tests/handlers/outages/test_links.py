"""Propose, confirm and undo links of cases to outages."""

from dataclasses import replace
from typing import Any

import pytest

from domain.cases.case import Case
from domain.errors import Refused
from domain.intake.posts import Author
from domain.outages.lifecycle import Actor, RightMissing
from domain.outages.links import LinkReason, LinkState, ManyLinks
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase
from domain.outages.policy import Component, OutagePolicy
from domain.records.audit import SYSTEM, Action
from handlers.desk import Desk
from handlers.outages.link_pages import load_all_links
from handlers.outages.links import (
    MAX_LINKS,
    confirm_links,
    decide_range,
    link_case,
    propose_links,
    undo_links,
)
from handlers.timers.outage_links import outage_link_timers
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import ANA, BEN, HOUR, MIA, NOW, SAM, a_stored_case, audit_actions, case_of, do
from tests.handlers.made import POLICY as DESK_POLICY
from tests.handlers.outages.made import (
    SAM_MAY,
    ListDestination,
    a_notice,
    an_outage,
    content,
    destinations,
    links_of,
    sent,
)

POLICY = OutagePolicy(
    components=(Component(name="Payments", words=("payment", "pagar")),), oncall_channel="C0ONCALL"
)
WHERE = destinations(page=ListDestination())
LATE = "@acme my parcel is late, where is it"


def announced(store: Store) -> int:
    outage, notice = an_outage(store, "Card payments fail with an error")
    sent(store, notice, WHERE)
    return outage.id


def propose(store: Store, policy: OutagePolicy = POLICY) -> int:
    compared: int = do(store, propose_links, policy=policy, encoder="", now=NOW)
    return compared


def proposed(store: Store, outage_id: int, state: LinkState = LinkState.PROPOSED) -> list[Case]:
    return [case for _, case in links_of(store, outage_id, state)]


def confirm(store: Store, outage_id: int, *cases: Case) -> int:
    case_ids = [case.id for case in cases]
    linked: int = do(store, confirm_links, outage_id=outage_id, case_ids=case_ids, actor=SAM_MAY, now=NOW)
    return linked


async def test_the_timer_takes_no_stop_word_for_a_reason(store: Store, desk: Desk) -> None:
    outage_id = announced(store)
    a_stored_case(store, "@acme my payment fails with my new card")
    policy = replace(DESK_POLICY, outages=POLICY)
    clock = ManualClock(NOW)
    ctx = a_context(desk, policy=policy, clock=clock, stop_words={"en": frozenset({"with"})})
    [compare, *_] = outage_link_timers(ctx)
    await compare.callback()
    [(link, _)] = links_of(store, outage_id, LinkState.PROPOSED)
    words = {evidence.reason: evidence.words for evidence in link.evidence}
    assert words[LinkReason.WORDS] == ("fails", "card")


def test_posts_are_compared_with_a_maintenance_from_its_start_on(store: Store) -> None:
    a_stored_case(store)
    outage, notice = an_outage(store, "Card payments pause for an hour", phase=Phase.SCHEDULED)
    with store.unit_of_work() as uow:
        uow.outages.save(outage.changed(kind=OutageKind.MAINTENANCE, starts_at=NOW + HOUR))
    sent(store, notice, WHERE)
    assert propose(store) == 0
    begun = a_stored_case(store, author=BEN, now=NOW + HOUR)
    assert do(store, propose_links, policy=POLICY, encoder="", now=NOW + HOUR) == 1
    assert [case.id for case in proposed(store, outage.id)] == [begun.id]


def test_recent_and_new_posts_are_proposed_once(store: Store) -> None:
    before = a_stored_case(store)
    other = a_stored_case(store, LATE, author=BEN)
    outage_id = announced(store)
    assert propose(store) == 2
    assert [case.id for case in proposed(store, outage_id)] == [before.id]
    assert propose(store) == 0
    after = a_stored_case(store, author=replace(ANA, id="99", handle="zoe"))
    assert propose(store) == 1
    assert {case.id for case in proposed(store, outage_id)} == {before.id, after.id}
    assert case_of(store, before.id).outage_id is None
    assert other.id not in {case.id for case in proposed(store, outage_id)}


def test_a_post_is_found_that_was_committed_after_one_with_a_higher_id(store: Store) -> None:
    outage_id = announced(store)
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        newest = uow.messages.of_case(case.id, limit=1)[0].id
        uow.outage_links.move_cursor(outage_id, newest + 50)
    assert propose(store) == 0
    assert [one.id for one in proposed(store, outage_id)] == [case.id]


def test_a_person_confirms_and_the_case_ranks_by_the_harm(store: Store) -> None:
    case = a_stored_case(store)
    outage_id = announced(store)
    propose(store)
    assert confirm(store, outage_id, case) == 1
    linked = case_of(store, case.id)
    assert (linked.outage_id, linked.outage_severity) == (outage_id, 2)
    assert linked.sort_key > case.sort_key
    assert (SAM, Action.OUTAGE_LINKED) in [entry[:2] for entry in audit_actions(store, case.id)]
    assert confirm(store, outage_id, case) == 0


def test_a_wrong_link_is_undone_and_not_proposed_again(store: Store) -> None:
    case = a_stored_case(store)
    outage_id = announced(store)
    propose(store)
    confirm(store, outage_id, case)
    assert do(store, undo_links, outage_id=outage_id, case_ids=[case.id], user_id=MIA, now=NOW) == 1
    unlinked = case_of(store, case.id)
    assert (unlinked.outage_id, unlinked.outage_severity) == (None, 0)
    assert unlinked.sort_key == case.sort_key
    propose(store)
    assert proposed(store, outage_id) == []
    assert do(store, undo_links, outage_id=outage_id, case_ids=[case.id], user_id=MIA, now=NOW) == 0


def test_a_case_is_linked_by_hand_whatever_it_says(store: Store) -> None:
    case = a_stored_case(store, LATE)
    outage_id = announced(store)
    propose(store)
    linked = do(store, link_case, outage_id=outage_id, case_id=case.id, user_id=MIA, now=NOW)
    assert linked.outage_id == outage_id
    [(link, _)] = links_of(store, outage_id, LinkState.CONFIRMED)
    assert [one.reason for one in link.evidence] == [LinkReason.BY_HAND]


@pytest.mark.parametrize(("link_above", "linked"), [(None, False), (0.5, True), (0.999, False)])
def test_only_above_the_chosen_certainty_it_links_without_a_person(
    store: Store, link_above: float | None, *, linked: bool
) -> None:
    case = a_stored_case(store)
    outage_id = announced(store)
    propose(store, replace(POLICY, link_above=link_above))
    assert (case_of(store, case.id).outage_id == outage_id) is linked
    actions = [entry[:2] for entry in audit_actions(store, case.id)]
    assert ((SYSTEM, Action.OUTAGE_LINKED) in actions) is linked


def test_once_it_is_resolved_it_does_no_more_harm(store: Store) -> None:
    case = a_stored_case(store)
    outage_id = announced(store)
    propose(store)
    confirm(store, outage_id, case)
    over = a_notice(store, outage_id, NoticeKind.RESOLUTION, content("Over", phase=Phase.RESOLVED))
    sent(store, over, WHERE)
    after = case_of(store, case.id)
    assert (after.outage_id, after.outage_severity, after.sort_key) == (outage_id, 0, case.sort_key)


def test_posts_after_it_was_resolved_are_still_compared_for_two_hours(store: Store) -> None:
    outage_id = announced(store)
    over = a_notice(store, outage_id, NoticeKind.RESOLUTION, content("Over", phase=Phase.RESOLVED))
    sent(store, over, WHERE)
    a_stored_case(store)
    assert do(store, propose_links, policy=POLICY, encoder="", now=NOW + HOUR) == 1
    a_stored_case(store, author=Author(id="5", handle="zoe", name="Zoe", followers=1))
    assert do(store, propose_links, policy=POLICY, encoder="", now=NOW + 3 * HOUR) == 0
    assert len(proposed(store, outage_id)) == 1


def test_too_many_at_once_are_refused(store: Store) -> None:
    outage_id = announced(store)
    with pytest.raises(Refused, match="Choose fewer"):
        do(
            store,
            confirm_links,
            outage_id=outage_id,
            case_ids=range(MAX_LINKS + 1),
            actor=SAM_MAY,
            now=NOW,
        )


def others(store: Store, number: int) -> list[Case]:
    return [
        a_stored_case(store, author=Author(id=f"6{at}", handle=f"zoe{at}", name="Zoe", followers=1))
        for at in range(number)
    ]


def all_links(store: Store, outage_id: int, state: LinkState, **changes: Any) -> ManyLinks:  # noqa: ANN401
    asked: dict[str, Any] = {"outage_id": outage_id, "state": state, "most": MAX_LINKS}
    asked |= {"reader": SAM, "now": NOW}
    found: ManyLinks = do(store, load_all_links, **asked | changes)
    return found


def test_all_proposed_cases_are_linked_but_none_that_came_after_the_preview(store: Store) -> None:
    outage_id = announced(store)
    cases = others(store, 12)
    propose(store)
    many = all_links(store, outage_id, LinkState.PROPOSED)
    assert (many.page.total, len(many.page.rows), len(many.least_sure), many.left) == (12, 5, 5, 0)
    do(store, undo_links, outage_id=outage_id, case_ids=[cases[0].id], user_id=MIA, now=NOW)
    late = a_stored_case(store, author=BEN)
    do(store, propose_links, policy=POLICY, encoder="", now=NOW + HOUR)
    later = NOW + HOUR
    assert do(store, decide_range, links=many.links, actor=SAM_MAY, now=later) == 11
    assert [case.id for case in proposed(store, outage_id)] == [late.id]
    assert do(store, decide_range, links=many.links, actor=SAM_MAY, now=later) == 0

    linked = all_links(store, outage_id, LinkState.CONFIRMED, now=later)
    confirm(store, outage_id, late)
    with store.unit_of_work() as uow:
        [link] = uow.outage_links.get_many(outage_id, [late.id])
        uow.outage_links.put_many([replace(link, decided_at=later + HOUR)])
    assert do(store, decide_range, links=linked.links, actor=SAM_MAY, now=later + HOUR) == 11
    assert [case.id for case in proposed(store, outage_id, LinkState.CONFIRMED)] == [late.id]


def test_of_very_many_the_surest_are_linked_and_the_others_counted(store: Store) -> None:
    outage_id = announced(store)
    others(store, 4)
    propose(store)
    many = all_links(store, outage_id, LinkState.PROPOSED, most=3)
    assert (many.page.total, many.left) == (3, 1)
    assert do(store, decide_range, links=many.links, actor=SAM_MAY, now=NOW) == 3


def test_who_may_not_draft_undoes_no_many_links(store: Store) -> None:
    outage_id = announced(store)
    confirm(store, outage_id, *others(store, 2))
    many = all_links(store, outage_id, LinkState.CONFIRMED)
    with pytest.raises(RightMissing):
        do(store, decide_range, links=many.links, actor=Actor(user_id=MIA, rights=frozenset()), now=NOW)
    with pytest.raises(Refused):
        all_links(store, outage_id, LinkState.PROPOSED)
