"""Where a message can be read in the browser or the app."""

from domain.cases.case import Case


def permalink(team_url: str, channel: str, ts: str) -> str:
    """The address of a message. `team_url` is `auth.test`'s "url" and ends in "/"."""
    return f"{team_url}archives/{channel}/p{ts.replace('.', '')}"


def thread_link(team_url: str, case: Case) -> str | None:
    """The address of the case's thread; `None` until its card is posted."""
    address = card_link(team_url, case)
    return f"{address}?thread_ts={case.card_ts}&cid={case.card_channel}" if address else None


def card_link(team_url: str, case: Case) -> str | None:
    """The address of the case's card; `None` until it is posted."""
    if case.card_channel is None or case.card_ts is None:
        return None
    return permalink(team_url, case.card_channel, case.card_ts)
