"""Make the context of a rehearsal: everything as in the real one, but nothing that reaches anybody."""

from dataclasses import replace

from adapters.metrics import Metrics
from adapters.rehearsal import rehearsal_destinations, rehearsal_networks
from adapters.slack.outages.rehearsal import RehearsalChat, mark_view
from domain.cases.rota import RotaPolicy
from domain.networks import Networks
from domain.outages.rehearsal import NETWORK
from domain.policy import Policy
from domain.trackers.trackers import Trackers
from domain.venues import Venue
from handlers.background_tasks import BackgroundTasks
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.keyed_lock import KeyedLock
from handlers.learner import Learner
from handlers.live_classifier import LiveClassifier
from handlers.preflights import Preflights
from handlers.shared_work import SharedWork

_NO_VENUE = "This is a rehearsal: nobody can be written to."


def rehearsal_policy(policy: Policy, channel: str) -> Policy:
    """Return the policy with the rehearsal's channel for each other, and nothing that asks a model."""
    return replace(
        policy,
        managers=channel if policy.managers else "",
        support_channel=channel,
        fallback_channel=channel,
        alert_channel=channel,
        routes=(),
        rota=RotaPolicy(),
        listed_customers=(),
        digests=(),
        drafting=False,
        outages=replace(
            policy.outages,
            oncall_channel=channel,
            announcements_channel=None,
            rehearsal_channel=None,
            is_rehearsal=True,
        ),
    )


def rehearsal_context(ctx: AppContext, desk: Desk, channel: str) -> AppContext:
    """Return the context of a rehearsal on its own desk. This is where nothing can leave.

    Each field by which the real bot reaches a network, a destination, a mailbox or a model is replaced.
    The saved replies and what the desk taught are read from the real desk, and never written.
    """
    policy = rehearsal_policy(ctx.policy, channel)
    # It ranks by what the real bot has learnt, which the answers of a rehearsal must not replace.
    classifier = replace(
        ctx.live_classifier.current,
        policy=policy,
        learns=False,
        without_direct=_without_direct(ctx.networks),
    )
    networks = rehearsal_networks(ctx.networks)
    return replace(
        ctx,
        desk=desk,
        policy=policy,
        learner=Learner(desk=desk, clock=ctx.clock, classifier=classifier, trainer=None, held_out=lambda: ()),
        live_classifier=LiveClassifier(
            classifier, ctx.live_classifier.shipped, desk=ctx.desk, clock=ctx.clock
        ),
        networks=networks,
        destinations=rehearsal_destinations(ctx.destinations),
        trackers=Trackers(),
        venues=replace(
            ctx.venues,
            networks=networks,
            links={},
            unavailable_reasons={Venue.EMAIL: _NO_VENUE, Venue.CHAT: _NO_VENUE},
        ),
        team_chat=RehearsalChat(ctx.team_chat, channel),
        modals=ctx.modals.dressed(mark_view),
        email=None,
        drafter=None,
        assistant=None,
        thread_locks=KeyedLock(),
        topics=SharedWork(),
        preflights=Preflights(),
        background=BackgroundTasks(),
        metrics=Metrics(),
    )


def _without_direct(real: Networks) -> frozenset[str]:
    """Return the rehearsal's network where no direct message is read on the real one that it stands for."""
    model = next(iter(real), None)
    return frozenset({NETWORK} if model in real.without_direct else ())
