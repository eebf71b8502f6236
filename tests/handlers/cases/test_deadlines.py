"""Act on targets that are near or missed: once each, also where several copies of the bot do it at once."""

from datetime import timedelta
from functools import partial

from domain.cases.service_levels import MissedTargetAct, ServiceLevel, ServiceLevels
from domain.office_hours import office_hours
from domain.records.audit import SYSTEM, Action
from domain.triage.ranking import OVERDUE, reasons_for
from handlers.cases.assignment import claim
from handlers.cases.deadlines import act_on_deadlines, has_deadlines
from handlers.cases.queue import view_home
from handlers.cases.resolution import resolve
from handlers.cases.views import view_case
from handlers.replies.results import record_bounced
from storage.engine import Store
from tests.handlers.cases.test_waits import sent, the_case, waits
from tests.handlers.made import (
    HOUR,
    MINUTE,
    NOW,
    SAM,
    a_post,
    arrive,
    audit_actions,
    case_of,
    do,
    in_parallel,
    notified_people,
    queued,
    trail,
)

FAST = ServiceLevel(
    name="fast",
    first=30 * MINUTE,
    following=60 * MINUTE,
    resolution=3 * HOUR,
    warn_before=10 * MINUTE,
    at_breach=(MissedTargetAct.TELL, MissedTargetAct.RAISE, MissedTargetAct.RELEASE, MissedTargetAct.MANAGER),
)
LEVELS = ServiceLevels(levels=[FAST])
MANAGERS = {"C0LEADS"}


def opened(store: Store, levels: ServiceLevels = LEVELS) -> int:
    """Have Ana write, where these service levels hold; return the id of her case."""
    store.service_levels = levels
    arrive(store, a_post("9000"), service_levels=levels)
    return the_case(store).id


def act(store: Store, minute: float) -> int:
    return do(store, act_on_deadlines, managers=MANAGERS, now=NOW + minute * MINUTE)


def told(store: Store) -> list[tuple[str, str]]:
    return notified_people(store)


def test_a_warning_then_a_breach_are_acted_on_once(store: Store) -> None:
    case_id = opened(store)
    assert not do(store, has_deadlines, now=NOW + 19 * MINUTE)
    assert act(store, 19) == 0
    assert do(store, has_deadlines, now=NOW + 20 * MINUTE)
    assert (act(store, 20), act(store, 21)) == (1, 0)
    assert told(store) == [(case_of(store, case_id).channel, "answer_due_soon")]
    do(store, claim, case_id=case_id, user_id=SAM, now=NOW + 25 * MINUTE)
    before = case_of(store, case_id)
    assert (act(store, 30), act(store, 31)) == (1, 0)
    case = case_of(store, case_id)
    assert sorted(told(store)[1:]) == [("C0LEADS", "answer_overdue"), (SAM, "answer_overdue")]
    assert (case.claimed_by, case.raised_at) == (None, NOW + 30 * MINUTE)
    assert case.sort_key > before.sort_key
    assert OVERDUE in reasons_for(case, NOW)
    assert [a for _, a, _ in audit_actions(store, case_id)] == [
        Action.CASE_OPENED,
        Action.ANSWER_DUE_SOON,
        Action.CLAIMED,
        Action.ANSWER_OVERDUE,
    ]
    entry = trail(store, case_id)[-1]
    assert (entry.actor, entry.detail["released_from"], entry.detail["level"]) == (SYSTEM, SAM, "fast")


def test_the_card_is_drawn_anew_once_the_answer_is_overdue(store: Store) -> None:
    case_id = opened(store)
    with store.unit_of_work() as uow:
        uow.outbox.settle_queued(now=NOW)
    before = do(store, view_case, case_id=case_id, now=NOW + 29 * MINUTE)
    assert not before.is_overdue
    assert act(store, 30) == 1
    assert [row["state"] for row in queued(store, "update_card")] == ["queued"]
    assert do(store, view_case, case_id=case_id, now=NOW + 30 * MINUTE).is_overdue


def test_several_copies_act_once(store: Store) -> None:
    case_id = opened(store)
    assert all(isinstance(done, int) for done in in_parallel([partial(act, store, 30)] * 4))
    assert [a for _, a, _ in audit_actions(store, case_id)].count(Action.ANSWER_OVERDUE) == 1


