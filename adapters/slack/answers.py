"""What commands and buttons answer to the one person who asked, and what alerts look like."""

from collections.abc import Sequence

from adapters.slack.content import Content
from domain.audit import Entry
from domain.cases import Case


def render_help() -> Content:
    """The answer to `/mentions` alone."""
    raise NotImplementedError


def render_case_list(title: str, cases: Sequence[Case], *, team_url: str, empty: str) -> Content:
    """The answer to `/mentions mine` and `/mentions find`; `empty` is said where there are none."""
    raise NotImplementedError


def render_claimed(case: Case | None, *, team_url: str) -> Content:
    """The answer to `/mentions next`; `None` where nothing waits."""
    raise NotImplementedError


def render_refusal(text: str) -> Content:
    """An ephemeral that says why something was not done."""
    raise NotImplementedError


def render_stale_notice(entries: Sequence[Entry]) -> Content:
    """An ephemeral that says what changed since the pressed card was drawn."""
    raise NotImplementedError


def render_alert(text: str) -> Content:
    """Something that the people who run the bot must know. `text` is plain."""
    raise NotImplementedError


def render_tell(text: str, *, case: Case | None, team_url: str) -> Content:
    """A direct message to one person; with a link to the card where it concerns a case."""
    raise NotImplementedError
