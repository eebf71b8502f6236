"""Read and write message metadata: every message of ours carries it, and a card's names its case."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import objects_in, response_body
from domain.cases.case import Case

METADATA_EVENT_TYPE = "switchboard_outbox"
READ_TIMEOUT_SECONDS = 2.0  # Slack redelivers an event that is not acknowledged within 3 seconds


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """Identifies a card's case. The id alone is ambiguous: another database also counts from 1."""

    case_id: int
    opened_at: str

    @classmethod
    def of(cls, case: Case) -> "CardIdentity":
        """Return the identity of the case's card."""
        return cls(case.id, case.opened_at.isoformat())

    def payload(self) -> dict[str, str | int]:
        """Return the identity as a metadata payload, the inverse of `_parse_identity`."""
        return {"case": self.case_id, "opened_at": self.opened_at}


def metadata_payload(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a message's metadata payload; empty if its event type is not ours. Does not check the author."""
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != METADATA_EVENT_TYPE:
        return {}
    payload = metadata.get("event_payload")
    return payload if isinstance(payload, dict) else {}


async def read_card_identity(
    client: AsyncWebClient, channel: str, ts: str, *, bot_user_id: str
) -> CardIdentity | None:
    """Read the identity of the message at `ts`; `None` if it is no card of ours.

    Counts only for messages of our own bot, because any app can set our metadata on its messages.
    Raises one of `api_calls.CALL_ERRORS`, also after `READ_TIMEOUT_SECONDS`.
    """
    async with asyncio.timeout(READ_TIMEOUT_SECONDS):
        page = await response_body(
            client.conversations_replies(channel=channel, ts=ts, limit=1, include_all_metadata=True)
        )
    card = next((message for message in objects_in(page, "messages") if message.get("ts") == ts), None)
    return (
        None if card is None or card.get("user") != bot_user_id else _parse_identity(metadata_payload(card))
    )


def _parse_identity(payload: Mapping[str, Any]) -> CardIdentity | None:
    case_id, opened_at = payload.get("case"), payload.get("opened_at")
    return (
        CardIdentity(case_id, opened_at) if isinstance(case_id, int) and isinstance(opened_at, str) else None
    )
