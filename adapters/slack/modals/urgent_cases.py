"""Render the urgent cases of a flooded channel: in a modal, as posts that arrive push messages away."""

from collections.abc import Sequence
from datetime import datetime

from adapters.slack.action_ids import CallbackId
from adapters.slack.ephemerals import render_urgent
from adapters.slack.message_content import View
from adapters.slack.modals.frame import modal
from domain.cases.next_step import ListedCase


def render_urgent_cases(cases: Sequence[ListedCase], *, flood_id: int, team_url: str, now: datetime) -> View:
    """Render the list; cases without a card can be claimed in it."""
    blocks = render_urgent(cases, team_url=team_url, now=now)["blocks"]
    return modal("Urgent cases", CallbackId.URGENT_CASES, blocks, close="Close", metadata=str(flood_id))
