"""Check for `check` whether the channels that the settings name are still those that they meant first."""

import asyncio

from adapters.settings import Settings
from adapters.slack.cases.channel_wording import channel_change_text
from adapters.slack.directory import Directory
from domain.cases.named_channels import NamedChannel, changed
from domain.diagnostics import CheckLine
from handlers.cases.named_channels import named_channels
from storage.diagnostics import read_beside_bot
from storage.engine import Store


async def check_named_channels(settings: Settings, directory: Directory) -> list[CheckLine]:
    """Return a line for each channel that is not as it was; have its name mean it in all further checks."""
    url = settings.environment.database_url.get_secret_value()
    stored = await asyncio.to_thread(read_beside_bot, url, _read) or {}
    directory.pin({name: channel.channel_id for name, channel in stored.items()})
    lines = []
    for name, channel in stored.items():
        facts = await directory.channel_facts(name, channel.channel_id)
        if facts is not None and changed(channel, facts) is not None:
            detail = channel_change_text(channel, facts)
            lines.append(CheckLine(f"Channel of the name #{name}", ok=None, detail=detail))
    return lines


def _read(store: Store) -> dict[str, NamedChannel]:
    with store.unit_of_work() as uow:
        return named_channels(uow)
