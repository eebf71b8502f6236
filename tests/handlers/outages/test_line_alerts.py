"""Tell of notices that did not arrive: whoever leads, and on-call, once for each notice."""

from domain.delivery.outcomes import Done, Failed, Later, Unknown
from domain.outages.notices import NoticeKind, PublicationState
from handlers.desk import Desk
from handlers.outages.results import retry_publication
from storage.engine import Store
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import NOW, SAM, do, queued
from tests.handlers.outages.made import SAM_MAY, ListDestination, deliver, destinations, sent
from tests.handlers.outages.test_results import announced, drafted, publications

ONCALL = "C0ONCALL"


def told(store: Store, channel: str) -> list[str]:
    alerts = [row["payload"] for row in queued(store, "alert")]
    assert all(alert["board_of"] for alert in alerts), "each leads to the board"
    return [alert["text"] for alert in alerts if alert["channel"] == channel]


async def test_a_notice_that_some_refuse_is_told_once_to_the_lead_and_on_call(
    store: Store, desk: Desk
) -> None:
    page = ListDestination(outcomes=[Failed("it does not answer (HTTP 500).")] * 2)
    where = destinations(page=page, wall=ListDestination(outcomes=[Failed("no")]), posts=ListDestination())
    outage_id = announced(store, where, "page", "wall", "posts")
    await deliver(desk, where)
    for channel in (SAM, ONCALL):
        [text] = told(store, channel)
        assert text.startswith("“Payments fail”: its announcement was not sent to ")
        assert "Press “Try again” on its board." in text
    failed = next(one for one in publications(store, outage_id) if one.destination == "page")
    do(
        store,
        retry_publication,
        publication_id=failed.id,
        destinations=where,
        actor=SAM_MAY,
        now=NOW,
    )
    await deliver(desk, where)
    assert told(store, ONCALL)[1:] == [
        "“Payments fail”: its announcement was not sent to Page: it does not answer (HTTP 500). "
        "Press “Try again” on its board. The board has a line for each destination: look at them all."
    ], "the second try failed, too"


async def test_one_that_only_a_person_can_settle_is_told_once_checks_are_over(
    store: Store, desk: Desk
) -> None:
    page = ListDestination(outcomes=[Unknown("the bot was interrupted")], findings=[Later("no answer")] * 9)
    where, clock = destinations(page=page), ManualClock()
    outage_id = announced(store, where)
    await deliver(desk, where, clock)
    assert publications(store, outage_id)[0].state is PublicationState.UNSURE
    assert told(store, ONCALL) == [], "it is looked for first"
    for _ in range(12):
        clock.advance(hours=1)
        await deliver(desk, where, clock)
    for channel in (SAM, ONCALL):
        [text] = told(store, channel)
        assert "its announcement may not have been sent to Page" in text
        assert "Look there, then press on its board what you saw" in text


async def test_one_that_is_found_is_not_told(store: Store, desk: Desk) -> None:
    page = ListDestination(outcomes=[Unknown("no answer")], findings=[Done({"id": "p7", "url": None})])
    where, clock = destinations(page=page), ManualClock()
    announced(store, where)
    await deliver(desk, where, clock)
    clock.advance(minutes=5)
    await deliver(desk, where, clock)
    assert told(store, ONCALL) == []


async def test_one_that_a_newer_notice_has_replaced_is_not_told(store: Store, desk: Desk) -> None:
    page = ListDestination(outcomes=[Later("no answer"), Failed("no")])
    where, clock = destinations(page=page), ManualClock()
    outage_id = announced(store, where)
    await deliver(desk, where, clock)
    sent(store, drafted(store, outage_id, NoticeKind.UPDATE, "We know the cause."), where)
    clock.advance(hours=1)
    await deliver(desk, where, clock)
    assert [one.state for one in publications(store, outage_id)] == [
        PublicationState.FAILED,
        PublicationState.SENT,
    ]
    assert told(store, ONCALL) == []
