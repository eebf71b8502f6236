"""Refuse pictures that Slack could not fetch, as it does for a whole message or view.

Slack refuses so for image blocks and takes any address in a section's accessory (slackapi/java-slack-sdk,
issue 1396); the sandbox refuses both, so that the bot relies on neither.
"""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

import aiohttp

from sandbox.slack.block_kit.shapes import problem
from sandbox.slack.errors import SlackError, invalid
from sandbox.slack.state import State

FETCH_SECONDS = 3


async def require_fetched(state: State, node: object, at: str, error: str) -> None:
    """Raise `error` if a picture in the blocks at the json-pointer `at` is not there or cannot be fetched."""
    problems = [
        problem("downloading image failed", where)
        for address, where in _values(node, at, "image_url")
        if not await _is_fetched(state, address)
    ]
    problems += [
        problem("invalid slack file", where.removesuffix("/id"))
        for file_id, where in _values(node, at, "id", within="slack_file")
        if not _is_uploaded(state, file_id)
    ]
    if problems:
        raise invalid(error, problems)


def refuse_files(blocks: object) -> None:
    """Raise where a message that one person alone sees shows an uploaded picture.

    Slack shares no files in such a message (slackapi/node-slack-sdk, issue 1790).
    """
    problems = [
        problem("invalid slack file", where.removesuffix("/id"))
        for _, where in _values(blocks, "/blocks", "id", within="slack_file")
    ]
    if problems:
        raise invalid("invalid_blocks", problems)


def _values(node: object, at: str, wanted: str, *, within: str = "") -> Iterator[tuple[str, str]]:
    """Yield each value of this name, with where it stands; with `within`, only those right in it."""
    if isinstance(node, list):
        for index, entry in enumerate(node):
            yield from _values(entry, f"{at}/{index}", wanted, within=within)
    elif isinstance(node, dict):
        for name, entry in node.items():
            if name == wanted and at.endswith(f"/{within}" if within else ""):
                yield str(entry), f"{at}/{name}"
            else:
                yield from _values(entry, f"{at}/{name}", wanted, within=within)


def _is_uploaded(state: State, file_id: str) -> bool:
    try:
        return str(state.files.get(file_id).as_json("")["mimetype"]).startswith("image/")
    except SlackError:
        return False


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
