"""What an agent attached in Slack, on its way to the customer."""

import logging
from urllib.parse import urlsplit

import aiohttp
import puremagic
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import CALL_ERRORS, read
from adapters.slack.errors import what_became
from domain.cases.files import MAX_FILE_SIZE, File, rejection_reason
from domain.errors import DeskError

log = logging.getLogger(__name__)

SECONDS = 30
_CHUNK = 64 * 1024


class SlackFiles:
    """Fetches files from Slack with the bot's token, which goes to nobody but Slack."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def fetch(self, file: File) -> bytes:
        """The content of the file whose Slack id is `file.source`, which is what its name says; raises `DeskError`."""
        address = await self._address(file)
        try:
            content = await self._download(address)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("a file could not be fetched from Slack: %s", error)
            raise _not_sent(file, "Slack did not hand it over. Try again") from error
        why = rejection_reason(file.media_type, len(content))
        if why is not None:
            raise _not_sent(file, f"{why}. Write again without it")
        if file.media_type not in _types_of(content):
            raise _not_sent(file, "it is not what its name says. Write again without it")
        return content

    async def _address(self, file: File) -> str:
        try:
            answer = await read(self._client.files_info(file=file.source or ""))
        except CALL_ERRORS as error:
            raise _not_sent(file, what_became(error, "describe a file").reason) from error
        described = answer.get("file")
        named = (
            described.get("url_private_download") or described.get("url_private")
            if isinstance(described, dict)
            else ""
        )
        if not isinstance(named, str) or not self._is_slacks(named):
            raise _not_sent(file, "Slack does not keep it itself. Upload it instead of linking it")
        return named

    def _is_slacks(self, address: str) -> bool:
        """Whether the address is on Slack, wherever that is reached: "https://slack.com/api/" keeps files on "files.slack.com"."""
        slack, there = urlsplit(self._client.base_url), urlsplit(address)
        home = (slack.hostname or "").removeprefix("www.")
        beside = bool(home) and (there.hostname or "").endswith(f".{home}") and there.scheme == "https"
        return (there.scheme, there.netloc) == (slack.scheme, slack.netloc) or beside

    async def _download(self, address: str) -> bytes:
        """At most one byte more than may go; raises `ValueError` where what comes is Slack's page to sign in, or an error."""
        headers = {"Authorization": f"Bearer {self._client.token}"}
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
                raise ValueError(f"HTTP {answer.status}")
            content = bytearray()
            async for chunk in answer.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > MAX_FILE_SIZE:
                    break
            return bytes(content)


def _not_sent(file: File, why: str) -> DeskError:
    return DeskError(f"the file “{file.name}” cannot go along: {why}.")


def _types_of(content: bytes) -> set[str]:
    """The media types that the content may be."""
    try:
        return {found.mime_type for found in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()
