"""Post shared summaries, and send the charts of summaries."""

import logging
from abc import ABC, abstractmethod
from datetime import datetime
from typing import Generic, TypeVar

from adapters.charts.summary_chart import summary_chart
from adapters.slack.modal_client import ModalError
from adapters.slack.records.contact_masking import mask
from adapters.slack.reports.chart import chart_finding, known_before, render_chart, with_picture
from adapters.slack.reports.refusals import MAYBE_SENT, chart_not_sent, not_shared, render_chart_sent
from adapters.slack.reports.summary import render_summary
from adapters.slack.reports.values import decode_report
from domain.delivery.effects import Alert, Job
from domain.delivery.outcomes import Done, Failed, Finding, Later, Outcome
from domain.delivery.report_effects import SendChart, ShareSummary
from domain.reports.summaries import Summary
from handlers.access import hides_contacts
from handlers.delivery.performers.base import Unrecorded, effect_of, search_since
from handlers.reports.trends import summarise_with_trend
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
E = TypeVar("E", ShareSummary, SendChart)


class _OfSummary(Unrecorded, ABC, Generic[E]):
    """What posting a summary and sending its chart share: each is made of the report that is asked for."""

    effect: type[E]

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, self.effect)
        try:
            made = await self._drawn(effect)
        except Exception as error:
            log.exception("%s could not be made", effect.key)
            return Later(f"it could not be made ({type(error).__name__})")
        return await self._send(effect, job.token, *made)

    async def find(self, job: Job) -> Finding:
        place = self._place(effect_of(job, self.effect))
        return await self._ctx.team_chat.find(place, token=job.token, since=search_since(job))

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        """Notify whoever pressed, by direct message."""
        super().on_failed(uow, job, failure, now)
        effect = effect_of(job, self.effect)
        # Where Slack was looked at, and did not say, the message may be there.
        text = MAYBE_SENT if job.checks else self._failure_text(effect, failure.reason)
        uow.outbox.add([Alert(text=text, dedupe_key=f"failed:{effect.key}", channel=effect.user_id)], now=now)

    @abstractmethod
    def _place(self, effect: E) -> str:
        """Return where it is posted."""

    @abstractmethod
    def _failure_text(self, effect: E, reason: str) -> str:
        """Word that it was not sent."""

    @abstractmethod
    async def _send(
        self, effect: E, token: str, summary: Summary, picture: str | None, finding: str
    ) -> Outcome:
        """Send what was made."""

    async def _drawn(self, effect: E) -> tuple[Summary, str | None, str]:
        """Return the summary, its chart's id in Slack (`None` where it failed), and what the chart shows."""
        ctx = self._ctx
        period, filters = decode_report(effect.report)
        summary, trend = await ctx.desk.run_to_read(
            summarise_with_trend, period=period, filters=filters, now=ctx.clock.now()
        )
        finding = chart_finding(summary, trend)
        chart = summary_chart(trend, before=known_before(summary.report))
        return summary, await ctx.upload_chart(chart, name="summary.png", alt_text=finding), finding


class SummarySharer(_OfSummary[ShareSummary]):
    """Performs `ShareSummary`: with abuse blurred as on cards."""

    effect = ShareSummary

    def _place(self, effect: ShareSummary) -> str:
        return effect.channel

    def _failure_text(self, effect: ShareSummary, reason: str) -> str:
        return not_shared(effect.channel, reason)

    async def _send(
        self, effect: ShareSummary, token: str, summary: Summary, picture: str | None, finding: str
    ) -> Outcome:
        """Post it; where the bot may not post, without the chart by the response URL."""
        ctx = self._ctx
        content = render_summary(
            summary, team_url=ctx.team_url, mask=ctx.abuse.mask_for(None), shared_by=effect.user_id
        )
        if await hides_contacts(ctx, effect.user_id):  # they read the channel, too
            content = mask(content)
        outcome = await ctx.post(effect.channel, with_picture(content, picture, finding), token=token)
        if not isinstance(outcome, Failed) or not effect.response_url:
            return outcome
        try:
            await ctx.modals.respond(
                effect.response_url, effect.channel, effect.user_id, content, in_channel=True
            )
        except ModalError:
            return outcome
        return Done()


class ChartSender(_OfSummary[SendChart]):
    """Performs `SendChart`."""

    effect = SendChart

    def _place(self, effect: SendChart) -> str:
        return effect.user_id

    def _failure_text(self, effect: SendChart, reason: str) -> str:
        return chart_not_sent(reason)

    async def _send(
        self, effect: SendChart, token: str, summary: Summary, picture: str | None, finding: str
    ) -> Outcome:
        ctx = self._ctx
        content = render_chart(summary.report, picture, finding)
        outcome = await ctx.post(effect.user_id, content, token=token)
        if isinstance(outcome, Done):
            answer = render_chart_sent()
            await ctx.modals.respond(effect.response_url, effect.channel or None, effect.user_id, answer)
        return outcome
