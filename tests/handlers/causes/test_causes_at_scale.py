"""What all causes together cost: few statements, and none that reads all that ever belonged to a cause."""

from datetime import UTC, timedelta

from sqlalchemy import event

from domain.causes.cause import CauseEdit, CauseState
from domain.intake.posts import Author
from domain.reports.filters import Filters
from domain.reports.periods import parse_period
from handlers.cases.resolution import resolve
from handlers.causes.figures import list_causes
from handlers.causes.tracking import create_cause, decide_membership
from storage.engine import Store
from tests.handlers.made import NOW, SAM, a_stored_case, case_of, cases, do
from tests.storage.plans import explained

YEAR = parse_period("365d", now=NOW + timedelta(hours=1), zone=UTC)


def fill(store: Store, causes: int) -> None:
    """Store causes of which the first has two cases, one of them resolved, and each further one has one."""
    stored = len(cases(store))
    for number in range(stored, stored + causes + 1):
        author = Author(id=str(500 + number), handle=f"u{number}", name=f"U {number}", followers=1)
        a_stored_case(store, author=author)
    first, *others = [case.id for case in cases(store)[stored:]]
    for number, case_id in enumerate(others, start=1):
        edit = CauseEdit(
            name=f"Cause {stored + number}",
            owner=SAM,
            state=CauseState.OPEN,
            phrases=("payment",),
            fixed_at=None,
        )
        cause = do(store, create_cause, edit=edit, user_id=SAM, now=NOW)
        for member in (first, case_id) if number == 1 else (case_id,):
            do(
                store,
                decide_membership,
                case_id=member,
                cause_id=cause.id,
                belongs=True,
                user_id=SAM,
                now=NOW,
            )
    do(store, resolve, case_id=first, version=case_of(store, first).version, user_id=SAM, now=NOW)


def statements(store: Store) -> int:
    run: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        run.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        do(store, list_causes, period=YEAR, filters=Filters(), now=NOW)
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    return len(run)


def test_all_causes_are_counted_by_as_many_statements_as_one(store: Store) -> None:
    fill(store, 1)
    of_one = statements(store)
    fill(store, 4)
    assert statements(store) == of_one


def test_each_cause_has_its_own_figures(store: Store) -> None:
    fill(store, 3)
    found = do(store, list_causes, period=YEAR, filters=Filters(), now=NOW)
    assert [(one.cause.name, one.count, one.waiting) for one in found] == [
        ("Cause 1", 2, 1),
        ("Cause 3", 1, 1),
        ("Cause 2", 1, 1),
    ]


def test_who_waits_is_looked_for_among_the_cases_that_wait(store: Store) -> None:
    fill(store, 2)
    with explained(store) as (uow, plans):
        assert uow.causes.waiting_counts()
        list_causes(uow, period=YEAR, filters=Filters(), now=NOW)
        [cause, *_] = uow.causes.all()
        assert uow.causes.count_waiting(cause.id) == 1
        assert [case.claimed_by for case in uow.causes.waiting(cause.id, limit=5)] == [None]
    assert plans.scans == []
    if store.engine.dialect.name == "sqlite":
        assert any("SEARCH cases USING INDEX ix_cases_queue" in line for line in plans.lines)
        assert not any(line == "SEARCH cases USING INTEGER PRIMARY KEY (rowid=?)" for line in plans.lines)
