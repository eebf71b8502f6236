"""The team chat over a client, with a directory of its own."""

import time
from collections.abc import Callable

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import SlackTeamChat
from adapters.slack.directory import Directory


def chat_over(client: AsyncWebClient, seconds: Callable[[], float] = time.monotonic) -> SlackTeamChat:
    """The chat as the bot makes it."""
    directory = Directory(client, support_channel="#support", agents_group="", seconds=seconds)
    return SlackTeamChat(client, directory)
