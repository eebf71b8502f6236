"""Message metadata: the mark that each of our messages carries, and by which a card says whose it is."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import read, records
from domain.cases.case import Case

#: The metadata's event type.
MARK = "switchboard_outbox"
LOOK_AT_MOST = 2.0  # seconds: Slack brings an event again that is not acknowledged within three


@dataclass(frozen=True, slots=True)
class CardMark:
    """Which case a card is of. The id alone does not tell: another database counts from the same 1."""

    case_id: int
    opened_at: str

    @classmethod
    def of(cls, case: Case) -> "CardMark":
        """The mark that the case's card carries."""
        return cls(case.id, case.opened_at.isoformat())

    def payload(self) -> dict[str, str | int]:
        """As metadata holds it; `_from` reads it."""
        return {"case": self.case_id, "opened_at": self.opened_at}


def payload_of(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read a message's metadata; empty where it is not in our form. The author is not looked at."""
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != MARK:
        return {}
    payload = metadata.get("event_payload")
    return payload if isinstance(payload, dict) else {}


async def read_card_mark(
    client: AsyncWebClient, channel: str, ts: str, *, bot_user_id: str
) -> CardMark | None:
    """Read which case's card this message is; `None` where it is no card of ours.

    Any app may give a message of its own our metadata, so it counts only where our own bot is the author.
    Raises one of `calls.CALL_ERRORS`.
    """
    async with asyncio.timeout(LOOK_AT_MOST):
        page = await read(
            client.conversations_replies(channel=channel, ts=ts, limit=1, include_all_metadata=True)
        )
    card = next((one for one in records(page, "messages") if one.get("ts") == ts), None)
    return None if card is None or card.get("user") != bot_user_id else _from(payload_of(card))


def _from(payload: Mapping[str, Any]) -> CardMark | None:
    case_id, opened_at = payload.get("case"), payload.get("opened_at")
    return CardMark(case_id, opened_at) if isinstance(case_id, int) and isinstance(opened_at, str) else None
