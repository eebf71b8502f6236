"""Look up which channels the settings' names mean, once and for all."""

from collections.abc import Collection
from datetime import datetime

from adapters.slack.directory import Directory, is_channel_id
from handlers.cases.named_channels import keep_named_channels, named_channels
from handlers.desk import Desk


async def pin_channels(desk: Desk, directory: Directory, names: Collection[str], now: datetime) -> None:
    """Have each name mean the channel that it meant first, and store those that are looked up for it now.

    A channel may be renamed, archived, and made anew under its old name: the new one is another channel.
    """
    bare_names = {name.removeprefix("#") for name in names if not is_channel_id(name.removeprefix("#"))}
    known = await _stored(desk)
    missing = sorted(bare_names - known.keys())
    found = {
        name: channel for name in missing if is_channel_id(channel := await directory.channel_named(name))
    }
    if found or known.keys() - bare_names:
        await desk.run(keep_named_channels, found, names=bare_names, now=now)
        known = await _stored(desk)  # another copy of the bot may have found a name first
    directory.pin(known)


async def _stored(desk: Desk) -> dict[str, str]:
    return {name: channel.channel_id for name, channel in (await desk.run(named_channels)).items()}
