"""Download files that agents attached in Slack, to be sent to customers."""

import logging
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.media_types import possible_media_types
from adapters.slack.api_calls import CALL_ERRORS, response_body
from adapters.slack.errors import classify_error
from adapters.slack.labels import file_fault_text
from domain.cases.files import MAX_FILE_SIZE, File, file_fault
from domain.errors import DeskError

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30
_CHUNK = 64 * 1024


class SlackFiles:
    """Fetches files with the bot's token, which is sent to Slack's hosts only."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def fetch(self, file: File) -> bytes:
        """Return the content of the file with Slack id `file.source`.

        Raises `DeskError` if it cannot be fetched, is too large, or is not of its declared media type.
        """
        address = await self._download_url(file)
        try:
            content = await self._download(address)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("a file could not be fetched from Slack: %s", error)
            raise _file_error(file, "Slack did not hand it over. Try again") from error
        fault = file_fault(file.media_type, len(content))
        if fault is not None:
            raise _file_error(file, f"{file_fault_text(fault)}. Write again without it")
        if file.media_type not in possible_media_types(content):
            raise _file_error(file, "it is not what its name says. Write again without it")
        return content

    async def _download_url(self, file: File) -> str:
        try:
            response = await response_body(self._client.files_info(file=file.source or ""))
        except CALL_ERRORS as error:
            raise _file_error(file, classify_error(error, "describe a file").reason) from error
        description = response.get("file")
        url = (
            description.get("url_private_download") or description.get("url_private")
            if isinstance(description, dict)
            else ""
        )
        if not isinstance(url, str) or not self._is_slack_url(url):
            raise _file_error(file, "Slack does not keep it itself. Upload it instead of linking it")
        return url

    def _is_slack_url(self, address: str) -> bool:
        """Return whether a URL is of Slack's API host, or a https URL of a subdomain.

        With the API at "https://slack.com/api/", files are on "files.slack.com".
        """
        slack, target = urlsplit(self._client.base_url), urlsplit(address)
        slack_host = (slack.hostname or "").removeprefix("www.")
        is_subdomain = (
            bool(slack_host)
            and (target.hostname or "").endswith(f".{slack_host}")
            and target.scheme == "https"
        )
        return (target.scheme, target.netloc) == (slack.scheme, slack.netloc) or is_subdomain

    async def _download(self, address: str) -> bytes:
        """Read the body until it exceeds `MAX_FILE_SIZE`; raises `ValueError` if the status is not 200.

        Redirects are not followed: without access, Slack redirects to its sign-in page.
        """
        headers = {"Authorization": f"Bearer {self._client.token}"}
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, headers=headers, allow_redirects=False) as response,
        ):
            if response.status != 200:  # noqa: PLR2004 - HTTP's own number
                raise ValueError(f"HTTP {response.status}")
            content = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > MAX_FILE_SIZE:
                    break
            return bytes(content)


def _file_error(file: File, reason: str) -> DeskError:
    return DeskError(f"the file “{file.name}” cannot go along: {reason}.")
