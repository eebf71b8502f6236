"""Build the timers that poll the networks and the mailbox and that sweep for deleted posts."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from adapters.settings import Choices
from domain.accounts import Account
from domain.handoffs.opt_out import OptOutWords
from domain.intake.stream_names import DIRECT_MESSAGES, INBOX, MENTIONS, SEARCH
from domain.networks import Connected
from handlers.context import AppContext
from handlers.timers.channels import channels_timer, namesakes_timer
from handlers.timers.deletion_sweep import DeletionSweep
from handlers.timers.direct_messages import DirectMessagePoller
from handlers.timers.email import EmailPoller
from handlers.timers.mentions import MentionsPoller, PollSettings
from handlers.timers.pushed_posts import LISTEN_EVERY, PushedPosts
from handlers.timers.schedule import Timer
from handlers.timers.stream_poller import StreamPoller

QUIET_CHECK_EVERY = timedelta(minutes=1)
LOOK_BACK_EVERY = timedelta(hours=1)
SWEEP_EVERY = timedelta(hours=1)


def polling_timers(ctx: AppContext, choices: Choices, opt_out_words: OptOutWords) -> list[Timer]:
    """Return the timers of all connected networks and, if one is configured, of the mailbox."""
    timers = [
        timer
        for connected in ctx.networks.values()
        for timer in _network_timers(ctx, connected, choices, opt_out_words)
    ]
    timers.append(channels_timer(ctx, choices.channels()))
    timers.append(namesakes_timer(ctx))
    if ctx.email is not None:
        every = timedelta(seconds=choices.email.poll_seconds)
        poller = stream_poller(ctx, choices, ctx.email.account, label="")
        mail = EmailPoller(
            poller=poller,
            mailbox=ctx.email,
            classifier=ctx.live_classifier,
            every=every,
            per_minute=choices.email.per_minute,
        )
        timers.append(Timer("read mail", every, mail.read_and_wait))
    return timers


def reading_intervals(ctx: AppContext, choices: Choices) -> dict[str, timedelta]:
    """Return how often each stream is read, by its network and name, such as "x mentions"."""
    intervals = {}
    for connected in ctx.networks.values():
        network = connected.account.network
        for stream in _public_streams(connected):
            intervals[f"{network} {stream}"] = timedelta(seconds=choices.intake.poll_seconds)
        if connected.direct is not None:
            intervals[f"{network} {DIRECT_MESSAGES}"] = timedelta(seconds=choices.dm.poll_seconds)
    if ctx.email is not None:
        intervals[f"{ctx.email.account.network} {INBOX}"] = timedelta(seconds=choices.email.poll_seconds)
    return intervals


def _public_streams(connected: Connected) -> tuple[str, ...]:
    return (MENTIONS, SEARCH) if connected.query is not None else (MENTIONS,)


def stream_poller(ctx: AppContext, choices: Choices, account: Account, *, label: str) -> StreamPoller:
    """Build the poller of one account's streams; the settings say how long a refused stream is paused.

    `label` is as in `Stream`.
    """
    return StreamPoller(
        desk=ctx.desk,
        account=account,
        label=label,
        policy=ctx.policy,
        clock=ctx.clock,
        pause=timedelta(minutes=choices.intake.pause_minutes),
    )


def deletion_sweep(ctx: AppContext, connected: Connected, choices: Choices) -> DeletionSweep | None:
    """Build the daily deletion sweep of a network; `None` if the settings disable it."""
    if not choices.intake.recheck_days:
        return None
    return DeletionSweep(
        desk=ctx.desk,
        network=connected,
        policy=ctx.policy,
        within=timedelta(days=choices.intake.recheck_days),
        pause=timedelta(minutes=choices.intake.pause_minutes),
        clock=ctx.clock,
    )


def _network_timers(
    ctx: AppContext, connected: Connected, choices: Choices, opt_out_words: OptOutWords
) -> Iterator[Timer]:
    name, every = connected.profile.label, timedelta(seconds=choices.intake.poll_seconds)
    poller = MentionsPoller(
        desk=ctx.desk,
        network=connected,
        classifier=ctx.live_classifier,
        policy=ctx.policy,
        settings=PollSettings(
            pause=timedelta(minutes=choices.intake.pause_minutes),
            quiet_after=timedelta(hours=choices.intake.quiet_alert_hours),
        ),
        clock=ctx.clock,
        on_lag=ctx.metrics.observe_lag,
    )
    for stream in _public_streams(connected):
        yield Timer(f"read {stream} on {name}", every, partial(poller.read, stream))
    if choices.intake.push and (events := connected.client.events) is not None:
        pushed = PushedPosts(events, poller, every=LISTEN_EVERY)
        yield Timer(f"hear of posts on {name}", LISTEN_EVERY, pushed.listen)
    if choices.intake.look_back_hours:
        yield Timer(f"look back on {name}", LOOK_BACK_EVERY, poller.look_back)
    yield Timer(f"watch {name} for silence", QUIET_CHECK_EVERY, poller.alert_if_quiet)
    if (sweep := deletion_sweep(ctx, connected, choices)) is not None:
        yield Timer(f"look for deleted posts on {name}", SWEEP_EVERY, sweep.run)
    if connected.direct is not None:
        direct_messages = DirectMessagePoller(
            poller=stream_poller(ctx, choices, connected.account, label=name),
            inbox=connected.direct,
            classifier=ctx.live_classifier,
            opt_out_words=opt_out_words,
            code_words=ctx.venues.code_words,
        )
        every = timedelta(seconds=choices.dm.poll_seconds)
        yield Timer(f"read direct messages on {name}", every, direct_messages.read)
