"""Refuse pictures that Slack could not fetch, as it does for a whole message or view.

Slack refuses so for image blocks and takes any address in a section's accessory (slackapi/java-slack-sdk,
issue 1396); the sandbox refuses both, so that the bot relies on neither.
"""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

import aiohttp

from sandbox.slack.block_kit.shapes import problem
from sandbox.slack.errors import invalid
from sandbox.slack.state import State

FETCH_SECONDS = 3


async def require_fetched(state: State, node: object, at: str, error: str) -> None:
    """Raise `error` if a picture in the blocks at the json-pointer `at` cannot be fetched."""
    problems = [
        problem("downloading image failed", where)
        for address, where in _addresses(node, at)
        if not await _is_fetched(state, address)
    ]
    if problems:
        raise invalid(error, problems)


def _addresses(node: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for index, entry in enumerate(node):
            yield from _addresses(entry, f"{at}/{index}")
    elif isinstance(node, dict):
        for name, entry in node.items():
            if name == "image_url":
                yield str(entry), f"{at}/{name}"
            else:
                yield from _addresses(entry, f"{at}/{name}")


async def _is_fetched(state: State, address: str) -> bool:
    """Fetch a picture of the sandbox; any other is taken to be there if its host may be on the internet."""
    if not address.startswith(f"{state.address}/"):
        return _is_public(urlsplit(address).hostname or "")
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as answer:
            return answer.ok and answer.content_type.startswith("image/")
    except (aiohttp.ClientError, TimeoutError):
        return False


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".invalid", ".localhost", ".local"))
