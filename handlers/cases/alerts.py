"""Alert on-call, in the fallback channel where the alert channel is unusable."""

from dataclasses import replace
from datetime import datetime

from domain.delivery.effects import Alert
from domain.delivery.outcomes import Failed
from domain.policy import Policy
from storage.unit_of_work import UnitOfWork


def alert(uow: UnitOfWork, policy: Policy, text: str, *, dedupe_key: str, now: datetime) -> None:
    """Enqueue an alert for on-call, deduplicated to one an hour per `dedupe_key`."""
    hourly = f"{dedupe_key}:{now:%Y%m%dT%H}"
    uow.outbox.add([Alert(text=text, dedupe_key=hourly, channel=policy.alert_channel)], now=now)


def reroute_alert(uow: UnitOfWork, policy: Policy, effect: Alert, failure: Failed, *, now: datetime) -> None:
    """Post an alert in the fallback channel where its own channel is unusable."""
    if failure.route_broken and effect.channel != policy.fallback_channel:
        fallback = replace(
            effect, channel=policy.fallback_channel, dedupe_key=f"{effect.dedupe_key}:fallback"
        )
        uow.outbox.add([fallback], now=now)


def channel_name(channel: str) -> str:
    """Format a channel for alerts."""
    return "#" + channel.removeprefix("#")
