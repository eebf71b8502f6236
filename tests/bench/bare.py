"""Baseline for clicks: a Bolt handler that only acks, with the bot's settings and web server.

`python -m tests.bench.bare SLACK_API_URL SIGNING_SECRET` runs it in its own process, prints its address and
serves until it is killed.
"""

import asyncio
import sys

from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.action_ids import ActionId
from adapters.slack.api_calls import web_client
from adapters.slack.signature import Signature
from handlers.slack.app import bolt_app
from handlers.web.app import web_app
from handlers.web.server import WebServer
from handlers.web.slack_requests import SlackRequests


async def serve(slack_api_url: str, signing_secret: str) -> None:
    """Serve until the process is killed."""
    app = bolt_app(web_client("xoxb-sandbox-bot", base_url=slack_api_url), signing_secret=signing_secret)

    async def only_ack(ack: AsyncAck) -> None:
        await ack()

    app.action(ActionId.CASE_CLAIM.value)(only_ack)
    requests = SlackRequests(app, Signature(signing_secret))
    server = WebServer(web_app(requests), "127.0.0.1", 0)
    await server.start()
    print(server.address, flush=True)  # noqa: T201 - read by the benchmark
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
