"""Render what stays where a card was that moved to another channel. It names no customer."""

from adapters.slack.blocks import context
from adapters.slack.escaping import channel_mention, link
from adapters.slack.message_content import Content
from adapters.slack.permalinks import card_link
from domain.cases.case import Case


def render_moved_card(case: Case, *, team_url: str) -> Content:
    """Render where the card of the case is now."""
    where = channel_mention(case.card_channel or case.channel)
    address = card_link(team_url, case)
    card = f" · {link(address, 'Open its card')}" if address is not None else ""
    text = f"→ This case moved to {where}{card}"
    return Content(text=text, blocks=[context(text)])
