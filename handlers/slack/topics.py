"""Answer `/mentions topics`."""

import logging
from collections.abc import Hashable
from dataclasses import replace
from functools import partial

from adapters.slack.causes.topics import render_topics, render_topics_failed
from domain.assistance.topic_names import TopicNameRequest
from domain.causes.reports import TopicReport
from domain.model_calls import NoAnswer
from domain.reports.periods import PeriodKind
from handlers.assistance.requests import names_of
from handlers.cases.preferences import blur_choice
from handlers.context import AppContext
from handlers.slack.payloads import Command
from handlers.slack.report_questions import AskedReport, why_empty
from handlers.topic_finder import report_topics

log = logging.getLogger(__name__)


async def answer_topics(ctx: AppContext, command: Command, asked: AskedReport) -> None:
    """Find the topics and answer where the command was typed, to the person alone."""
    respond = partial(ctx.modals.respond, command.response_url, command.channel, command.user_id)
    try:
        report = await ctx.topics.run(_key(asked), partial(_found, ctx, asked))
        if not report.posts:
            report = replace(report, nothing=await why_empty(ctx, asked))
        mask = ctx.abuse.mask_for(await ctx.desk.run(blur_choice, user_id=command.user_id))
        content = render_topics(report, team_url=ctx.team_url, mask=mask)
    except Exception:
        await respond(render_topics_failed())
        raise
    await respond(content)


def _key(asked: AskedReport) -> Hashable:
    """Return what is the same for those who ask for the same: "7d" ends when it is asked for."""
    period = asked.period
    since = period.since if period.kind in {PeriodKind.YESTERDAY, PeriodKind.DATES} else None
    return period.kind, period.count, since, str(period.zone), asked.filters.words


async def _found(ctx: AppContext, asked: AskedReport) -> TopicReport:
    trained = (await ctx.live_classifier.refresh()).trained
    report = await report_topics(
        ctx.desk,
        period=asked.period,
        filters=asked.filters,
        stop_words=ctx.stop_words,
        encoder=trained.encoder if trained is not None else None,
    )
    return await _named(ctx, report)


async def _named(ctx: AppContext, report: TopicReport) -> TopicReport:
    """Have the model name the topics; where there is none, or it does not answer, they keep their words."""
    if ctx.assistant is None or not report.topics:
        return report
    cases = [case for topic in report.topics for _, case in topic.examples]
    request = TopicNameRequest(
        topics=[
            (topic.figures.topic.words, [post.text for post, _ in topic.examples]) for topic in report.topics
        ],
        language=ctx.policy.agent_language,
        brand=ctx.policy.brand,
        known=tuple(dict.fromkeys(name for case in cases for name in names_of(case))),
    )
    try:
        answer = await ctx.assistant.name_topics(request)
    except NoAnswer as error:
        log.info("topics are named by their words: %s", error)
        return report
    topics = [replace(topic, name=name) for topic, name in zip(report.topics, answer.names, strict=True)]
    return replace(report, topics=topics, named_by=answer.model)
