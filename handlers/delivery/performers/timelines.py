"""Send the time line of an outage as a file to whoever asked for it."""

import asyncio
from datetime import UTC

from adapters.slack.outages.timeline import render_timeline, timeline_name
from domain.delivery.effects import Job
from domain.delivery.outage_effects import SendTimeline
from domain.delivery.outcomes import Outcome
from domain.outages.timeline import timeline_of
from domain.records.audit import SYSTEM
from handlers.delivery.performers.base import RepeatableEffect, Unrecorded, effect_of
from handlers.outages.views import view_trail


class TimelineSender(RepeatableEffect, Unrecorded):
    """Performs `SendTimeline`. A second copy in the direct messages does no harm."""

    async def perform(self, job: Job) -> Outcome:
        effect, ctx = effect_of(job, SendTimeline), self._ctx
        trail = await ctx.desk.run(view_trail, outage_id=effect.outage_id, now=ctx.clock.now())
        events = timeline_of(trail.entries, trail.notices, pauses=trail.pauses, spikes=trail.spikes)
        named = {name for event in events for name in (event.actor, event.to, *event.authors)}
        authors = {author for notice in trail.notices for author in notice.authors}
        users = sorted({trail.outage.lead, *authors, *named} - {SYSTEM, ""})
        people = dict(zip(users, await asyncio.gather(*map(ctx.directory.person, users)), strict=True))
        markdown = render_timeline(
            trail.outage,
            events,
            names={user: person.name for user, person in people.items()},
            destinations=ctx.destinations,
            zone=UTC,
        )
        return await ctx.team_chat.send_file(
            effect.user_id,
            name=timeline_name(trail.outage),
            content=markdown.encode(),
            text="Here is the time line, as Markdown. Times are in UTC.",
        )
