"""Keep which channels the settings' names mean, and tell on-call once when one of them is not as it was."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from domain.cases.named_channels import NamedChannel
from domain.delivery.effects import Alert
from domain.policy import Policy
from storage.unit_of_work import UnitOfWork


def named_channels(uow: UnitOfWork) -> dict[str, NamedChannel]:
    """Return the channels by the names that the settings gave them."""
    return uow.named_channels.all()


def keep_named_channels(
    uow: UnitOfWork, found: Mapping[str, str], *, names: Collection[str], now: datetime
) -> None:
    """Store the ids that were found for names, where none is stored, and forget names that are not used."""
    uow.named_channels.forget_others(names)
    for name, channel_id in sorted(found.items()):
        uow.named_channels.add(NamedChannel(name=name, channel_id=channel_id), at=now)


def alert_changed_channels(
    uow: UnitOfWork, policy: Policy, changes: Sequence[tuple[NamedChannel, str, str]], *, now: datetime
) -> None:
    """Alert on-call of each change that is new to it.

    A change is the channel, the alert as one word (empty where it is as the settings say), and the
    text.
    """
    stored = uow.named_channels.all()
    for channel, summary, text in changes:
        if channel.name not in stored or stored[channel.name].alerted == summary:
            continue
        uow.named_channels.save_alerted(channel.name, summary)
        if text:
            key = f"named_channel:{channel.name}:{summary}:{now:%Y%m%dT%H%M}"
            uow.outbox.add([Alert(text=text, dedupe_key=key, channel=policy.alert_channel)], now=now)
