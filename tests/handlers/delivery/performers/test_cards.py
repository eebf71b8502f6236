"""Deliver cards and threads by the real performers, to channels that close and messages that vanish."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from domain.cases.case import Case
from domain.cases.files import File
from domain.delivery.effects import UpdateCard
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Outcome
from domain.delivery.thread_effects import PostThread
from domain.networks import Connected, Networks, TextCount
from domain.records.audit import Action
from handlers.cases.alerts import alert
from handlers.cases.assignment import claim, release
from handlers.cases.missing_cards import post_missing_cards
from handlers.cases.resolution import resolve
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import performers
from handlers.delivery.performers.thread_posts import ThreadPoster
from handlers.desk import Desk
from handlers.intake.redaction import redact_post
from storage.engine import Store
from storage.outbox_claims import Paces
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock, turn, unpaced
from tests.handlers.made import (
    ACME,
    HOUR,
    NOW,
    POLICY,
    PROFILE,
    SAM,
    a_post,
    a_stored_case,
    alerts,
    arrive,
    audit_actions,
    card_view,
    case_of,
    count,
    do,
    messages,
    networks,
    queued,
)
from tests.handlers.slack.listening import Directory
from tests.handlers.timers.test_mentions import Network

SUPPORT, FALLBACK, ONCALL = "C0SUPPORT", "C0FALLBACK", "C0ONCALL"


@dataclass
class FakeTeamChat:
    """Channels with messages. An archived channel refuses writes and shows nothing."""

    archived: set[str] = field(default_factory=set)
    refuses: bool = False
    messages: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    threads: list[tuple[str, str]] = field(default_factory=list)
    marks: list[tuple[str, str, str]] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[tuple[str, str]] = field(default_factory=list)
    updates: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: str | None = None,
        metadata: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        if channel in self.archived:
            return Failed("the channel is archived", "is_archived", route_broken=True)
        if thread_ts is not None and (channel, thread_ts) not in self.messages:
            return Failed("the message is gone", "message_not_found")
        ts = f"1700000000.{next(self._numbers):06}"
        if thread_ts is None:
            self.messages[channel, ts] = content
        else:
            self.threads.append((thread_ts, content["text"]))
        return Done({**(metadata or {}), "channel": channel, "ts": ts, "by": token})

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        self.updates += 1
        if self.refuses:
            return Failed("Slack refused how it is drawn", "invalid_blocks", invalid_content=True)
        if channel in self.archived:
            return Failed("the channel is archived", "is_archived", route_broken=True)
        if (channel, ts) not in self.messages:
            return Failed("the message is gone", "message_not_found")
        self.messages[channel, ts] = content
        return Done({"channel": channel, "ts": ts})

    async def find(self, channel: str, *, token: str, since: object, thread_ts: str | None = None) -> Finding:
        assert token
        assert since
        return Absent() if thread_ts is None and channel not in self.archived else Failed("closed")

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> Outcome:
        return Done({"user": user_id, "view": view})

    async def send_file(self, user_id: str, *, name: str, content: bytes | Path, text: str) -> Outcome:
        raise AssertionError((user_id, name, content, text))

    async def share_file(self, channel: str, file: File, *, thread_ts: str) -> Outcome:
        if channel in self.archived:
            return Failed("the channel is archived", "is_archived", route_broken=True)
        self.threads.append((thread_ts, f"{file.name}: {len(file.content or b'')} bytes"))
        return Done({"channel": channel})

    async def find_file(self, channel: str, file: File, *, thread_ts: str, since: object) -> Finding:
        assert channel
        assert file.name
        assert thread_ts
        assert since
        return Absent()

    async def delete(self, channel: str, ts: str) -> Outcome:
        self.deleted.append((channel, ts))
        return Done()

    async def delete_files(self, channel: str, *, thread_ts: str) -> Outcome:
        self.deleted.append((channel, thread_ts))
        return Done()

    async def upload_picture(self, name: str, content: bytes, *, alt_text: str) -> str | None:
        self.pictures.append((name, alt_text))
        return "F0PICTURE" if content.startswith(b"\x89PNG") else None

    async def add_reaction(self, channel: str, ts: str, name: str) -> Outcome:
        self.marks.append((channel, ts, name))
        return Done()

    def cards(self, channel: str) -> list[str]:
        """Return the ts of each message in the channel that has buttons."""
        return [ts for (at, ts), shown in self.messages.items() if at == channel and "actions" in str(shown)]


@dataclass
class DeliveryHarness:
    """A delivery loop with its team chat and clock."""

    delivery: Delivery
    chat: FakeTeamChat
    clock: ManualClock

    async def settle(self, most: int = 12) -> int:
        """Deliver until nothing is left; return the number of rounds."""
        for rounds in range(most):
            if not await turn(self.delivery):
                return rounds
            self.clock.advance(seconds=3)
        raise AssertionError(f"there was something to deliver in each of {most} rounds")


def a_harness(
    desk: Desk,
    connected: Networks,
    *,
    paces: Paces = unpaced,
    **more: Any,  # noqa: ANN401 - of the context
) -> DeliveryHarness:
    """Build the real performers over a fake team chat, these networks, and `more` parts of the context."""
    chat, clock = FakeTeamChat(), ManualClock()
    parts = performers(a_context(desk, team_chat=chat, clock=clock, networks=connected, **more))
    dispatcher = Dispatcher(performers=parts, paces=paces, owner="me")
    return DeliveryHarness(Delivery(desk, dispatcher, clock, sole_worker=False), chat, clock)


@pytest.fixture
def harness(desk: Desk) -> DeliveryHarness:
    return a_harness(desk, networks(Network()))


async def case_with_card(store: Store, harness: DeliveryHarness) -> Case:
    """Store a case whose card is in the support channel."""
    case = a_stored_case(store)
    await harness.settle()
    assert len(harness.chat.cards(SUPPORT)) == 1
    return case_of(store, case.id)


def press(store: Store, case: Case) -> None:
    """Change the case so that its card and thread must be updated."""
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    do(store, release, case_id=case.id, user_id=SAM, now=NOW)


async def test_a_card_is_posted_once_and_follows_the_case(store: Store, harness: DeliveryHarness) -> None:
    case = await case_with_card(store, harness)
    press(store, case)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    await harness.settle()
    assert len(harness.chat.messages) == 1
    assert SAM in str(harness.chat.messages)
    assert harness.chat.updates == 1, "a burst of changes is one update"
    assert [at for at, _ in harness.chat.threads] == [case.card_ts]


async def test_what_would_look_the_same_is_not_sent(store: Store, harness: DeliveryHarness) -> None:
    case = await case_with_card(store, harness)
    press(store, case)
    await harness.settle()
    before = harness.chat.updates
    with store.unit_of_work() as uow:
        uow.outbox.add([UpdateCard(case.id)], now=NOW)
    await harness.settle()
    assert harness.chat.updates == before


async def test_a_card_has_the_suggestion_for_the_newest_words(store: Store, harness: DeliveryHarness) -> None:
    case = await case_with_card(store, harness)
    [card] = harness.chat.messages.values()
    assert "Payment errors" in str(card)
    arrive(store, a_post("9001", "@acme and where is my parcel?"))
    await harness.settle()
    assert case_of(store, case.id).version == 2, "to choose is no change of the case"
    [card] = harness.chat.messages.values()
    assert "Payment errors" not in str(card)
    assert "Late parcel" in str(card)


async def test_a_card_is_posted_where_no_suggestion_can_be_chosen(
    store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The next time that it is drawn, the choice is made up for."""
    broken = cast("Any", SimpleNamespace(refresh_to_suggest=None))
    harness = a_harness(desk, networks(Network()), live_classifier=broken)
    case = await case_with_card(store, harness)
    assert "no suggestion could be chosen" in caplog.text
    assert card_view(store, case).suggestion is not None


