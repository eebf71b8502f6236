"""Tag cases and customers, find cases by tags, and tell who watches a customer."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain.cases.case import Case
from domain.cases.routes import Route
from domain.cases.routing import UNROUTED, Routing
from domain.cases.tags import VIP, WATCH, ListedCustomer, TagChange, TagNeedsReason, Tags
from domain.errors import Refused
from domain.records.audit import SYSTEM, Action
from handlers.cases.queue import search_cases
from handlers.cases.resolution import resolve
from handlers.cases.tags import change_tags, list_customers, tag_customer, view_tag_form
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import (
    ANA,
    BEN,
    MIA,
    MINUTE,
    NOW,
    SAM,
    THANKS,
    a_post,
    a_stored_case,
    alerts,
    arrive,
    cases,
    do,
    notified_people,
    queued,
    trail,
)

NONE = TagChange()


def change(
    store: Store, case: Case, *, case_tags: TagChange = NONE, customer: TagChange = NONE, reason: str = ""
) -> Case:
    return do(
        store,
        change_tags,
        case_id=case.id,
        of_case=case_tags,
        of_customer=customer,
        reason=reason,
        user_id=SAM,
        now=NOW,
    )


def tags_of(store: Store, case: Case) -> Tags:
    def load(uow: UnitOfWork) -> Tags:
        return uow.tags.of_case(case)

    return do(store, load)


def ids_found(store: Store, words: str) -> Sequence[int]:
    return [found.case.id for found in do(store, search_cases, words=words)]


def test_tags_are_stored_audited_and_found(store: Store) -> None:
    case, other = a_stored_case(store), a_stored_case(store, author=BEN)
    changed = change(store, case, case_tags=TagChange(added=("app", "billing")))
    changed = change(store, case, case_tags=TagChange(added=("billing",), removed=("app", "never")))
    assert (changed.version, tags_of(store, case).case) == (3, ("billing",))
    entries = [(e.actor, e.detail) for e in trail(store, case.id) if e.action is Action.CASE_TAGGED]
    assert entries == [
        (SAM, {"added": ["app", "billing"], "removed": []}),
        (SAM, {"added": [], "removed": ["app"]}),
    ]
    assert "update_card" in {row["kind"] for row in queued(store)}
    assert ids_found(store, "tag:billing") == [case.id]
    assert ids_found(store, "payment TAG:Billing") == [case.id]
    assert ids_found(store, "tag:billing nowhere") == ids_found(store, "tag:app") == []
    change(store, other, customer=TagChange(added=("partner",)))
    assert ids_found(store, "tag:partner") == [other.id]
    # Nothing changed, so nothing is written.
    assert change(store, case, case_tags=TagChange(added=("billing",))).version == 3


def test_a_customer_tag_is_on_every_case_of_the_author_alone(store: Store) -> None:
    case, other = a_stored_case(store), a_stored_case(store, author=BEN)
    with pytest.raises(TagNeedsReason):
        change(store, case, customer=TagChange(added=(VIP,)))
    change(store, case, customer=TagChange(added=(VIP,)), reason="pays for <400> seats")
    [tag] = tags_of(store, replace(case, id=99)).customer
    assert (tag.name, tag.reason, tag.added_by, tag.added_at) == (VIP, "pays for <400> seats", SAM, NOW)
    assert tags_of(store, other) == Tags()
    [listed] = do(store, list_customers, tag=VIP)
    assert (listed.handle, listed.network, listed.tag) == (ANA.handle, "x", tag)
    change(store, case, customer=TagChange(removed=(VIP,)))
    assert tags_of(store, case) == Tags()


def test_a_customer_is_tagged_by_handle(store: Store) -> None:
    case = a_stored_case(store)
    for reason, names in (("press", (WATCH,)), ("", ())):
        [tagged] = do(store, tag_customer, handle="@AnaRuiz", tag=WATCH, reason=reason, user_id=MIA, now=NOW)
        assert (tagged.id, tags_of(store, case).customer_names) == (case.id, names)
    with pytest.raises(Refused, match=r"switchboard\.toml"):
        do(store, tag_customer, handle="@nobody", tag=WATCH, reason="press", user_id=MIA, now=NOW)


def test_who_watches_a_customer_is_told_once_for_each_case(store: Store) -> None:
    do(
        store,
        tag_customer,
        handle=a_stored_case(store).author.handle,
        tag=WATCH,
        reason="press",
        user_id=MIA,
        now=NOW,
    )
    arrive(store, a_post("902", created_at=NOW + MINUTE))
    assert notified_people(store) == []
    later = NOW + 80 * 60 * MINUTE
    arrive(store, a_post("903", created_at=later), now=later)
    assert notified_people(store) == [(MIA, Action.CASE_OPENED.value)]


def test_the_settings_tag_whoever_opens_a_case(store: Store) -> None:
    watched = ListedCustomer(handle="@AnaRuiz", tag=WATCH, reason="press", network="x")
    elsewhere = ListedCustomer(handle="anaruiz", tag="partner", reason="", network="town")
    arrive(store, a_post(), listed_customers=(watched, elsewhere))
    [case] = cases(store)
    [tag] = tags_of(store, case).customer
    assert (tag.name, tag.reason, tag.added_by) == (WATCH, "press", SYSTEM)
    [told] = alerts(store)
    assert "@anaruiz" in told
    assert "press" in told
    # Once the settings list them no more, the tag goes with their next case; what a person added stays.
    change(store, case, customer=TagChange(added=("partner",)))
    later = NOW + 80 * 60 * MINUTE
    arrive(store, a_post("903", created_at=later), now=later)
    assert tags_of(store, case).customer_names == ("partner",)
    assert len(alerts(store)) == 1


def test_the_form_proposes_what_similar_cases_have(store: Store) -> None:
    for number in range(5):
        author = replace(BEN, id=f"70{number}", handle=f"ben{number}")
        case = a_stored_case(store, author=author)
        change(store, case, case_tags=TagChange(added=("card", *(["rare"] if number else []))))
    form = do(store, view_tag_form, case_id=a_stored_case(store).id, listed=["app", "card"])
    assert form.proposed == ["card", "rare", "app"]
    thanks = a_stored_case(store, THANKS, author=BEN)
    assert do(store, view_tag_form, case_id=thanks.id, listed=["app"]).proposed == ["app"]


def test_a_vip_is_ranked_as_such_in_every_case_of_theirs(store: Store) -> None:
    case = a_stored_case(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    later = NOW + 80 * 60 * MINUTE
    arrive(store, a_post("903", created_at=later), now=later)
    [_, newer] = cases(store)
    assert not newer.is_vip
    change(store, newer, customer=TagChange(added=(VIP,)), reason="pays for 400 seats")
    assert [one.is_vip for one in cases(store)] == [True, True]
    assert Action.CUSTOMER_TAGGED not in {entry.action for entry in trail(store, case.id)}
    arrive(store, a_post("904", created_at=later + 80 * 60 * MINUTE), now=later + 80 * 60 * MINUTE)
    assert [one.is_vip for one in cases(store)] == [True, True, True]
    change(store, newer, customer=TagChange(removed=(VIP,)))
    assert [one.is_vip for one in cases(store)] == [False, False, False]
    newest = cases(store)[-1]
    assert Action.CUSTOMER_TAGGED in {entry.action for entry in trail(store, newest.id)}


def test_a_rule_decides_where_a_case_goes_and_how_it_ranks(store: Store) -> None:
    rule = Route(name="money", words=("payment",), channel="C0MONEY", group="S0MONEY", rank_step=-1)
    arrive(store, a_post(), routes=(rule,))
    [case] = cases(store)
    assert (case.channel, case.routing) == ("C0MONEY", Routing(rule="money", group="S0MONEY", rank_step=-1))
    [card] = queued(store, "post_card")
    assert card["payload"]["channel"] == "C0MONEY"
    assert case.sort_key == replace(case, routing=UNROUTED).sort_key - 1800