def test_an_answer_in_time_leaves_nothing_to_act_on_but_the_next_and_the_resolution(sqlite: Store) -> None:
    opened(sqlite)
    answer_id = sent(sqlite, 15)
    assert act(sqlite, 300) == 0
    do(sqlite, record_bounced, message_id=answer_id, reason="full", now=NOW + 301 * MINUTE)
    case = the_case(sqlite)
    assert case.reply_due == NOW + 30 * MINUTE
    assert act(sqlite, 302) == 1
    actions = [action for _, action, _ in audit_actions(sqlite, case.id)]
    assert actions[-2:] == [Action.ANSWER_OVERDUE, Action.RESOLUTION_OVERDUE]


def test_the_next_answer_has_its_own_target_and_the_resolution_is_paused(sqlite: Store) -> None:
    opened(sqlite)
    sent(sqlite, 25)  # 25 of 180 minutes of the resolution
    case = the_case(sqlite)
    assert (case.reply_due, case.raised_at) == (None, None)
    arrive_again(sqlite, 600)
    [first, following] = waits(sqlite)
    assert (first.office_seconds, first.check_at) == (25 * 60, None)
    assert following.due_at == the_case(sqlite).reply_due == NOW + 660 * MINUTE
    assert following.resolution_due_at == NOW + (600 + 180 - 25) * MINUTE
    act(sqlite, 760)
    actions = [action for _, action, _ in audit_actions(sqlite, the_case(sqlite).id)]
    assert actions[-2:] == [Action.ANSWER_OVERDUE, Action.RESOLUTION_OVERDUE]
    sent(sqlite, 770, "V2")
    assert the_case(sqlite).raised_at is None
    arrive_again(sqlite, 800)
    assert act(sqlite, 801) == 0, "the resolution is told of once for the case"


def arrive_again(store: Store, minute: int) -> None:
    at = NOW + minute * MINUTE
    post = a_post(
        f"1{minute:04}", "@acme it still does not work, why?", created_at=at, conversation_id="9000"
    )
    arrive(store, post, now=at, service_levels=store.service_levels)


def test_a_graver_word_makes_the_answer_due_earlier(sqlite: Store) -> None:
    urgent = ServiceLevel(name="urgent", situations={"safety_or_legal"}, first=5 * MINUTE)
    opened(sqlite, ServiceLevels(levels=[urgent, FAST]))
    at = NOW + 2 * MINUTE
    fire = a_post(
        "9001", "@acme it is on fire, there is smoke everywhere", created_at=at, conversation_id="9000"
    )
    arrive(sqlite, fire, now=at, service_levels=sqlite.service_levels)
    [wait] = waits(sqlite)
    assert (wait.due_at, wait.policy) == (NOW + 5 * MINUTE, "urgent")


def test_a_closed_case_has_no_deadline(sqlite: Store) -> None:
    case_id = opened(sqlite)
    do(sqlite, resolve, case_id=case_id, version=None, user_id=SAM, now=NOW + MINUTE)
    assert not do(sqlite, has_deadlines, now=NOW + 9 * HOUR)


def test_office_hours_count_in_answers_and_show_on_the_card(sqlite: Store) -> None:
    # NOW is a Saturday noon.
    levels = ServiceLevels(levels=[FAST], hours=office_hours(["mon-fri 09:00-18:00"], "UTC"))
    case_id = opened(sqlite, levels)
    monday = NOW + timedelta(days=1, hours=21)
    view = do(sqlite, view_case, case_id=case_id, now=NOW)
    assert (view.opens_at, view.case.reply_due) == (monday, monday + 30 * MINUTE)
    assert do(sqlite, view_case, case_id=case_id, now=monday).opens_at is None
    home = [do(sqlite, view_home, user_id=SAM, chosen="all", now=at).opens_at for at in (NOW, monday)]
    assert home == [monday, None]
    sent(sqlite, (monday - NOW) / MINUTE + 10)  # type: ignore[arg-type]
    assert waits(sqlite)[0].office_seconds == 600