async def test_a_card_that_cannot_be_posted_goes_to_the_fallback_and_somebody_is_told(
    store: Store, harness: DeliveryHarness
) -> None:
    harness.chat.archived.add(SUPPORT)
    case = a_stored_case(store)
    await harness.settle()
    assert len(harness.chat.cards(FALLBACK)) == 1
    after = case_of(store, case.id)
    assert (after.channel, after.card_channel) == (FALLBACK, FALLBACK)
    assert [action for _, action, _ in audit_actions(store, case.id)] == [
        Action.CASE_OPENED,
        Action.ROUTE_FAILED,
    ]
    [text] = alerts(store)
    assert f"#{SUPPORT}" in text
    assert "archived" in text


async def test_a_channel_that_closes_later_moves_the_card_once(
    store: Store, harness: DeliveryHarness
) -> None:
    """A failed update must not request the next one, or the new card would never be posted."""
    case = await case_with_card(store, harness)
    harness.chat.archived.add(SUPPORT)
    press(store, case)
    await harness.settle()
    assert len(harness.chat.cards(FALLBACK)) == 1
    assert [action for _, action, _ in audit_actions(store, case.id)].count(Action.ROUTE_FAILED) == 1
    press(store, case)
    await harness.settle()
    assert len(harness.chat.cards(FALLBACK)) == 1


