"""Call a dead man's switch: a service that tells somebody when the calls stop."""

import logging

from adapters.http_calls import CallFailed, HttpApi

log = logging.getLogger(__name__)


async def ping_alive_url(url: str) -> None:
    """Call the address, which is a secret; a failure is logged without it."""
    api = HttpApi("the dead man's switch at ALIVE_URL", url)
    try:
        await api.send("GET", "")
    except CallFailed as error:
        log.warning("%s", error)
    finally:
        await api.close()
