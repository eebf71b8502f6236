"""Track a cause: compare posts with it, change it, and correct which cases belong to it."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest

from domain.causes.cause import Cause, CauseChanged, CauseEdit, CauseNameTaken, CauseState, Membership
from domain.intake.posts import Author
from domain.records.audit import Action, Entry
from domain.reports.filters import Filters
from handlers.cases.views import view_details
from handlers.causes import tracking
from handlers.causes.tracking import compare_posts, create_cause, decide_membership, edit_cause, set_state
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import ANA, BEN, HOUR, MIA, NOW, SAM, a_post, a_stored_case, arrive, do, trail
from tests.handlers.trackers.made import write

VOUCHER = "@acme the app refuses my voucher"
PARCEL = "@acme where is my parcel, it is late"
CLEO = Author(id="99", handle="cleo", name="Cleo", followers=3)


def a_cause(store: Store, *phrases: str) -> Cause:
    edit = CauseEdit(
        name="Voucher refused", owner=None, state=CauseState.OPEN, phrases=phrases or ("voucher*",)
    )
    return do(store, create_cause, edit=edit, user_id=SAM, now=NOW)


def an_edit(cause: Cause, **changes: object) -> CauseEdit:
    edit = CauseEdit(name=cause.name, owner=cause.owner, state=cause.state, phrases=cause.phrases)
    return replace(edit, **changes)  # type: ignore[arg-type]


def compare(store: Store) -> None:
    for _ in range(10):
        if not do(store, compare_posts):
            return
    raise AssertionError("posts are compared without an end")


def members(store: Store, *case_ids: int) -> list[tuple[int, bool, str | None]]:
    def load(uow: UnitOfWork) -> list[tuple[Cause, Membership]]:
        return [one for case_id in case_ids for one in uow.causes.of_case(case_id)]

    return [(one.case_id, one.belongs, one.decided_by) for _, one in do(store, load)]


def changes(store: Store) -> list[Entry]:
    def load(uow: UnitOfWork) -> list[Entry]:
        return uow.audit.page(case_id=None, before=10**9, limit=50)

    return [entry for entry in do(store, load) if entry.action is Action.CAUSE_CHANGED]


def test_posts_before_and_after_a_cause_was_made_belong_to_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "BATCH", 2)
    monkeypatch.setattr("storage.causes.UNCOMMITTED", 1)
    old = a_stored_case(store, VOUCHER, now=NOW - 70 * 24 * HOUR)
    before = a_stored_case(store, VOUCHER, now=NOW - 24 * HOUR, author=BEN)
    other = a_stored_case(store, PARCEL)
    cause = a_cause(store)
    compare(store)
    after = a_stored_case(store, VOUCHER, now=NOW + HOUR, author=CLEO)
    compare(store)
    compare(store)
    ids = (old.id, before.id, other.id, after.id)
    assert members(store, *ids) == [(before.id, True, None), (after.id, True, None)]

    def count(uow: UnitOfWork) -> list[int]:
        spans = [(NOW - 30 * 24 * HOUR, NOW), (NOW, NOW + 2 * HOUR), (NOW + 2 * HOUR, NOW + 3 * HOUR)]
        return uow.causes.counts(cause.id, spans, Filters())

    assert do(store, count) == [1, 1, 0]


def test_what_a_person_says_of_a_case_outlasts_the_rule(store: Store) -> None:
    voucher, parcel = a_stored_case(store, VOUCHER), a_stored_case(store, PARCEL, author=BEN)
    cause = a_cause(store)
    compare(store)
    for case, belongs in ((voucher, False), (parcel, True)):
        do(
            store,
            decide_membership,
            cause_id=cause.id,
            case_id=case.id,
            belongs=belongs,
            user_id=MIA,
            now=NOW,
        )
    edit = an_edit(cause, phrases=("voucher*", "app"))
    do(store, edit_cause, cause_id=cause.id, version=1, edit=edit, user_id=SAM, now=NOW)
    compare(store)
    assert members(store, voucher.id, parcel.id) == [(voucher.id, False, MIA), (parcel.id, True, MIA)]
    said = [entry.detail for entry in trail(store, voucher.id) if entry.action is Action.CAUSE_DECIDED]
    assert said == [{"cause": cause.id, "name": "Voucher refused", "belongs": False}]


def test_causes_are_offered_where_there_is_one_to_choose(store: Store) -> None:
    """A form without a choice is refused by Slack, so the button did nothing."""
    voucher, parcel = a_stored_case(store, VOUCHER), a_stored_case(store, PARCEL, author=BEN)

    def offered() -> list[bool]:
        views = [do(store, view_details, case_id=case.id, now=NOW)[0] for case in (voucher, parcel)]
        return [view.has_causes for view in views]

    assert offered() == [False, False]
    cause = a_cause(store)
    compare(store)
    assert offered() == [True, True]
    edit = an_edit(cause, state=CauseState.FIXED)
    do(store, edit_cause, cause_id=cause.id, version=1, edit=edit, user_id=SAM, now=NOW)
    assert offered() == [True, False]


def test_other_phrases_have_all_posts_compared_again(store: Store) -> None:
    voucher, parcel = a_stored_case(store, VOUCHER), a_stored_case(store, PARCEL, author=BEN)
    cause = a_cause(store)
    compare(store)
    edit = an_edit(cause, phrases=("parcel",))
    do(store, edit_cause, cause_id=cause.id, version=1, edit=edit, user_id=SAM, now=NOW)
    compare(store)
    assert members(store, voucher.id, parcel.id) == [(parcel.id, True, None)]


def test_a_change_is_compare_and_swap_and_in_the_audit_trail(store: Store) -> None:
    cause = a_cause(store)
    edit = an_edit(cause, owner=MIA, state=CauseState.FIXED)
    changed = do(store, edit_cause, cause_id=cause.id, version=1, edit=edit, user_id=MIA, now=NOW)
    assert (changed.owner, changed.state, changed.fixed_at, changed.version) == (
        MIA,
        CauseState.FIXED,
        NOW,
        2,
    )
    with pytest.raises(CauseChanged):
        do(store, edit_cause, cause_id=cause.id, version=1, edit=edit, user_id=SAM, now=NOW)
    do(store, edit_cause, cause_id=cause.id, version=2, edit=edit, user_id=SAM, now=NOW)
    do(store, set_state, cause_id=cause.id, state=CauseState.OPEN, actor="system", now=NOW, reason="ENG-7")
    assert [(entry.actor, dict(entry.detail)) for entry in changes(store)] == [
        (MIA, {"cause": cause.id, "owner": MIA, "state": "fixed", "fixed_at": NOW.isoformat()}),
        ("system", {"cause": cause.id, "state": "open", "fixed_at": "", "reason": "ENG-7"}),
    ]


def test_the_cases_of_a_cause_that_wait_are_found_the_longest_first(store: Store) -> None:
    first = a_stored_case(store, VOUCHER, now=NOW - HOUR, author=BEN)
    second = a_stored_case(store, VOUCHER)
    arrive(store, a_post("990", PARCEL, author=CLEO))
    cause = a_cause(store)
    compare(store)

    def waiting(uow: UnitOfWork) -> tuple[int, list[int]]:
        found = uow.causes.waiting(cause.id, limit=5)
        return uow.causes.count_waiting(cause.id), [case.id for case in found]

    assert do(store, waiting) == (2, [first.id, second.id])
    write(store, "@acme it works again, thank you so much!", now=NOW + HOUR / 6, author=BEN)
    assert do(store, waiting) == (1, [second.id])  # who took it back waits for nobody
    assert ANA.id == second.author.id


def test_causes_that_share_a_name_since_before_can_be_changed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(tracking, "_require_free", lambda *_: None)
        a_cause(store)
        second = a_cause(store)
    edit = an_edit(second, state=CauseState.IN_PROGRESS)
    changed = do(
        store, edit_cause, cause_id=second.id, version=second.version, edit=edit, user_id=SAM, now=NOW
    )
    assert changed.state is CauseState.IN_PROGRESS


def test_two_who_name_a_cause_at_once_do_not_take_the_same_name(postgres: Store) -> None:
    with ThreadPoolExecutor(max_workers=1) as pool:
        with postgres.unit_of_work() as uow:
            edit = CauseEdit(name="Voucher refused", owner=None, state=CauseState.OPEN, phrases=("voucher*",))
            create_cause(uow, edit=edit, user_id=MIA, now=NOW)
            second = pool.submit(a_cause, postgres)
            wait([second], timeout=1)
        with pytest.raises(CauseNameTaken):
            second.result(timeout=10)