async def test_a_moved_card_has_the_whole_story_in_its_thread(store: Store, harness: DeliveryHarness) -> None:
    case = await case_with_card(store, harness)
    press(store, case)
    await harness.settle()
    harness.chat.archived.add(SUPPORT)
    press(store, case)
    await harness.settle()
    [ts] = harness.chat.cards(FALLBACK)
    assert case_of(store, case.id).card_ts == ts
    assert [at for at, _ in harness.chat.threads][-1] == ts
    with store.unit_of_work() as uow:
        newest = uow.audit.of_case(case.id)[-1].id
    assert case_of(store, case.id).thread_audit_id == newest


async def test_a_thread_post_under_a_card_that_was_replaced_meanwhile_is_posted_again(
    store: Store, desk: Desk
) -> None:
    case = a_stored_case(store)
    poster = ThreadPoster(a_context(desk))
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel=SUPPORT, ts="2.0", digest="d")
        uow.outbox.add([PostThread(case.id, SUPPORT)], now=NOW)
        jobs = uow.outbox.claim(now=NOW, lease=HOUR, owner="t", limit=9, paces=lambda _: None)
        job = next(job for job in jobs if isinstance(job.effect, PostThread))
        uow.outbox.settle(job, now=NOW, result={})
        poster.on_done(uow, job, {"first": 1, "seen": 1, "more": 0, "card": "1.0"}, NOW)
    assert case_of(store, case.id).thread_audit_id == 0
    assert [row["state"] for row in queued(store, "post_thread")] == ["queued"]


async def test_a_deleted_card_is_posted_anew_once(store: Store, harness: DeliveryHarness) -> None:
    case = await case_with_card(store, harness)
    harness.chat.messages.clear()
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    await turn(harness.delivery)
    do(store, release, case_id=case.id, user_id=SAM, now=NOW)
    await harness.settle()
    assert len(harness.chat.cards(SUPPORT)) == 1
    again = case_of(store, case.id)
    assert again.card_ts == harness.chat.cards(SUPPORT)[0]
    harness.chat.messages.clear()
    press(store, case)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    await harness.settle()
    assert len(harness.chat.cards(SUPPORT)) == 1


async def test_a_deleted_card_of_a_closed_case_stays_away(store: Store, harness: DeliveryHarness) -> None:
    case = await case_with_card(store, harness)
    harness.chat.messages.clear()
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    await harness.settle()
    assert harness.chat.messages == {}


async def test_where_the_fallback_is_closed_too_somebody_is_told(
    store: Store, harness: DeliveryHarness
) -> None:
    harness.chat.archived |= {SUPPORT, FALLBACK}
    a_stored_case(store)
    await harness.settle()
    assert harness.chat.cards(FALLBACK) == []
    assert len(alerts(store)) == 2
    assert "App Home" in alerts(store)[1]
    assert len(harness.chat.messages) == 2, "both alerts are in the alert channel"


