"""Build the team chat on a Slack client, with a directory of its own."""

import time
from collections.abc import Callable

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import SlackTeamChat
from adapters.slack.directory import Directory


def chat_over(client: AsyncWebClient, seconds: Callable[[], float] = time.monotonic) -> SlackTeamChat:
    """Build the team chat as the bot does."""
    directory = Directory(client, support_channel="#support", agents_group="", seconds=seconds)
    return SlackTeamChat(client, directory)
