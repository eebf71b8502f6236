"""Serve health, readiness and metrics to those who run the bot. Nothing of customers is in any of them."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.metrics import CONTENT_TYPE, Metrics
from domain.clock import Clock
from domain.operations.figures import OperationsFigures
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.operations.figures import read_figures
from handlers.web.body_limits import BodyLimit
from handlers.web.server import WebServer

DATABASE_TIMEOUT = 5.0  # seconds until a database that does not answer counts as unreachable
#: What is older is worth a look.
STREAM_AGE = timedelta(minutes=10)
DUE_AGE = timedelta(minutes=10)


class Running(Protocol):
    """A bot that was started."""

    async def parts(self) -> Mapping[str, bool]:
        """Return by name whether each part that must never end by itself works."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsPages:
    """The pages for operators.

    `accounts` are ours, by network and id. `schema_fault` returns why the database cannot be used.
    `running` returns `None` until the bot was started.
    """

    desk: Desk
    clock: Clock
    metrics: Metrics
    accounts: Collection[tuple[str, str]]
    schema_fault: Callable[[], str | None]
    running: Callable[[], Running | None]

    def health_routes(self) -> list[BaseRoute]:
        """Return the routes for whoever restarts the bot, or sends requests to it."""
        limited = [Middleware(BodyLimit)]
        return [
            Route("/healthz", self._on_health, middleware=limited),
            Route("/readyz", self._on_ready, middleware=limited),
        ]

    def metrics_routes(self) -> list[BaseRoute]:
        """Return the route of the metrics, and those of `health_routes`."""
        return [
            Route("/metrics", self._on_metrics, middleware=[Middleware(BodyLimit)]),
            *self.health_routes(),
        ]

    async def _on_health(self, _request: Request) -> Response:
        """Tell what works: 503 where a part of this copy does not; warnings are for people to look at."""
        failed, figures = await self._failed_parts(), None
        if "database" not in failed:
            figures = await self._figures()
        report = {"ok": not failed, "failed": failed}
        if figures is not None:
            report |= _figures_report(figures, self.clock.now())
        return JSONResponse(report, status_code=503 if failed else 200)

    async def _on_ready(self, _request: Request) -> Response:
        failed = await self._failed_parts()
        return JSONResponse({"ready": not failed, "failed": failed}, status_code=503 if failed else 200)

    async def _on_metrics(self, _request: Request) -> Response:
        figures = await self._figures()
        text = await asyncio.to_thread(self.metrics.render, figures, self.clock.now())
        return Response(text, media_type=CONTENT_TYPE)

    async def _failed_parts(self) -> dict[str, str]:
        """Return the parts that do not work, each with the reason."""
        running = self.running()
        parts = {"start": False} if running is None else await running.parts()
        failed = {name: "not running" for name, works in parts.items() if not works}
        try:
            async with asyncio.timeout(DATABASE_TIMEOUT):
                fault = await self.desk.run_in_pool(self.schema_fault)
        except TimeoutError:
            fault = "no answer"
        return failed if fault is None else {**failed, "database": fault}

    async def _figures(self) -> OperationsFigures:
        return await self.desk.run(read_figures, accounts=self.accounts, now=self.clock.now())


def operations_pages(
    ctx: AppContext, schema_fault: Callable[[], str | None], running: Callable[[], Running | None]
) -> OperationsPages:
    """Make the pages of a running bot; see `OperationsPages`."""
    accounts = {(one.account.network, one.account.id) for one in ctx.networks.values()}
    if ctx.email is not None:
        accounts.add((ctx.email.account.network, ctx.email.account.id))
    return OperationsPages(
        desk=ctx.desk,
        clock=ctx.clock,
        metrics=ctx.metrics,
        accounts=accounts,
        schema_fault=schema_fault,
        running=running,
    )


def metrics_server(pages: OperationsPages, host: str, port: int | None) -> WebServer | None:
    """Make the server of the metrics, apart from what customers reach; `None` where it has no port."""
    return None if port is None else WebServer(Starlette(routes=pages.metrics_routes()), host, port)


def _figures_report(figures: OperationsFigures, now: datetime) -> dict[str, Any]:
    """Return the database's figures, and which of them are worth a look."""
    streams = {
        f"{one.network} {one.stream}": None
        if one.read_at is None
        else round((now - one.read_at).total_seconds())
        for one in figures.streams
    }
    oldest = max((now - lane.oldest_due for lane in figures.lanes if lane.oldest_due), default=timedelta())
    warnings = [
        f"{name} not read for {age} s"
        for name, age in streams.items()
        if age is not None and age > STREAM_AGE.total_seconds()
    ]
    if oldest > DUE_AGE:
        warnings.append("the outbox is late")
    if figures.unsure:
        warnings.append("outcomes are unknown")
    return {
        "warnings": warnings,
        "streams_age_seconds": streams,
        "outbox": {
            "queued": sum(lane.rows for lane in figures.lanes),
            "oldest_due_seconds": round(oldest.total_seconds()),
            "unsure": figures.unsure,
        },
    }
