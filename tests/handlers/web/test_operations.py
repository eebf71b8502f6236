"""Serve health, readiness and metrics, with nothing of customers in any of them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

import aiohttp
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from adapters.metrics import Metrics
from domain.delivery.effect import Lane
from domain.delivery.effects import EFFECTS, Alert
from domain.delivery.outcomes import Done, Failed, Later, Unknown
from domain.intake.posts import Author, Page
from domain.model_calls import Spend
from domain.networks import Connected
from domain.operations.figures import OperationsFigures, StreamReading
from handlers.cases.assignment import claim
from handlers.delivery.counting import count_outcome
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.desk import Desk
from handlers.timers.mentions import MentionsPoller, PollSettings
from handlers.web.operations import OperationsPages, metrics_server, operations_pages
from handlers.web.server import WebServer
from storage.engine import Store
from tests.handlers.context import a_context, a_live_classifier
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, turn, unpaced
from tests.handlers.made import ACME, HOUR, MINUTE, NOW, POLICY, PROFILE, SAM, a_post, cases
from tests.handlers.timers.test_mentions import Network

SECRET = "Quetzalcoatl"  # in everything that a customer brings


@dataclass
class Site:
    """The pages of a desk, whose parts and database are as a test sets them."""

    desk: Desk
    clock: ManualClock = field(default_factory=ManualClock)
    works: dict[str, bool | str] = field(default_factory=lambda: {"delivery": True, "scheduler": True})
    is_started: bool = True
    fault: str | None = None
    intervals: Mapping[str, timedelta] = field(default_factory=lambda: {"x mentions": MINUTE})
    metrics: Metrics = field(default_factory=Metrics)
    address: str = ""

    async def parts(self) -> Mapping[str, bool | str]:
        return self.works

    def heard_seconds(self) -> float | None:
        return None

    async def reconnect(self) -> None:
        """Do nothing: there is no socket."""

    def pages(self) -> OperationsPages:
        ctx = a_context(self.desk, clock=self.clock, metrics=self.metrics, email=None)
        return operations_pages(
            ctx, lambda: self.fault, lambda: self if self.is_started else None, self.intervals
        )

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def samples(self) -> dict[str, float]:
        """Return the metrics: "name{label,label}" to value."""
        status, text = await self.get("/metrics")
        assert status == 200
        return {
            f"{sample.name}{{{','.join(sample.labels.values())}}}": sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[Site]:
    site = Site(desk)
    server = metrics_server(site.pages(), "127.0.0.1", 0)
    assert server is not None
    await server.start()
    site.address = server.address
    try:
        yield site
    finally:
        await server.stop()


def a_poller(site: Site, *pages: Page) -> MentionsPoller:
    client = Network(list(pages))
    return MentionsPoller(
        desk=site.desk,
        network=Connected(profile=PROFILE, client=client, account=ACME, query=None),
        classifier=a_live_classifier(site.desk, site.clock),
        policy=POLICY,
        settings=PollSettings(pause=MINUTE, quiet_after=HOUR),
        clock=site.clock,
        on_lag=site.metrics.observe_lag,
    )


def a_delivery(site: Site, script: ScriptedPerformer) -> Delivery:
    dispatcher = Dispatcher(
        performers=dict.fromkeys(EFFECTS, script),
        paces=unpaced,
        owner="me",
        on_decided=partial(count_outcome, site.metrics),
    )
    return Delivery(site.desk, dispatcher, site.clock, sole_worker=False)


async def test_metrics_say_what_is_going_on_and_nothing_of_customers(store: Store, desk: Desk) -> None:
    async with served(desk) as site:
        desk.on_ran = site.metrics.observe_use_case
        ana = Author(id=f"{SECRET}-1", handle=SECRET, name=f"Ana {SECRET}", followers=7)
        post = a_post(f"9{SECRET}", f"{SECRET} my payment fails", author=ana, created_at=NOW - MINUTE)
        post = replace(post, conversation_id=f"c{SECRET}", url=f"https://x.example/{SECRET}")
        assert await a_poller(site, Page(posts=(post,), newest_id="9")).read("mentions") == 1
        [case] = cases(store)
        await desk.run(claim, case_id=case.id, user_id=SAM, now=NOW)
        with store.unit_of_work() as uow:
            uow.outbox.add([Alert(text=SECRET, dedupe_key=SECRET, channel=SECRET)], now=NOW)
        script = ScriptedPerformer([Failed(SECRET), Later(SECRET), Unknown(SECRET), Done({"said": SECRET})])
        assert await turn(a_delivery(site, script)) > 1
        site.clock.advance(minutes=20)
        samples = await site.samples()
        _, health = await site.get("/healthz")
        _, ready = await site.get("/readyz")
        _, text = await site.get("/metrics")
    assert SECRET.lower() not in (text + health + ready).lower()
    assert samples["switchboard_intake_lag_seconds_sum{x,mentions}"] == 60
    assert samples["switchboard_stream_age_seconds{x,mentions}"] == 20 * 60
    assert samples["switchboard_outbox_unsure{}"] == 1
    assert samples["switchboard_use_case_seconds_count{claim}"] == 1
    urgency = case.assessment.urgency.name.lower()
    assert samples[f"switchboard_queue_cases{{yes,{urgency}}}"] == 1
    assert sum(value for name, value in samples.items() if name.startswith("switchboard_sends_total")) == len(
        script.performed
    )
    late = [samples[f"switchboard_outbox_oldest_due_seconds{{{lane.name.lower()}}}"] for lane in Lane]
    assert max(late) > 19 * 60
    assert "the outbox is late" in health


async def test_health_fails_for_what_a_restart_mends_and_warns_of_the_rest(store: Store, desk: Desk) -> None:
    async with served(desk) as site:
        site.is_started = False
        assert await site.get("/readyz") == (503, '{"ready":false,"failed":{"start":"not running"}}')
        site.is_started = True
        status, text = await site.get("/healthz")
        assert (status, '"ok":true' in text) == (200, True)
        await a_poller(site, Page(posts=(), newest_id=None)).read("mentions")
        site.clock.advance(minutes=11)
        status, text = await site.get("/healthz")
        assert (status, "x mentions not read for 660 s" in text) == (200, True)
        site.works["slack"] = False
        status, text = await site.get("/healthz")
        assert (status, '"slack":"not running"' in text) == (503, True)
        assert (await site.get("/readyz"))[0] == 503
        site.works["slack"], site.fault = True, "not at head"
        status, text = await site.get("/readyz")
        assert (status, '"database":"not at head"' in text) == (503, True)
        status, text = await site.get("/healthz")
        assert (status, "outbox" in text) == (503, False)


async def test_the_web_side_that_customers_reach_has_no_metrics(sqlite: Store) -> None:
    site = Site(Desk(sqlite))
    server = WebServer(Starlette(routes=site.pages().health_routes()), "127.0.0.1", 0)
    await server.start()
    site.address = server.address
    assert (await site.get("/metrics"))[0] == 404
    assert (await site.get("/readyz"))[0] == 200
    await server.stop()
    await asyncio.to_thread(site.desk.close)
    assert metrics_server(site.pages(), "127.0.0.1", None) is None


def test_two_that_read_the_metrics_at_once_both_get_all() -> None:
    """Two Prometheus servers ask at the same time, as they do where one stands in for the other."""
    streams = [
        StreamReading(network="x", stream=f"search {number}", read_at=NOW, is_paused=False)
        for number in range(40)
    ]
    figures = OperationsFigures(lanes=(), unsure=0, streams=streams, queue=(), spent=(), model=Spend())
    metrics = Metrics()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2) as threads:
            texts = list(threads.map(lambda _: metrics.render(figures, NOW), range(60)))
    finally:
        sys.setswitchinterval(before)
    assert {text.count(b"switchboard_stream_age_seconds{") for text in texts} == {40}