async def test_an_alert_whose_channel_is_closed_goes_to_the_fallback(
    store: Store, harness: DeliveryHarness
) -> None:
    harness.chat.archived.add(ONCALL)
    do(store, alert, POLICY, "The house is on fire.", dedupe_key="fire", now=NOW)
    await harness.settle()
    assert [at for at, _ in harness.chat.messages] == [FALLBACK]
    harness.chat.archived.add(FALLBACK)
    do(store, alert, POLICY, "The house is on fire.", dedupe_key="fire 2", now=NOW)
    await harness.settle()
    assert len(harness.chat.messages) == 1
    assert {row["state"] for row in queued(store, "alert")} == {"sent", "failed"}


# --- redaction in a channel that refuses us ---------------------------------------------------


def post_gone(store: Store, case: Case) -> None:
    [message] = messages(store, case.id)
    do(store, redact_post, message_id=message.id, policy=POLICY, now=NOW)


async def test_a_closed_channel_that_still_shows_a_deleted_post_is_named(
    store: Store, harness: DeliveryHarness
) -> None:
    case = await case_with_card(store, harness)
    harness.chat.archived.add(SUPPORT)
    post_gone(store, case)
    await harness.settle()
    [text] = [text for text in alerts(store) if "is gone from the network" in text]
    assert f"in #{SUPPORT} may still show it" in text
    assert "delete that message by hand" in text


async def test_a_card_that_was_left_behind_in_a_closed_channel_is_not_forgotten(
    store: Store, harness: DeliveryHarness
) -> None:
    case = await case_with_card(store, harness)
    harness.chat.archived.add(SUPPORT)
    press(store, case)
    await harness.settle()
    assert case_of(store, case.id).card_channel == FALLBACK
    post_gone(store, case)
    await harness.settle()
    [text] = [text for text in alerts(store) if "is gone from the network" in text]
    assert f"in #{SUPPORT} may still show it" in text


async def test_a_channel_that_never_had_the_card_shows_nothing_of_it(
    store: Store, harness: DeliveryHarness
) -> None:
    harness.chat.archived.add(SUPPORT)
    case = a_stored_case(store)
    await harness.settle()
    post_gone(store, case)
    await harness.settle()
    assert [text for text in alerts(store) if "is gone from the network" in text] == []


# --- rendering faults -------------------------------------------------------------------------


@dataclass
class FailingCount:
    """A text count that raises, so that no card can be rendered with it."""

    broken: bool = True

    def __call__(self, text: str) -> TextCount:
        if self.broken:
            raise KeyError(text)
        return count(text)


def faults(store: Store) -> list[str]:
    return [text for text in alerts(store) if "a fault of Switchboard" in text]


async def test_a_card_that_we_cannot_draw_is_told_of_once_and_goes_to_no_other_channel(
    store: Store, desk: Desk
) -> None:
    counter = FailingCount()
    connected = Connected(profile=replace(PROFILE, count=counter), client=Network(), account=ACME)
    harness = a_harness(desk, Networks({PROFILE.name: connected}))
    case = a_stored_case(store)
    await harness.settle()
    harness.clock.advance(minutes=11)
    assert do(store, post_missing_cards, policy=POLICY, now=harness.clock.moment) == 1
    await harness.settle()
    [text] = faults(store)
    assert f"case {case.id} (@anaruiz)" in text
    assert "/mentions next" in text
    assert alerts(store) == [text]
    assert harness.chat.cards(FALLBACK) == []
    counter.broken = False
    harness.clock.advance(minutes=11)
    do(store, post_missing_cards, policy=POLICY, now=harness.clock.moment)
    await harness.settle()
    assert len(harness.chat.cards(SUPPORT)) == 1


async def test_a_card_that_slack_will_not_draw_is_told_of_once(
    store: Store, harness: DeliveryHarness
) -> None:
    case = await case_with_card(store, harness)
    harness.chat.refuses = True
    for _ in range(2):
        press(store, case)
        await harness.settle()
    [text] = faults(store)
    assert "Slack refused how it is drawn" in text


async def test_a_card_warns_of_a_customer_who_is_called_like_an_agent(store: Store, desk: Desk) -> None:
    harness = a_harness(desk, networks(Network()), directory=Directory(known={SAM: "Ana Ruiz"}))
    case = await case_with_card(store, harness)
    assert "Named like Ana Ruiz of our team" in str(harness.chat.messages)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    await harness.settle()
    assert "of our team" not in str(harness.chat.messages)
