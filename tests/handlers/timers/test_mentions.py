"""Poll a network: store posts and alert on errors, also across interruptions."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from domain.accounts import Account
from domain.delivery.outcomes import Failed, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.intake.post_events import PostEvents
from domain.intake.posts import Page, Post
from domain.intake.stream_names import MENTIONS, SEARCH
from domain.intake.streams import Cursor, SourceError, SourceFault
from domain.networks import Connected, DirectMessages, NetworkProfile
from handlers.desk import Desk
from handlers.intake.stream_health import UNREACHABLE_ALERT_AFTER, get_cursor
from handlers.live_classifier import LiveClassifier
from handlers.timers import mentions as reading_module
from handlers.timers.mentions import MentionsPoller, PollSettings
from storage.engine import Store
from storage.errors import LostLeadership
from tests.handlers.context import a_live_classifier
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import (
    ACME,
    ANA,
    HOUR,
    NOW,
    POLICY,
    PROFILE,
    a_classifier,
    a_post,
    a_words,
    alerts,
    cases,
    do,
)

PAUSE = timedelta(minutes=15)
TOWN = NetworkProfile(name="town", label="Town Square")
#: Our account on the other network has the same handle.
ACME_IN_TOWN = replace(ACME, network=TOWN.name, id="7")


@dataclass
class Network:
    """Return or raise `pages` in turn; nothing new after that."""

    pages: list[Page | Exception] = field(default_factory=list)
    calls: list[tuple[str, str | None]] = field(default_factory=list)
    direct: DirectMessages | None = None
    events: PostEvents | None = None

    async def account(self) -> Account:
        return ACME

    async def mentions(self, account: Account, since_id: str | None) -> Page:
        return self._next(f"mentions of {account.handle}", since_id)

    async def recent_mentions(self, account: Account, since: datetime) -> Page:
        return self._next(f"mentions of {account.handle} since {since:%H:%M}", None)

    async def search(self, account: Account, query: str, since_id: str | None) -> Page:
        return self._next(f"{query} beside {account.handle}", since_id)

    async def reply(self, text: str, to_post_id: str, *, unnotified: Sequence[str] = ()) -> Outcome:  # noqa: ARG002 - the port's signature
        return Failed(f"{to_post_id} is not answered with {text}")

    async def find_reply(self, account: Account, text: str, to_post_id: str, since: object) -> Finding:
        return Failed(f"{account.handle} {text} {to_post_id} {since}")

    async def post(self, text: str, reply_to_id: str | None) -> Outcome:
        return Failed(f"{text} is not posted beside {reply_to_id}")

    async def find_post(self, account: Account, text: str, reply_to_id: str | None, since: object) -> Finding:
        return Failed(f"{account.handle} {text} {reply_to_id} {since}")

    async def delete_post(self, post_id: str) -> Outcome:
        return Failed(f"{post_id} is not deleted")

    async def audience(self, account: Account) -> int | None:
        raise SourceError(SourceFault.UNAVAILABLE, f"nobody follows {account.handle}")

    async def missing_posts(self, post_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(post_ids)

    async def picture(self, url: str) -> bytes:
        raise SourceError(SourceFault.UNAVAILABLE, f"there is no picture at {url}")

    async def probe(self, *, direct: bool) -> list[CheckLine]:
        return [CheckLine("direct", ok=direct, detail="")]

    async def close(self) -> None:
        self.pages.clear()

    def _next(self, what: str, since_id: str | None) -> Page:
        self.calls.append((what, since_id))
        page = self.pages.pop(0) if self.pages else Page(newest_id=since_id)
        if isinstance(page, Exception):
            raise page
        return page


def an_intake(
    desk: Desk,
    network: Network,
    clock: ManualClock,
    *,
    quiet_after: timedelta = 6 * HOUR,
    profile: NetworkProfile = PROFILE,
    account: Account = ACME,
    classifier: LiveClassifier | None = None,
) -> MentionsPoller:
    return MentionsPoller(
        desk=desk,
        network=Connected(profile=profile, client=network, account=account, query="acme app"),
        classifier=classifier or a_live_classifier(desk, clock),
        policy=POLICY,
        settings=PollSettings(pause=PAUSE, quiet_after=quiet_after),
        clock=clock,
    )


def cursor(store: Store, stream: str = MENTIONS) -> Cursor:
    return do(store, get_cursor, account=ACME, stream=stream)


def posts(*ids: int) -> tuple[Post, ...]:
    return tuple(a_post(str(n), author=ANA) for n in ids)


async def test_posts_are_stored_and_the_next_read_begins_after_them(store: Store, desk: Desk) -> None:
    network = Network([Page(posts=posts(901, 902), newest_id="902")])
    intake = an_intake(desk, network, ManualClock())
    assert await intake.read(MENTIONS) == 2
    assert await intake.read(MENTIONS) == 0
    assert await intake.read(SEARCH) == 0
    assert network.calls == [
        ("mentions of acme", None),
        ("mentions of acme", "902"),
        ("acme app beside acme", None),
    ]
    assert alerts(store) == []
    assert len(cases(store)) == 1


class _WhereScored:
    """A sentiment scorer that records the threads it is called in."""

    def __init__(self) -> None:
        self.threads: list[str] = []

    def score(self, text: str, language: str) -> float:
        self.threads.append(threading.current_thread().name)
        return 0.0 * len(text + language)


async def test_posts_are_read_before_their_transaction(store: Store, desk: Desk) -> None:
    """On SQLite every other transaction, and with it each click, waits for this one."""
    scorer = _WhereScored()
    classifier = LiveClassifier(
        replace(a_classifier(), sentiment=scorer), a_words().shipped_replies, desk=desk, clock=ManualClock()
    )
    intake = an_intake(
        desk, Network([Page(posts=posts(1, 2, 3), newest_id="3")]), ManualClock(), classifier=classifier
    )
    assert await intake.read(MENTIONS) == 3
    assert len(scorer.threads) == 1  # one text, three times
    assert not scorer.threads[0].startswith("desk")


async def test_a_long_page_is_stored_in_several_transactions_and_the_cursor_moves_with_the_last(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "BATCH_SIZE", 2)
    page = Page(posts=posts(901, 902, 903, 904, 905), newest_id="905")
    network = Network([page, page])
    intake = an_intake(desk, network, ManualClock())
    real, left = intake._ingest_batch, [2]

    def breaks(uow: object, *args: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise OSError("the disk is full")
        return real(uow, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "_ingest_batch", breaks)
    assert await intake.read(MENTIONS) == 0
    assert cursor(store).since_id is None
    monkeypatch.undo()
    assert await intake.read(MENTIONS) == 1
    assert cursor(store).since_id == "905"


@pytest.mark.parametrize("trouble", [SourceFault.REFUSED, SourceFault.OUT_OF_CREDIT, SourceFault.USAGE_CAP])
async def test_a_fault_pauses_the_stream_and_alerts_once_until_it_works_again(
    store: Store, desk: Desk, trouble: SourceFault
) -> None:
    error = SourceError(trouble, "X says no")
    network = Network([error, error, Page(posts=posts(901), newest_id="901"), error])
    clock = ManualClock()
    intake = an_intake(desk, network, clock)
    await intake.read(MENTIONS)
    await intake.read(MENTIONS)
    assert len(network.calls) == 1
    assert (cursor(store).pause_reason, cursor(store).paused_until) == (trouble, NOW + PAUSE)
    clock.advance(minutes=16)
    await intake.read(MENTIONS)
    [told] = alerts(store)
    assert told.startswith("Reading mentions of @acme on X has paused: X says no. ")
    assert told.endswith("It is tried again every 15 minutes, and reading goes on by itself once it works.")
    clock.advance(minutes=16)
    assert await intake.read(MENTIONS) == 1
    assert "works again" in alerts(store)[1]
    assert (cursor(store).pause_reason, cursor(store).paused_until) == (None, None)
    clock.advance(minutes=1)
    await intake.read(MENTIONS)
    assert len(alerts(store)) == 3, "a second pause within the hour is news too"


async def test_a_pause_lasts_as_long_as_the_network_says(store: Store, desk: Desk) -> None:
    until = NOW + 5 * HOUR
    network = Network([SourceError(SourceFault.USAGE_CAP, "X says no.", resume_at=until)])
    await an_intake(desk, network, ManualClock()).read(MENTIONS)
    assert cursor(store).paused_until == until
    [told] = alerts(store)
    assert told.endswith("X says no. Reading goes on by itself after that.")


async def test_a_copy_that_leads_no_longer_records_no_failure(
    store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(LostLeadership):
        await an_intake(desk, Network([LostLeadership("another copy leads")]), ManualClock()).read(MENTIONS)
    assert (alerts(store), caplog.records) == ([], [])


async def test_a_pause_ends_where_the_clock_is_set_back_before_it(store: Store, desk: Desk) -> None:
    network = Network([SourceError(SourceFault.REFUSED, "No."), Page(posts=posts(901), newest_id="901")])
    clock = ManualClock()
    intake = an_intake(desk, network, clock)
    await intake.read(MENTIONS)
    clock.advance(hours=-2)
    assert await intake.read(MENTIONS) == 1


async def test_another_fault_raises_another_alert(store: Store, desk: Desk) -> None:
    network = Network(
        [SourceError(SourceFault.REFUSED, "No."), SourceError(SourceFault.OUT_OF_CREDIT, "No money.")]
    )
    clock = ManualClock()
    intake = an_intake(desk, network, clock)
    await intake.read(MENTIONS)
    clock.advance(minutes=16)
    await intake.read(MENTIONS)
    assert len(alerts(store)) == 2


async def test_the_same_outage_of_two_networks_is_two_alerts(store: Store, desk: Desk) -> None:
    clock = ManualClock()
    for profile, account in ((PROFILE, ACME), (TOWN, ACME_IN_TOWN)):
        network = Network([SourceError(SourceFault.BAD_REQUEST, f"{account.network} answered nonsense.")])
        await an_intake(desk, network, clock, profile=profile, account=account).read(MENTIONS)
    assert [told.split(": ")[1].split(" ")[0] for told in alerts(store)] == ["x", "town"]


async def test_each_alert_of_a_stream_names_its_network(store: Store, desk: Desk) -> None:
    clock = ManualClock()
    for profile, account in ((PROFILE, ACME), (TOWN, ACME_IN_TOWN)):
        refused = SourceError(SourceFault.REFUSED, "No.")
        gap = Page(posts=posts(901), newest_id="901", gap=True, skipped=("880",))
        network = Network([refused, gap, SourceError(SourceFault.UNAVAILABLE, "No answer.")])
        intake = an_intake(desk, network, clock, profile=profile, account=account)
        await intake.read(MENTIONS)
        clock.advance(hours=7)
        await intake.read(MENTIONS)
        clock.advance(hours=7)
        await intake.read(MENTIONS)
        await intake.alert_if_quiet()
        told = [text for text in alerts(store) if f"@acme on {profile.label} " in text]
        assert [" ".join(text.split()[:2]) for text in told] == [
            "Reading mentions",  # has paused
            "Reading mentions",  # works again
            "1 post",
            "Some mentions",
            "Mentions of",
            "Nothing has",
        ]
    assert len(alerts(store)) == 12


async def test_a_rate_limit_is_waited_out_without_an_alert(store: Store, desk: Desk) -> None:
    until = NOW + timedelta(minutes=3)
    network = Network([SourceError(SourceFault.RATE_LIMIT, "429", resume_at=until)])
    clock = ManualClock()
    intake = an_intake(desk, network, clock)
    await intake.read(MENTIONS)
    assert await intake.read(MENTIONS) == 0
    assert len(network.calls) == 1
    clock.advance(minutes=4)
    await intake.read(MENTIONS)
    assert len(network.calls) == 2
    assert cursor(store).paused_until is None
    assert alerts(store) == []


async def test_a_lasting_outage_raises_an_alert_once_an_hour(store: Store, desk: Desk) -> None:
    away = [SourceError(SourceFault.UNAVAILABLE, "X is not available (HTTP 503).") for _ in range(9)]
    network = Network([Page(newest_id="1"), *away])
    clock = ManualClock()
    intake = an_intake(desk, network, clock)
    await intake.read(MENTIONS)
    clock.advance(seconds=UNREACHABLE_ALERT_AFTER.total_seconds())
    await intake.read(MENTIONS)
    assert alerts(store) == []
    clock.advance(minutes=1)
    await intake.read(MENTIONS)
    clock.advance(minutes=1)
    await intake.read(MENTIONS)
    assert [told[:49] for told in alerts(store)] == ["Mentions of @acme on X could not be read for 11 m"]


async def test_a_stream_that_was_never_read_raises_an_alert(store: Store, desk: Desk) -> None:
    """A search query that X rejects has no last reading to count from."""
    network = Network([SourceError(SourceFault.BAD_REQUEST, "X refused the reading.")])
    await an_intake(desk, network, ManualClock()).read(SEARCH)
    [told] = alerts(store)
    assert told.startswith("Search of @acme on X could not be read so far: X refused the reading.")
    assert "check" in told


async def test_a_page_that_cannot_be_stored_raises_an_alert_and_is_read_again(
    store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    poison = Page(posts=(a_post("901", None),), newest_id="901")  # type: ignore[arg-type]
    network = Network([Page(newest_id="1"), poison, poison])
    clock = ManualClock()
    intake = an_intake(desk, network, clock)
    await intake.read(MENTIONS)
    assert await intake.read(MENTIONS) == 0
    assert cursor(store).since_id == "1"
    assert "could not be stored" in caplog.text
    assert alerts(store) == []
    clock.advance(minutes=11)
    await intake.read(MENTIONS)
    [told] = alerts(store)
    assert "could not be stored" in told


async def test_gaps_and_skipped_posts_raise_alerts(store: Store, desk: Desk) -> None:
    network = Network([Page(posts=posts(901), newest_id="901", gap=True, skipped=("880", "890"))])
    await an_intake(desk, network, ManualClock()).read(MENTIONS)
    skipped, gap = alerts(store)
    assert "880, 890" in skipped
    assert "may be missing" in gap


async def test_a_post_that_stays_unreadable_raises_one_alert(store: Store, desk: Desk) -> None:
    """Readings overlap: the same post is listed in each, beside newer ones."""
    network = Network([Page(newest_id=str(n), skipped=("880",)) for n in range(900, 905)])
    intake = an_intake(desk, network, ManualClock())
    for _ in range(5):
        await intake.read(MENTIONS)
    assert len(alerts(store)) == 1


async def test_alerts_are_stored_with_their_page_or_not_at_all(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: object, **_kwargs: object) -> None:
        raise OSError("killed here")

    page = Page(posts=posts(901), newest_id="901", gap=True)
    network = Network([page, page])
    intake = an_intake(desk, network, ManualClock())
    with monkeypatch.context() as killed:
        killed.setattr(reading_module, "record_success", dies)
        await intake.read(MENTIONS)
    assert cursor(store).since_id is None
    assert cases(store) == []
    await intake.read(MENTIONS)
    assert any("may be missing" in told for told in alerts(store))


async def test_a_quiet_stream_raises_one_alert_until_something_arrives(store: Store, desk: Desk) -> None:
    network, clock = Network([Page(posts=posts(901), newest_id="901")]), ManualClock()
    intake = an_intake(desk, network, clock)
    await intake.alert_if_quiet()
    await intake.read(MENTIONS)
    clock.advance(hours=5)
    await intake.alert_if_quiet()
    assert alerts(store) == []
    for _ in range(3):
        clock.advance(hours=2)
        await intake.read(MENTIONS)
        await intake.alert_if_quiet()
    [told] = alerts(store)
    assert told.startswith("Nothing has arrived for @acme on X for 7 h.")
    network.pages.append(Page(posts=posts(902), newest_id="902"))
    await intake.read(MENTIONS)
    clock.advance(hours=7)
    await intake.alert_if_quiet()
    assert len(alerts(store)) == 2


async def test_the_alert_of_a_quiet_stream_can_be_switched_off(store: Store, desk: Desk) -> None:
    clock = ManualClock()
    intake = an_intake(desk, Network(), clock, quiet_after=timedelta(0))
    await intake.read(MENTIONS)
    clock.advance(days=9)
    await intake.alert_if_quiet()
    assert alerts(store) == []
