"""Serve health, readiness and metrics to those who run the bot. Nothing of customers is in any of them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.metrics import CONTENT_TYPE, Metrics
from domain.operations.health import DUE_AGE, HealthReport
from handlers.context import AppContext
from handlers.health import Health, Running
from handlers.web.body_limits import BodyLimit
from handlers.web.health_access import HealthAccess
from handlers.web.server import WebServer


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsPages:
    """The pages for operators."""

    health: Health
    metrics: Metrics

    def health_routes(self, token: SecretStr | None = None) -> list[BaseRoute]:
        """Return the routes for whoever restarts the bot, or sends requests to it."""
        limited, access = [Middleware(BodyLimit)], HealthAccess(token.get_secret_value() if token else None)
        return [
            Route("/healthz", access.wrap(self._on_health), middleware=limited),
            Route("/readyz", access.wrap(self._on_ready), middleware=limited),
        ]

    def metrics_routes(self) -> list[BaseRoute]:
        """Return the route of the metrics, and those of `health_routes`."""
        return [
            Route("/metrics", self._on_metrics, middleware=[Middleware(BodyLimit)]),
            *self.health_routes(),
        ]

    async def _on_health(self, _request: Request) -> Response:
        """Respond with what works: 503 where a part of this copy does not; warnings change no status."""
        report = await self.health.read_health()
        return JSONResponse(_as_json(report), status_code=200 if report.is_ok else 503)

    async def _on_ready(self, _request: Request) -> Response:
        failed = await self.health.failed_parts()
        return JSONResponse({"ready": not failed, "failed": failed}, status_code=503 if failed else 200)

    async def _on_metrics(self, _request: Request) -> Response:
        figures = await self.health.figures()
        if figures is None:
            return PlainTextResponse("The database does not answer.\n", status_code=503)
        text = await asyncio.to_thread(self.metrics.render, figures, self.health.clock.now())
        return Response(text, media_type=CONTENT_TYPE)


def operations_pages(
    ctx: AppContext,
    schema_fault: Callable[[], str | None],
    running: Callable[[], Running | None],
    intervals: Mapping[str, timedelta],
) -> OperationsPages:
    """Make the pages of a running bot. The parameters are those of `Health`."""
    accounts = {(one.account.network, one.account.id) for one in ctx.networks.values()}
    if ctx.email is not None:
        accounts.add((ctx.email.account.network, ctx.email.account.id))
    health = Health(
        desk=ctx.desk,
        clock=ctx.clock,
        accounts=accounts,
        schema_fault=schema_fault,
        running=running,
        intervals=intervals,
    )
    return OperationsPages(health=health, metrics=ctx.metrics)


def metrics_server(pages: OperationsPages, host: str, port: int | None) -> WebServer | None:
    """Make the server of the metrics, apart from what customers reach; `None` where it has no port."""
    return None if port is None else WebServer(Starlette(routes=pages.metrics_routes()), host, port)


def _as_json(report: HealthReport) -> dict[str, Any]:
    """Return what works, and the warnings."""
    about: dict[str, Any] = {"ok": report.is_ok, "failed": report.failed}
    if report.heard_seconds is not None:
        about["slack_heard_seconds"] = round(report.heard_seconds)
    if report.free_bytes is not None:
        about["disk_free_megabytes"] = report.free_bytes // 1_000_000
    if report.figures is None:
        return about
    ages = {name: _seconds(age) for name, age in report.stream_ages().items()}
    warnings = [f"{name} not read for {ages[name]} s" for name in report.unread_streams()]
    if report.oldest_due > DUE_AGE:
        warnings.append("the outbox is late")
    if report.figures.unsure:
        warnings.append("outcomes are unknown")
    return about | {
        "warnings": warnings,
        "streams_age_seconds": ages,
        "delivered_seconds": _seconds(report.delivered_ago),
        "outbox": {
            "queued": sum(lane.rows for lane in report.figures.lanes),
            "oldest_due_seconds": _seconds(report.oldest_due),
            "unsure": report.figures.unsure,
        },
    }


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else round(age.total_seconds())
